"""Events of one case that are committed to before the transaction in which they are written.

`record_many` reads the case's tail under its lock and then computes; a hot path reads the tail before, with
what it reads anyway, computes, and holds the lock for one insertion. A chain that somebody else continued in
the meantime has that position already, so the insertion fails and the caller drafts again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.events.base import to_payload
from cheqi.foundation.eventlog.chains import Tail
from cheqi.foundation.eventlog.operations.inserting import statement
from cheqi.foundation.eventlog.operations.recording import Entry, place, row_of
from cheqi.foundation.prepared import Statement


def draft(
    entries: Sequence[Entry],
    *,
    case_id: int,
    tail: Tail,
    actor: Actor,
    now: datetime,
    backfilled: bool = False,
) -> Statement:
    """What writes events of one case behind `tail`, committed to already. Reads and writes nothing.

    It is for a transaction that holds the case (`locks.hold_cases`, `locks.holding`), and fails with an
    IntegrityError where the case's chain went on since the tail was read. Raises ValueError for an entry
    about another case or with personal parts: those go through `record_many`.
    """
    last, rows = replace(tail), []
    for entry in entries:
        payload = to_payload(entry.event)
        if entry.case_id != case_id or payload.personal:
            raise ValueError(f"{entry.event.TYPE} cannot be drafted for case {case_id}: record it")
        row = row_of(entry, payload.plain, entry.actor or actor, now)
        row.backfilled = backfilled
        place(row, last)
        rows.append(row)
    return statement(rows)
