"""The demo lender for a test: founded once in a process, afterwards its rows are written as they were.

Founding hashes fifteen passwords, publishes processes and logs every step: 70 ms, most of what a short
journey takes. The rows are the same each time, so on SQLite the second test of a process gets them by one
INSERT a table (4 ms). PostgreSQL founds anew: its columns do not take back what they gave without types.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cheqi.demo.lender import DemoLender, found_lender
from tests.emptying import filled, tables


@dataclass(frozen=True)
class Founded:
    """What a founding answered, and every row it wrote."""

    lender: DemoLender
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


_FOUNDED: dict[datetime, Founded] = {}


def founded(now: datetime) -> DemoLender:
    """The lender founded at `now`, in an empty database; over anything else it is founded as always."""
    if connection.vendor != "sqlite" or filled():
        return found_lender(now)
    if now not in _FOUNDED:
        lender = found_lender(now)
        _FOUNDED[now] = Founded(deepcopy(lender), rows_of_all_tables())
        return lender
    known = _FOUNDED[now]
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in known.rows.items():
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
    return deepcopy(known.lender)


def rows_of_all_tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that has one."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for number in filled():
            table = tables()[number]
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found
