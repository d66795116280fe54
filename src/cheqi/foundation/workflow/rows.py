"""Few, plain statements on both databases: the hot path of a move writes with these, not the ORM.

Column and table names come from this package only, never from outside; values are always parameters.
"""

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection

Row = Mapping[str, Any]

_PLAIN = frozenset({str, int, bool, bytes, type(None)})


def adapted(value: Any) -> Any:
    """A value as the driver takes it: datetimes as the database stores them, maps and lists as JSON."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, datetime):
        return _adapted_datetime(connection.vendor, value)
    if isinstance(value, dict | list | tuple):
        return msgspec.json.encode(value).decode()
    return value


@lru_cache(maxsize=256)
def _adapted_datetime(vendor: str, value: datetime) -> Any:
    """The same few moments are written many times in one move."""
    return connection.ops.adapt_datetimefield_value(value)


def moment(value: Any) -> datetime | None:
    """A stored datetime as an aware one in UTC; SQLite gives text or a datetime without a zone."""
    if value is None:
        return None
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def parsed(value: Any) -> Any:
    """A stored JSON value."""
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value


def select(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [adapted(value) for value in values])
        return list(cursor.fetchall())


@contextmanager
def pipelined() -> Iterator[None]:
    """Inside, PostgreSQL is sent statements without waiting for each answer; SQLite is next door anyway.

    An error of a statement is raised by the next one that reads, or at the end of the block.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


@contextmanager
def in_turn() -> Iterator[None]:
    """Inside, this process is the one whose turn it is to write to a SQLite file.

    SQLite's own waiting is polling with sleeps of up to 100 ms, in which the file lies idle and a writer
    may starve; a lock of the operating system wakes the next one at once. It is only a courtesy: what
    keeps the data right is SQLite's lock. Not taken inside a transaction, which holds that one already.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or connection.in_atomic_block or "memory" in name:
        yield
        return
    with Path(f"{name}-turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def execute(sql: str, values: Sequence[Any]) -> None:
    """Runs a statement without waiting for its answer in a pipeline."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [adapted(value) for value in values])


def insert(table: str, rows: Sequence[Row], returning: str = "") -> list[tuple[Any, ...]]:
    """Inserts rows that have the same columns in one statement; gives back the columns in `returning`."""
    columns = list(rows[0])
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places}"  # noqa: S608 (own names only)
    values = [row[column] for row in rows for column in columns]
    if returning:
        return select(f"{sql} RETURNING {returning}", values)
    execute(sql, values)
    return []


def update(table: str, row_id: int, values: Row) -> None:
    """Sets columns of one row."""
    places = ", ".join(f"{column} = %s" for column in values)
    execute(f"UPDATE {table} SET {places} WHERE id = %s", [*values.values(), row_id])  # noqa: S608
