"""Who may go on alone: writers of one case, and the sequencer.

SQLite has one writer anyway, so its write transaction is the lock. PostgreSQL takes advisory locks that
end with the transaction; those of cases always in ascending order, so writers cannot deadlock on them.
"""

from collections.abc import Sequence

from django.db import connection

from cheqi.foundation.prepared import cursor as prepared_cursor
from cheqi.foundation.prepared import on_postgres

_SEQUENCER = 0x43514C47
_CASES = 0x4351 << 48


def hold_cases(case_ids: Sequence[int]) -> None:
    """No other transaction can log about these cases until this one ends."""
    if connection.vendor == "postgresql":
        with prepared_cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s | id) FROM unnest(%s::bigint[]) AS id",
                [_CASES, sorted(case_ids)],
            )


def holding(column: str) -> str:
    """What holds the case whose id is in `column`, as `hold_cases` does, for the RETURNING of a statement."""
    return f"pg_advisory_xact_lock({_CASES} | {column})" if on_postgres() else "NULL"


def try_to_hold_the_log() -> bool:
    """Whether this transaction is the one that may number events; False when another one is at it."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER])
        return bool(cursor.fetchone()[0])
