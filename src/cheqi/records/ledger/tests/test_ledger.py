"""Posting and balances."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.core.ledger import Purpose
from cheqi.records.ledger.models import Account, BusinessDate, Transfer
from cheqi.records.ledger.operations import Posting, move_business_date, open_books, post, reverse
from cheqi.records.ledger.queries import open_date, trial_balance
from cheqi.records.tests.scenarios import ENTITY, NOW, TODAY, a_branch, a_manager, done, rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books() -> None:
    """Open books of one entity."""
    open_books(legal_entity=ENTITY, open_date=TODAY, actor=SYSTEM, now=NOW)


def a_posting(key: str = "p1", **changes: Any) -> Posting:
    """500 yuan from the bank to loans, for a past day."""
    values: dict[str, Any] = {
        "key": key,
        "debit": Purpose.LOAN_PRINCIPAL,
        "credit": Purpose.BANK,
        "amount_fen": 50_000,
        "value_date": date(2026, 11, 20),
        "subject": "loan:1",
    }
    return Posting(**{**values, **changes})


def posted(*postings: Posting) -> tuple[Transfer, ...]:
    """What must post here."""
    return done(post(legal_entity=ENTITY, postings=postings, actor=SYSTEM, now=NOW))


def test_a_posting_counts_on_its_value_date_and_is_booked_on_the_open_day() -> None:
    (row,) = posted(a_posting())
    assert (row.value_date, row.booking_date) == (date(2026, 11, 20), TODAY)
    assert (row.debit.code, row.credit.code) == ("1303", "1002")


def test_the_same_key_posts_once_and_other_content_is_refused() -> None:
    first = posted(a_posting())
    assert posted(a_posting()) == first
    result = post(
        legal_entity=ENTITY, postings=[a_posting("p2"), a_posting(amount_fen=1)], actor=SYSTEM, now=NOW
    )
    assert rules(result) == ["ledger.key"]
    assert Transfer.objects.count() == 1


def test_two_hundred_postings_take_no_more_statements_than_a_few(django_assert_max_num_queries: Any) -> None:
    postings = [a_posting(f"k{number}") for number in range(200)]
    with django_assert_max_num_queries(10):
        assert len(posted(*postings)) == 200


def test_a_posting_of_nothing_is_a_broken_assumption_and_leaves_nothing() -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        posted(a_posting("p1"), a_posting("p2", amount_fen=0))
    assert Transfer.objects.count() == 0


def test_a_reversal_takes_back_once_on_the_day_it_happens() -> None:
    (row,) = posted(a_posting())
    done(move_business_date(legal_entity=ENTITY, to_date=TODAY + timedelta(days=1), actor=SYSTEM, now=NOW))
    back = done(reverse(transfer_id=row.pk, key="r1", memo="更正", actor=SYSTEM, now=NOW))
    assert (back.debit_id, back.credit_id) == (row.credit_id, row.debit_id)
    assert (back.value_date, back.booking_date) == (row.value_date, TODAY + timedelta(days=1))
    assert done(reverse(transfer_id=row.pk, key="r1", memo="更正", actor=SYSTEM, now=NOW)).pk == back.pk
    assert rules(reverse(transfer_id=row.pk, key="r2", memo="", actor=SYSTEM, now=NOW)) == ["ledger.reversed"]
    assert Transfer.objects.count() == 2
    assert {line.balance_fen for line in trial_balance(ENTITY, TODAY + timedelta(days=1), SYSTEM)} == {0}


def test_the_trial_balance_is_as_booked_on_a_day_and_sums_to_zero(django_assert_num_queries: Any) -> None:
    posted(a_posting("a"), a_posting("b", debit=Purpose.BANK, credit=Purpose.FEE_INCOME, amount_fen=700))
    with django_assert_num_queries(3):
        lines = trial_balance(ENTITY, TODAY, SYSTEM)
    assert {line.code: line.balance_fen for line in lines if line.balance_fen} == {
        "1002": -49_300,
        "1303": 50_000,
        "6021": -700,
    }
    assert sum(line.balance_fen for line in lines) == 0
    assert {line.balance_fen for line in trial_balance(ENTITY, TODAY - timedelta(days=1), SYSTEM)} == {0}
    assert trial_balance(ENTITY, TODAY, a_manager(a_branch())) == ()


def test_the_business_date_only_moves_forward() -> None:
    assert rules(move_business_date(legal_entity=ENTITY, to_date=TODAY, actor=SYSTEM, now=NOW)) == [
        "ledger.date"
    ]
    assert open_date(ENTITY) == TODAY


def test_books_that_were_never_opened_take_nothing() -> None:
    with pytest.raises(BusinessDate.DoesNotExist):
        post(legal_entity="别处", postings=[a_posting()], actor=SYSTEM, now=NOW)
    assert Transfer.objects.count() == 0


def test_opening_the_books_twice_changes_nothing() -> None:
    count = Account.objects.count()
    open_books(legal_entity=ENTITY, open_date=TODAY + timedelta(days=5), actor=SYSTEM, now=NOW)
    assert (Account.objects.count(), open_date(ENTITY)) == (count, TODAY)


@pytest.mark.parametrize("change", [{"amount_fen": 0}, {"amount_fen": -5}])
def test_the_database_refuses_a_transfer_of_nothing(change: dict[str, int]) -> None:
    (row,) = posted(a_posting())
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=row.pk).update(credit=row.debit_id)
    row.refresh_from_db()
    assert row.amount_fen == 50_000
