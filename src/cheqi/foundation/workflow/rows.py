"""Few, plain statements on both databases: the hot path of a move writes with these, not the ORM.

Column and table names come from this package only, never from outside; values are always parameters.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection

from cheqi.foundation.prepared import cursor as prepared_cursor

Row = Mapping[str, Any]
Statement = tuple[str, list[Any]]
"""A statement and its values as the driver takes them."""

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
    with prepared_cursor() as cursor:
        cursor.execute(sql, [adapted(value) for value in values])
        return list(cursor.fetchall())


def ask(statement: Statement) -> Callable[[], list[tuple[Any, ...]]]:
    """Runs a statement; what is given back tells its rows, and waits for them only in a pipeline."""
    cursor = prepared_cursor()
    cursor.execute(*statement)
    if connection.vendor == "postgresql":
        return lambda: list(cursor.fetchall())
    found = list(cursor.fetchall())
    cursor.close()
    return lambda: found


def run(statements: Iterable[Statement]) -> None:
    """Runs statements in order whose rows nobody reads, without waiting for answers in a pipeline."""
    with prepared_cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)


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
    turn = os.open(f"{name}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


def statement(sql: str, values: Iterable[Any]) -> Statement:
    """The statement with its values adapted."""
    return sql, [adapted(value) for value in values]


def execute(sql: str, values: Iterable[Any]) -> None:
    """Runs one statement whose rows nobody reads."""
    run([statement(sql, values)])


def insertion(table: str, rows: Sequence[Row]) -> Statement:
    """What inserts rows that have the same columns in one statement."""
    sql = _insert(table, tuple(rows[0]), len(rows))
    return sql, [adapted(value) for row in rows for value in row.values()]


def change(table: str, row_id: int, values: Row) -> Statement:
    """What sets columns of one row."""
    return statement(_update(table, tuple(values)), [*values.values(), row_id])


def insert(table: str, rows: Sequence[Row], returning: str = "") -> list[tuple[Any, ...]]:
    """Inserts rows that have the same columns in one statement; gives back the columns in `returning`."""
    sql, values = insertion(table, rows)
    if not returning:
        run([(sql, values)])
        return []
    return ask((f"{sql} RETURNING {returning}", values))()


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], count: int) -> str:
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * count)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places}"  # noqa: S608 (own names only)


@lru_cache(maxsize=256)
def _update(table: str, columns: tuple[str, ...]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{column} = %s' for column in columns)} WHERE id = %s"  # noqa: S608
