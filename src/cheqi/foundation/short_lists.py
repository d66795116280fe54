"""Look-ups that stay short however many rows there are: several in one statement, and beginnings by index."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

_LAST_CHARACTER = "\U0010ffff"


def together(parts: Sequence["QuerySet[Any]"]) -> list[tuple[Any, ...]]:
    """The rows of several short, ordered look-ups in one statement.

    Django's own union refuses limits inside the parts on SQLite, and they are what keeps this fast. A part
    that cannot have rows, such as one outside of the actor's scope, is left out.
    """
    compiled = list(_compiled(parts))
    if not compiled:
        return []
    named = [f"SELECT * FROM ({sql}) AS part{place}" for place, (sql, _) in enumerate(compiled)]  # noqa: S608
    sql = " UNION ALL ".join(named)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in compiled for value in values])
        return list(cursor.fetchall())


def _compiled(parts: Sequence["QuerySet[Any]"]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for part in parts:
        with suppress(EmptyResultSet):
            yield part.query.sql_with_params()


def starts_with(column: str, text: str) -> Q:
    """Rows whose column begins with the text, in a way that an index can answer.

    SQLite has no index for `LIKE`, but compares bytes; PostgreSQL may sort by language, but has the pattern
    index that Django makes for unique columns, or that the model declares.
    """
    if connection.vendor == "sqlite":
        return Q((f"{column}__gte", text), (f"{column}__lt", text + _LAST_CHARACTER))
    return Q((f"{column}__startswith", text))
