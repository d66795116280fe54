"""Events of one case that are committed to before the transaction in which they are written.

`record_many` reads the case's tail under its lock and then computes; a hot path reads the tail before, with
what it reads anyway, computes, and holds the lock for one insertion. A chain that somebody else continued in
the meantime has that position already, so the insertion fails and the caller drafts again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from cheqi.core.base.actors import Actor
from cheqi.core.events.base import to_payload
from cheqi.foundation.eventlog.chains import Tail
from cheqi.foundation.eventlog.locks import hold_cases
from cheqi.foundation.eventlog.operations.inserting import statement
from cheqi.foundation.eventlog.operations.recording import Entry, NotInATransaction, place, row_of
from cheqi.foundation.prepared import cursor as prepared_cursor


@dataclass(frozen=True, slots=True)
class Draft:
    """Events of a case, ready to be written behind the tail that they were drafted for."""

    case_id: int
    sql: str
    values: list[Any]


def draft(
    entries: Sequence[Entry],
    *,
    case_id: int,
    tail: Tail,
    actor: Actor,
    now: datetime,
    backfilled: bool = False,
) -> Draft:
    """Commits to events of one case behind `tail`. Reads and writes nothing.

    Raises ValueError for an entry about another case or with personal parts: those go through `record_many`.
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
    return Draft(case_id, *statement(rows))


def append(drafted: Draft) -> None:
    """Writes drafted events in the caller's transaction, which other writers about the case then wait for.

    Raises NotInATransaction, and IntegrityError where the case's chain went on since the tail was read.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction("log an event inside the transaction that it tells of")
    hold_cases([drafted.case_id])
    with prepared_cursor() as cursor:
        cursor.execute(drafted.sql, drafted.values)
