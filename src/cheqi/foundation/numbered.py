"""A cursor for PostgreSQL that does not look for its places again at each use of a statement.

The driver searches a statement for `%s` each time when it has more than fifty of them, and a move of a case
has. This one asks a cache for the statement with PostgreSQL's own places.

>>> numbered("SELECT %s + %s")
b'SELECT $1 + $2'
"""

from functools import lru_cache
from typing import Any

import psycopg


class NumberedCursor(psycopg.RawCursor[Any]):
    """Takes statements with `%s`, as Django and SQLite have them, and sequences of values."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Executes a statement whose values travel apart from it."""
        return super().execute(numbered(query), params, **options)


@lru_cache(maxsize=1024)
def numbered(sql: str) -> bytes:
    """The statement with `$1`, `$2` … for its places; `%%` is a percent sign, as the driver has it."""
    first, *others = sql.split("%s")
    text = first + "".join(f"${place}{part}" for place, part in enumerate(others, 1))
    return text.replace("%%", "%").encode()
