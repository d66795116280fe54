"""Cursors of the hot paths: PostgreSQL reads and plans their statements once a connection, not once a use.

Django writes the values into the text of each statement, which the server then parses and plans anew; in a
move of a case that took the server as long as the work itself. Here values travel apart from the text, so
the driver prepares what it sees again (`prepare_threshold` in the settings; without it nothing is prepared).
Counted, logged and wrapped by Django like any other cursor; on SQLite it is the ordinary one.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import msgspec
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

Statement = tuple[str, Sequence[Any]]
"""A statement and its values as the driver takes them."""

_PLAIN = frozenset({str, bool, bytes, type(None)})


class _Told(CursorDebugWrapper):
    """Logs the text of a statement that is still on its way: in a pipeline the driver cannot say it yet."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Executes; the log then has the statement in any case."""
        try:
            return super().execute(sql, params)
        finally:
            entry = self.db.queries_log[-1] if self.db.queries_log else {}
            if entry.get("sql", "") is None:
                entry["sql"] = str(sql)


def cursor() -> CursorWrapper:
    """A cursor whose statements may be prepared; close it, or use it as a block."""
    database = connections[DEFAULT_DB_ALIAS]
    if not on_postgres():
        return database.cursor()
    from cheqi.foundation.numbered import NumberedCursor

    database.ensure_connection()
    bare: Any = NumberedCursor(database.connection)
    return _Told(bare, database) if database.queries_logged else database.make_cursor(bare)


@cache
def on_postgres() -> bool:
    """Whether the installation's rows are in PostgreSQL; they do not move while a process runs."""
    return connection.vendor == "postgresql"


def adapted(value: Any) -> Any:
    """A value as the driver takes it: datetimes as the database stores them, maps and lists as JSON.

    PostgreSQL gets numbers and datetimes as text, whose type it knows from the column: a statement that is
    prepared with typed values is another one for each size of a number and for each place that is empty.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        return str(value) if on_postgres() else value
    if isinstance(value, datetime):
        return _adapted_datetime(value)
    if isinstance(value, dict | list | tuple):
        return msgspec.json.encode(value).decode()
    return value


@lru_cache(maxsize=256)
def _adapted_datetime(value: datetime) -> Any:
    """The same few moments are written many times in one move."""
    if on_postgres():
        return value.isoformat()
    return connection.ops.adapt_datetimefield_value(value)
