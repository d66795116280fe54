"""What is asked, how answers are read, and what speaks against sending them."""

from datetime import date

import pytest

from cheqi.areas.origination.questions import (
    QUESTIONS,
    SCREENS,
    Answers,
    asked,
    objections,
    parse,
)
from cheqi.core.base.findings import Finding

TODAY = date(2026, 11, 23)
COMPLETE: dict[str, str | int | bool] = {
    "customer_type": "EMPLOYEE",
    "name": "王小明",
    "id_number": "11010519491231002X",
    "monthly_income_fen": 1_200_000,
    "condition": "NEW",
    "energy": "ICE",
    "usage": "OWN",
    "brand": "别克",
    "model": "君越",
    "price_fen": 15_000_000,
    "down_payment_fen": 5_000_000,
    "product": "new-car",
    "term_months": 36,
    "dealer_id": 1,
    "account_bank": "中国银行",
    "account_number": "6222021234567894",
}


def fields(answers: Answers) -> list[str]:
    return [finding.field for finding in objections(answers, TODAY)]


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("price_fen", "12.86万", 12_860_000),
        ("price_fen", " 128,600.00 ", 12_860_000),
        ("term_months", "36", 36),
        ("registered_date", "2021-06-14", "2021-06-14"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("has_guarantor", "on", True),
        ("employer", "  ", None),
    ],
)
def test_an_answer_is_read_as_people_write_it(key: str, raw: str, value: object) -> None:
    assert parse(QUESTIONS[key], raw) == value


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("price_fen", "很多"),
        ("price_fen", "-1"),
        ("registered_date", "2021-02-30"),
        ("term_months", "三年"),
        ("id_number", "110105194912310021"),
        ("vin", "HHGHH555778802669"),
        ("condition", "BROKEN"),
    ],
)
def test_an_impossible_answer_is_a_finding_at_its_field(key: str, raw: str) -> None:
    found = parse(QUESTIONS[key], raw)
    assert isinstance(found, Finding)
    assert found.field == key


def test_a_complete_application_has_nothing_against_it() -> None:
    assert fields(COMPLETE) == []


def test_everything_missing_is_named_at_once() -> None:
    required = [question.key for question in asked({}) if question.is_required]
    assert fields({}) == required
    assert "company_name" not in required


def test_a_company_and_a_used_car_are_asked_for_more() -> None:
    assert fields({**COMPLETE, "customer_type": "COMPANY"}) == ["company_name", "company_uscc"]
    assert fields({**COMPLETE, "condition": "USED"}) == ["plate", "registered_date"]


def test_a_guarantor_who_is_announced_must_be_named() -> None:
    assert fields({**COMPLETE, "has_guarantor": True}) == [
        "guarantor_name",
        "guarantor_id_number",
        "guarantor_mobile",
    ]


def test_a_down_payment_that_reaches_the_price_and_a_future_registration_are_refused() -> None:
    wrong = {**COMPLETE, "down_payment_fen": 15_000_000, "registered_date": "2026-11-24"}
    assert fields(wrong) == ["down_payment_fen", "registered_date"]


def test_every_question_stands_on_a_screen() -> None:
    assert {question.screen for question in QUESTIONS.values()} == set(SCREENS)


def test_a_question_is_worded_for_who_reads_it_and_for_a_company() -> None:
    kind, name, income = (QUESTIONS[key] for key in ("customer_type", "name", "monthly_income_fen"))
    person, company = {"customer_type": "EMPLOYEE"}, {"customer_type": "COMPANY"}
    assert (kind.asked_as({}).zh, kind.asked_as({}, at_desk=True).zh) == ("您属于哪一类", "客户类型")
    assert (name.asked_as(person).zh, name.asked_as(company).zh) == ("姓名", "授权代表姓名")
    assert income.asked_as(company, at_desk=True).zh == "企业月均净收入"
    missing = {one.field: one.message.zh for one in objections(company, date(2026, 11, 23))}
    assert missing["name"] == "请填写授权代表姓名"
