"""Writing event rows, and numbering them, in one statement each.

The ORM spends more time on a thousand rows of seventeen columns than the database does. PostgreSQL takes
the columns of many rows as arrays; otherwise rows are values. Both give the new ids back in the order of the
rows. A few rows as arrays would cost the driver more than all else of a move of a case.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.prepared import Statement, adapted, on_postgres
from cheqi.foundation.prepared import cursor as prepared_cursor

FEW = 8

_COLUMNS = {
    "type": "text",
    "case_id": "bigint",
    "position": "integer",
    "party_id": "bigint",
    "subject": "text",
    "actor_kind": "text",
    "actor_id": "text",
    "actor_name": "text",
    "acting_for": "text",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "backfilled": "boolean",
    "payload": "jsonb",
    "personal_commitment": "bytea",
    "previous": "bytea",
    "salt": "bytea",
    "commitment": "bytea",
}
_INTO = f"INSERT INTO eventlog_eventrow ({', '.join(_COLUMNS)})"
_PLACES = f"({', '.join(['%s'] * len(_COLUMNS))})"
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
_INSERT_ARRAYS = " ".join([_INTO, "SELECT * FROM", f"unnest({_ARRAYS})"])
_NUMBER = "UPDATE eventlog_eventrow SET sequence = %s WHERE id = %s AND sequence IS NULL"
_NUMBER_ALL = """
UPDATE eventlog_eventrow AS event SET sequence = place.sequence
FROM unnest(%s::bigint[], %s::bigint[]) AS place (sequence, id)
WHERE event.id = place.id AND event.sequence IS NULL
"""


def insert(rows: Sequence[EventRow]) -> None:
    """Inserts new rows and gives them their ids."""
    if not rows:
        return
    sql, values = statement(rows)
    with prepared_cursor() as cursor:
        cursor.execute(f"{sql} RETURNING id", values)
        ids = [event_id for (event_id,) in cursor.fetchall()]
    for row, event_id in zip(rows, ids, strict=True):
        row.pk = event_id


def statement(rows: Sequence[EventRow]) -> Statement:
    """What inserts the rows, and its values as the driver takes them."""
    if on_postgres() and len(rows) > FEW:
        columns = [[_in_array(getattr(row, name)) for row in rows] for name in _COLUMNS]
        return _INSERT_ARRAYS, columns
    values = [adapted(getattr(row, name)) for row in rows for name in _COLUMNS]
    return _insert_values(len(rows)), values


@lru_cache(maxsize=64)
def _insert_values(count: int) -> str:
    return f"{_INTO} VALUES {', '.join([_PLACES] * count)}"


def number(event_ids: Sequence[int], start: int) -> None:
    """Gives unsealed events their places, from `start` on, in this order."""
    places = list(range(start, start + len(event_ids)))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_NUMBER_ALL, [places, list(event_ids)])
        else:
            cursor.executemany(_NUMBER, list(zip(places, event_ids, strict=True)))


def _in_array(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
