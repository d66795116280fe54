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

from cheqi.foundation.prepared import Statement, adapted, on_postgres
from cheqi.foundation.prepared import cursor as prepared_cursor

Row = Mapping[str, Any]


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


def ask(statements: Sequence[Statement]) -> Callable[[], list[tuple[Any, ...]]]:
    """Runs statements together; what is given back tells the rows of the last one, and waits for them only
    in a pipeline."""
    cursor = _sent(statements)
    if on_postgres():
        return lambda: list(cursor.fetchall())
    found = list(cursor.fetchall())
    cursor.close()
    return lambda: found


def run(statements: Sequence[Statement]) -> None:
    """Runs statements together whose rows nobody reads, without waiting for an answer in a pipeline."""
    if statements:
        _sent(statements).close()


def _sent(statements: Sequence[Statement]) -> Any:
    """The cursor that ran the statements: PostgreSQL gets them as one, SQLite one by one.

    As one they cost the driver and the server a third less, but see the rows as they were before, and run in
    no order: none may look at rows that another one writes, or need a place that another one clears.
    """
    cursor = prepared_cursor()
    if not on_postgres() or len(statements) == 1:
        for sql, values in statements:
            cursor.execute(sql, values)
    else:
        text = _woven(tuple([sql for sql, _ in statements]))
        cursor.execute(text, [value for _, values in statements for value in values])
    return cursor


@lru_cache(maxsize=1024)
def _woven(statements: tuple[str, ...]) -> str:
    *others, last = statements
    return f"WITH {', '.join(f'part_{n} AS ({sql})' for n, sql in enumerate(others, 1))} {last}"


@contextmanager
def pipelined() -> Iterator[None]:
    """Inside, PostgreSQL is sent statements without waiting for each answer; SQLite is next door anyway.

    An error of a statement is raised by the next one that reads, or at the end of the block.
    """
    if not on_postgres():
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
    return ask([(f"{sql} RETURNING {returning}", values)])()


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], count: int) -> str:
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * count)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places}"  # noqa: S608 (own names only)


@lru_cache(maxsize=256)
def _update(table: str, columns: tuple[str, ...]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{column} = %s' for column in columns)} WHERE id = %s"  # noqa: S608
