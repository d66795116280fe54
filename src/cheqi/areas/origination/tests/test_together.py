"""Two people of one application have a mobile and an ID number each."""

from datetime import date

import pytest

from cheqi.areas.origination.questions import Answers
from cheqi.areas.origination.together import named_in, shared

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
OWN = "13800020001"
APPLICANT: Answers = {"id_number": "110101199003071233", "name": "王小明"}
GUARANTOR: Answers = {
    **APPLICANT,
    "has_guarantor": True,
    "guarantor_id_number": "110101198803072271",
    "guarantor_mobile": "13900030009",
}


def found(answers: Answers) -> list[tuple[str, str]]:
    return [(one.rule, one.field) for one in shared(named_in(answers, OWN), TODAY)]


def test_people_with_their_own_phones_are_in_order() -> None:
    assert found(GUARANTOR) == []


def test_a_guarantor_on_the_applicants_phone_is_found_with_its_rule_and_place() -> None:
    own = {**GUARANTOR, "guarantor_mobile": OWN}
    assert found(own) == [("people_of_application.shared.mobile", "guarantor_mobile")]


def test_nobody_guarantees_their_own_loan() -> None:
    own = {**GUARANTOR, "guarantor_id_number": APPLICANT["id_number"]}
    assert found(own) == [("people_of_application.shared.id_number", "guarantor_id_number")]


def test_a_co_borrower_and_a_guarantor_do_not_share_either() -> None:
    both = {
        **GUARANTOR,
        "has_co_borrower": True,
        "co_borrower_id_number": GUARANTOR["guarantor_id_number"],
        "co_borrower_mobile": GUARANTOR["guarantor_mobile"],
    }
    assert found(both) == [
        ("people_of_application.shared.mobile", "guarantor_mobile"),
        ("people_of_application.shared.id_number", "guarantor_id_number"),
    ]


def test_somebody_whom_the_answers_do_not_name_any_more_shares_nothing() -> None:
    gone = {**GUARANTOR, "guarantor_mobile": OWN, "has_guarantor": False}
    assert found(gone) == []
