"""Cursors of the hot paths: PostgreSQL reads and plans their statements once a connection, not once a use.

Django writes the values into the text of each statement, which the server then parses and plans anew; in a
move of a case that took the server as long as the work itself. Here values travel apart from the text, so
the driver prepares what it sees again (`prepare_threshold` in the settings; without it nothing is prepared).
Counted, logged and wrapped by Django like any other cursor; on SQLite it is the ordinary one.
"""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper


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
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    made: Any = ServerBindingCursor
    bare = made(connection.connection)
    return _Told(bare, connection) if connection.queries_logged else connection.make_cursor(bare)
