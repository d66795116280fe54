"""Statements that are sent together write the same rows on both databases."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from cheqi.foundation.numbered import numbered
from cheqi.foundation.prepared import adapted, on_postgres
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.models import CaseCounter

COLUMNS = {"year": 2026, "last": 1}


@pytest.mark.django_db
def test_statements_sent_together_are_all_done_and_the_last_one_answers() -> None:
    first = rows.insertion("workflow_casecounter", [{"prefix": "AA", **COLUMNS}])
    second = rows.insertion(
        "workflow_casecounter", [{"prefix": "BB", **COLUMNS}, {"prefix": "CC", **COLUMNS}]
    )
    sql, values = rows.insertion("workflow_casecounter", [{"prefix": "100%", **COLUMNS}])
    answer = rows.ask([first, second, (f"{sql} RETURNING prefix, last", values)])
    assert answer() == [("100%", 1)]
    assert list(CaseCounter.objects.order_by("prefix").values_list("prefix", "year", "last")) == [
        ("100%", 2026, 1),
        ("AA", 2026, 1),
        ("BB", 2026, 1),
        ("CC", 2026, 1),
    ]


@pytest.mark.django_db
def test_nothing_to_send_is_nothing_to_do(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        rows.run([])


@pytest.mark.django_db
def test_values_come_back_as_they_went_whatever_the_database() -> None:
    sql = "SELECT CAST(%s AS bigint), CAST(%s AS bigint), CAST(%s AS text)"
    values = [7, 2**40, {"zh": "车契", "n": 1}]
    (found,) = rows.select(sql, values)
    assert found == (7, 2**40, '{"zh":"车契","n":1}')
    moment = datetime(2026, 11, 23, 2, 0, 0, 5, tzinfo=UTC)
    assert rows.moment(adapted(moment)) == moment
    assert adapted(7) == ("7" if on_postgres() else 7)


def test_places_become_numbers_and_doubled_percent_signs_single_ones() -> None:
    assert numbered("SELECT 1") == b"SELECT 1"
    assert numbered(", ".join(["%s"] * 11)).endswith(b"$10, $11")
    assert numbered("a LIKE '%%x' AND b = %s") == b"a LIKE '%x' AND b = $1"
