"""What the application decides by itself."""

import pytest

from cheqi.areas.origination.domain import (
    Decision,
    Opinion,
    combine,
    missing_slots,
    needs_clerk,
    needs_four_eyes,
    needs_gps,
    needs_phone_check,
    payee_differs,
    reviewers_differ,
    started_by_customer,
    started_by_staff,
)


@pytest.mark.parametrize(
    ("first", "second", "decision"),
    [
        (Opinion.APPROVE, None, Decision.APPROVED),
        (Opinion.REFUSE, None, Decision.REFUSED),
        (Opinion.APPROVE, Opinion.APPROVE, Decision.APPROVED),
        (Opinion.REFUSE, Opinion.REFUSE, Decision.REFUSED),
        (Opinion.APPROVE, Opinion.REFUSE, Decision.SPLIT),
        (Opinion.REFUSE, Opinion.APPROVE, Decision.SPLIT),
    ],
)
def test_two_reviewers_decide_together_and_differ_openly(
    first: Opinion, second: Opinion | None, decision: Decision
) -> None:
    assert combine(first, second) is decision


def test_the_second_reviewer_is_needed_only_above_the_amount_of_the_product() -> None:
    limit = 30_000_000
    assert not needs_four_eyes({"amount_fen": limit, "four_eyes_above_fen": limit})
    assert needs_four_eyes({"amount_fen": limit + 1, "four_eyes_above_fen": limit})


def test_the_call_is_needed_only_above_the_amount_of_the_product() -> None:
    assert not needs_phone_check({"amount_fen": 100, "phone_check_above_fen": 100})
    assert needs_phone_check({"amount_fen": 101, "phone_check_above_fen": 100})


def test_a_clerk_is_needed_for_a_doubtful_field_or_for_a_disagreement() -> None:
    assert not needs_clerk({"fields_for_clerk": 0, "disagreements": 0})
    assert needs_clerk({"fields_for_clerk": 1, "disagreements": 0})
    assert needs_clerk({"fields_for_clerk": 0, "disagreements": 2})


def test_facts_that_nobody_has_said_open_nothing() -> None:
    predicates = (
        started_by_customer,
        started_by_staff,
        needs_clerk,
        needs_phone_check,
        needs_four_eyes,
        reviewers_differ,
        payee_differs,
        needs_gps,
    )
    assert [predicate({}) for predicate in predicates] == [False] * 8


def test_the_slots_still_missing_come_in_the_order_asked_for() -> None:
    required = ("ID_CARD_FRONT", "ID_CARD_BACK", "BANK_STATEMENT")
    assert missing_slots(required, ["ID_CARD_BACK"]) == ("ID_CARD_FRONT", "BANK_STATEMENT")
    assert missing_slots(required, required) == ()
