"""Empties the test database after a test that committed.

Django's `flush` truncates every table and writes all content types and permissions anew: seconds on
PostgreSQL, where each truncated table is a new file and waits for whatever a killed process still holds.
Here only the tables that have rows are emptied, by DELETE, which is quick for a test's few rows. What
Django itself writes after a migration stays, as it stays after `flush`.

`empty_instead_of_flush()` makes every such test end this way.
"""

from functools import cache

from django.db import connection, transaction
from django.test import TransactionTestCase

WRITTEN_BY_DJANGO = {"django_content_type", "auth_permission"}


@cache
def tables() -> tuple[str, ...]:
    """The tables of the product, quoted."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(connection.ops.quote_name(name) for name in names if name not in WRITTEN_BY_DJANGO)


def filled() -> list[int]:
    """The places in `tables()` of those that have rows; one statement."""
    asked = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {name})" for number, name in enumerate(tables())
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [number for (number,) in cursor.fetchall()]


def empty() -> None:
    """Deletes every row a test can have written, in one transaction; foreign keys are looked at its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        for number in filled():
            cursor.execute(f"DELETE FROM {tables()[number]}")


def empty_instead_of_flush() -> None:
    """From now on. The product has one database, so there is one to empty."""

    def after_test(_test: TransactionTestCase) -> None:
        empty()

    TransactionTestCase._fixture_teardown = after_test  # type: ignore[attr-defined]
