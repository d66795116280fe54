"""Schedules: golden tables, properties for every method, and real loans."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.dates import DayCount, MonthEnd
from cheqi.core.base.money import Rounding
from cheqi.core.loan.schedule import Schedule, build
from cheqi.core.loan.terms import Method, Terms, disbursed_on, due_dates, from_data, periods, to_data


def loan(**changes: object) -> Terms:
    """100,000 yuan at 6 % over 36 months, with what a test changes."""
    terms: dict[str, object] = {
        "principal_fen": 10_000_000,
        "rate": Decimal("0.06"),
        "term_months": 36,
        "disbursement_date": date(2026, 1, 15),
        "first_due_date": date(2026, 2, 15),
    }
    return Terms(**{**terms, **changes})  # type: ignore[arg-type]


def figures(schedule: Schedule, number: int) -> tuple[int, int, int]:
    """Principal, interest and remaining balance of one installment."""
    row = schedule.installments[number - 1]
    return row.principal_fen, row.interest_fen, row.balance_after_fen


def test_equal_installments_of_the_worked_loan() -> None:
    schedule = build(loan())
    assert schedule.installment_fen == 304_219
    assert figures(schedule, 1) == (254_219, 50_000, 9_745_781)
    assert schedule.installments[11].balance_after_fen == 6_864_065
    assert schedule.installments[35].amount_fen == 304_236
    assert schedule.total_interest_fen == 951_901
    assert schedule.total_fen == 10_951_901


def test_equal_principal_pays_less_each_month() -> None:
    schedule = build(loan(method=Method.EQUAL_PRINCIPAL))
    assert figures(schedule, 1) == (277_778, 50_000, 9_722_222)
    assert figures(schedule, 2) == (277_778, 48_611, 9_444_444)
    assert figures(schedule, 36) == (277_770, 1_389, 0)
    assert schedule.total_interest_fen == 925_000


def test_flat_interest_stays_on_the_first_principal() -> None:
    schedule = build(loan(method=Method.FLAT))
    assert figures(schedule, 1) == (277_778, 50_000, 9_722_222)
    assert figures(schedule, 35) == (277_778, 50_000, 277_770)
    assert figures(schedule, 36) == (277_770, 50_000, 0)
    assert schedule.total_interest_fen == 1_800_000


def test_flat_interest_that_does_not_divide_sums_to_the_whole_in_the_last_row() -> None:
    schedule = build(
        loan(method=Method.FLAT, principal_fen=10_000_001, rate=Decimal("0.0399"), term_months=7)
    )
    assert [row.interest_fen for row in schedule.installments] == [33_250] * 7
    tiny = build(loan(method=Method.FLAT, principal_fen=100, rate=Decimal("0.06"), term_months=12))
    assert [row.interest_fen for row in tiny.installments] == [1] * 6 + [0] * 6
    assert tiny.total_interest_fen == 6


def test_interest_first_pays_the_principal_at_the_end() -> None:
    schedule = build(loan(method=Method.INTEREST_ONLY, term_months=12))
    assert figures(schedule, 1) == (0, 50_000, 10_000_000)
    assert figures(schedule, 12) == (10_000_000, 50_000, 0)


def test_a_balloon_waits_for_the_last_installment() -> None:
    schedule = build(loan(method=Method.BALLOON, balloon_fen=3_000_000))
    assert schedule.installment_fen == 227_954
    assert figures(schedule, 1) == (177_954, 50_000, 9_822_046)
    assert schedule.installments[34].balance_after_fen > 3_000_000
    assert schedule.installments[35].amount_fen - 3_000_000 == pytest.approx(227_954, abs=40)


def test_without_interest_the_payment_is_the_share() -> None:
    schedule = build(loan(rate=Decimal(0), term_months=3, principal_fen=10_000))
    assert [row.amount_fen for row in schedule.installments] == [3333, 3333, 3334]


def test_installments_in_whole_yuan_leave_the_cents_to_the_last() -> None:
    schedule = build(loan(unit_fen=100, installment_rounding=Rounding.UP))
    assert {row.amount_fen for row in schedule.installments[:-1]} == {304_300}
    assert schedule.installments[-1].amount_fen == 301_128


def test_a_first_period_of_five_days_charges_five_days() -> None:
    """The published defect: a full month was charged where the first due date came after five days."""
    short = loan(
        principal_fen=500_000_000,
        rate=Decimal("0.05"),
        disbursement_date=date(2026, 1, 10),
        first_due_date=date(2026, 1, 15),
        day_count=DayCount.ACT_365,
    )
    assert build(short).installments[0].interest_fen == 342_466
    assert build(short).installments[1].interest_fen == pytest.approx(2_066_000, abs=10_000)


def test_a_long_first_period_charges_all_its_days_in_an_equal_installment() -> None:
    schedule = build(loan(first_due_date=date(2026, 2, 20)))
    assert schedule.installments[0].interest_fen == 58_333
    assert len({row.amount_fen for row in schedule.installments[:-1]}) == 1
    assert schedule.installment_fen > 304_219


def test_a_first_period_of_a_whole_year_pays_its_interest_and_no_principal() -> None:
    schedule = build(loan(first_due_date=date(2027, 2, 15), term_months=60))
    assert figures(schedule, 1) == (0, 650_000, 10_000_000)
    assert schedule.installments[-1].balance_after_fen == 0


def test_actual_days_weigh_each_month_by_its_length() -> None:
    schedule = build(loan(day_count=DayCount.ACT_360))
    assert [row.interest_fen for row in schedule.installments[:2]] == [51_667, 45_486]


@pytest.mark.parametrize(
    ("day_count", "interest_fen"), [(DayCount.ACT_ACT, 10_182), (DayCount.ACT_ACT_END, 10_181)]
)
def test_across_the_turn_of_a_leap_year_each_day_counts_in_its_own_year(
    day_count: DayCount, interest_fen: int
) -> None:
    terms = loan(
        principal_fen=1_000_000,
        rate=Decimal("0.12"),
        disbursement_date=date(2023, 12, 12),
        first_due_date=date(2024, 1, 12),
        day_count=day_count,
    )
    assert build(terms).installments[0].interest_fen == interest_fen


def test_due_dates_return_to_the_month_end_they_clamp_from() -> None:
    terms = loan(disbursement_date=date(2025, 12, 31), first_due_date=date(2026, 1, 31), term_months=3)
    assert due_dates(terms) == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))
    rolled = loan(first_due_date=date(2026, 1, 31), month_end=MonthEnd.ROLL, term_months=3)
    assert due_dates(rolled) == (date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 31))
    clamped_first = loan(
        disbursement_date=date(2026, 1, 31), first_due_date=date(2026, 2, 28), due_day=31, term_months=2
    )
    assert due_dates(clamped_first) == (date(2026, 2, 28), date(2026, 3, 31))
    assert [period.years for period in periods(clamped_first)] == [Fraction(1, 12)] * 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"principal_fen": 0}, "principal"),
        ({"rate": Decimal("-0.01")}, "negative rate"),
        ({"term_months": 0}, "term"),
        ({"term_months": 361}, "term"),
        ({"first_due_date": date(2026, 1, 15)}, "first due"),
        ({"unit_fen": 0}, "unit"),
        ({"due_day": 32}, "no such day"),
        ({"balloon_fen": 1}, "balloon"),
        ({"balloon_fen": 10_000_000, "method": Method.BALLOON}, "balloon"),
    ],
)
def test_terms_that_no_loan_has_cannot_be_made(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        loan(**changes)


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    """Terms of every method and convention, small and large, with any first period."""
    start = draw(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
    method = draw(st.sampled_from(list(Method)))
    principal = draw(st.integers(1, 10**10))
    return Terms(
        principal_fen=principal,
        rate=Decimal(draw(st.integers(0, 9000))).scaleb(-4),
        term_months=draw(st.integers(1, 72)),
        disbursement_date=start,
        first_due_date=start + timedelta(days=draw(st.integers(1, 400))),
        method=method,
        day_count=draw(st.sampled_from(list(DayCount))),
        rounding=draw(st.sampled_from(list(Rounding))),
        installment_rounding=draw(st.sampled_from(list(Rounding))),
        unit_fen=draw(st.sampled_from([1, 10, 100, 10_000])),
        balloon_fen=draw(st.integers(0, principal - 1)) if method is Method.BALLOON else 0,
        due_day=draw(st.none() | st.integers(1, 31)),
        month_end=draw(st.sampled_from(list(MonthEnd))),
    )


@given(any_terms())
def test_every_schedule_pays_the_loan_back_and_never_more(terms: Terms) -> None:
    rows = build(terms).installments
    assert len(rows) == terms.term_months
    assert sum(row.principal_fen for row in rows) == terms.principal_fen
    assert rows[-1].balance_after_fen == 0
    balance = terms.principal_fen
    for row in rows:
        assert row.principal_fen >= 0
        assert row.interest_fen >= 0
        balance -= row.principal_fen
        assert row.balance_after_fen == balance >= 0
    assert [row.due_date for row in rows] == sorted({row.due_date for row in rows})


@given(any_terms())
def test_interest_is_the_exact_product_rounded_once(terms: Terms) -> None:
    """An oracle in exact fractions: no period is off by a whole fen, whatever the rounding."""
    if terms.method is Method.FLAT:
        return
    balance = terms.principal_fen
    for row, period in zip(build(terms).installments, periods(terms), strict=True):
        exact = balance * Fraction(terms.rate) * period.years
        assert abs(row.interest_fen - exact) < 1
        balance = row.balance_after_fen


@given(any_terms())
def test_frozen_terms_come_back_the_same(terms: Terms) -> None:
    assert from_data(to_data(terms)) == terms


def test_a_later_payout_keeps_a_regular_first_month_regular() -> None:
    moved = disbursed_on(loan(), date(2026, 1, 31))
    assert due_dates(moved)[:3] == (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
    assert periods(moved)[0].years == Fraction(1, 12)
    assert disbursed_on(loan(), date(2026, 1, 15)) == loan()


def test_a_later_payout_keeps_the_agreed_due_day_and_shortens_the_first_period() -> None:
    agreed = loan(first_due_date=date(2026, 2, 20), due_day=20)
    assert due_dates(disbursed_on(agreed, date(2026, 2, 1)))[0] == date(2026, 2, 20)
    assert due_dates(disbursed_on(agreed, date(2026, 2, 20)))[0] == date(2026, 3, 20)
    assert periods(disbursed_on(agreed, date(2026, 2, 1)))[0].years == Fraction(19, 360)


def test_terms_of_another_version_are_not_guessed() -> None:
    with pytest.raises(ValueError, match="unknown version"):
        from_data({**to_data(loan()), "version": 2})


def test_the_payment_of_real_loans_is_the_annuity_rounded_down(data_dir: Path) -> None:
    """3,783 loans of a public filing: 98 % to the cent, the others within one cent."""
    exact = within_a_cent = total = 0
    with (data_dir / "schedules" / "annuity.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            terms = loan(
                principal_fen=int((Decimal(line["principal"]) * 100).to_integral_exact()),
                rate=Decimal(line["annual_rate"]).quantize(Decimal("1e-10")),
                term_months=int(line["n_payments"]),
                installment_rounding=Rounding.DOWN,
            )
            expected = int((Decimal(line["scheduled_payment"]) * 100).to_integral_exact())
            difference = abs(build(terms).installment_fen - expected)
            total += 1
            exact += difference == 0
            within_a_cent += difference <= 1
    assert total == 3783
    assert exact >= 0.98 * total
    assert within_a_cent == total
