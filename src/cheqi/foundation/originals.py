"""Who may open an original of a case: a photograph, or a paper with names and numbers in clear.

Masked values would be worth little beside a photograph that everybody opens. So an original is
- open to the customer's side within its scope, and to the colleague who works on the case: who holds the role
  of one of its open steps at its branch, or opened it or had one of its steps while it is open;
- asked for by a colleague whose role may see personal values: a reason goes on record as for any masked
  value, and the original stays open to that person for half an hour;
- closed to everybody else, as if it was not there.

    originals_of("documents_document", case, actor, now).sight(document_id) is Sight.OPEN
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.process.people import may_do, references
from cheqi.foundation.privacy.queries import seals_opened
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow.people import at_branch
from cheqi.foundation.workflow.record import CaseRecord

KEPT_OPEN = timedelta(minutes=30)
_SPACE = uuid.UUID("6f1c8a52-5a35-4f0e-9a55-3c7f0c1b7d10")


class Sight(StrEnum):
    """How an original stands to somebody: it opens, it opens for a reason, it does not open."""

    OPEN = "OPEN"
    ASKED = "ASKED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Originals:
    """What somebody may open of a case's originals in one table; by default nothing."""

    table: str = ""
    is_open: bool = False
    may_ask: bool = False
    opened: frozenset[uuid.UUID] = frozenset()

    def sight(self, row_id: int) -> Sight:
        """How one of them stands."""
        if self.is_open or seal_of(self.table, row_id) in self.opened:
            return Sight.OPEN
        return Sight.ASKED if self.may_ask else Sight.CLOSED


def originals_of(table: str, case: CaseRecord | None, actor: Actor, now: datetime) -> Originals:
    """What the actor may open of a case in their scope, as it stands. At most two statements."""
    if not actor.is_staff:
        return Originals(table, is_open=actor.kind is not ActorKind.CLIENT)
    if case is not None and works_on(case, actor, now):
        return Originals(table, is_open=True)
    if not may(actor, Permission.UNMASK):
        return Originals(table)
    return Originals(table, may_ask=True, opened=seals_opened(table, actor, since=now - KEPT_OPEN))


def is_reachable(case: CaseRecord, actor: Actor, now: datetime) -> bool:
    """Whether originals of a case open to a colleague at all, at once or for a reason. At most one statement,
    for where only a link is drawn."""
    return may(actor, Permission.UNMASK) or works_on(case, actor, now)


def works_on(case: CaseRecord, actor: Actor, now: datetime) -> bool:
    """Whether the case is the actor's work now: by the role of an open step, or by what they did in it."""
    if not case.state.is_open:
        return False
    took_part = {*case.state.creators, *(one.by for one in case.state.rounds)}
    took_part |= {one.owner for one in case.state.rounds}
    if references(actor) & took_part:
        return True
    here = at_branch(actor, case.branch_id, now)
    steps = case.definition.by_key
    return any(one.is_open and may_do(steps[one.key], here) for one in case.state.steps.values())


def seal_of(table: str, row_id: int) -> uuid.UUID:
    """What the record of unmaskings knows an original by: the same for a row for ever."""
    return uuid.uuid5(_SPACE, f"{table}:{row_id}")
