"""Dates: months, ages, and the four day counts."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.dates import (
    DayCount,
    MonthEnd,
    add_months,
    age_on,
    days_30_360,
    months_between,
    year_fraction,
)

DATES = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def test_a_due_day_that_the_month_lacks_clamps_or_rolls_and_comes_back() -> None:
    start = date(2026, 1, 31)
    assert [add_months(start, n) for n in (1, 2, 3)] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    assert [add_months(start, n, rule=MonthEnd.ROLL) for n in (1, 2)] == [date(2026, 3, 1), date(2026, 3, 31)]
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(start, -2) == date(2025, 11, 30)
    assert add_months(date(2026, 2, 28), 1, day=31) == date(2026, 3, 31)


@given(DATES, st.integers(-600, 600))
def test_months_added_land_in_the_right_month(start: date, months: int) -> None:
    end = add_months(start, months)
    assert end.year * 12 + end.month == start.year * 12 + start.month + months
    assert end.day <= start.day


@given(DATES, DATES)
def test_whole_months_between_are_as_many_as_fit(start: date, end: date) -> None:
    months = months_between(start, end)
    if start <= end:
        assert add_months(start, months) <= end < add_months(start, months + 1)
    else:
        assert months == -months_between(end, start)


def test_an_age_counts_completed_years() -> None:
    assert age_on(date(1990, 6, 15), date(2026, 6, 14)) == 35
    assert age_on(date(1990, 6, 15), date(2026, 6, 15)) == 36
    assert age_on(date(2000, 2, 29), date(2026, 2, 28)) == 26


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 28),
        (date(2026, 1, 15), date(2026, 2, 15), 30),
        (date(2026, 1, 30), date(2026, 3, 31), 60),
        (date(2026, 1, 15), date(2027, 1, 15), 360),
        (date(2026, 1, 29), date(2026, 1, 31), 2),
    ],
)
def test_months_have_thirty_days_on_the_bond_basis(start: date, end: date, days: int) -> None:
    assert days_30_360(start, end) == days


def test_each_convention_has_its_own_year() -> None:
    start, end = date(2026, 1, 10), date(2026, 2, 10)
    assert year_fraction(start, end, DayCount.THIRTY_360) == Fraction(1, 12)
    assert year_fraction(start, end, DayCount.ACT_360) == Fraction(31, 360)
    assert year_fraction(start, end, DayCount.ACT_365) == Fraction(31, 365)
    assert year_fraction(start, end, DayCount.ACT_ACT) == Fraction(31, 365)


def test_actual_actual_counts_each_night_in_its_own_calendar_year() -> None:
    start, end = date(2023, 12, 12), date(2024, 1, 12)
    assert year_fraction(start, end, DayCount.ACT_ACT) == Fraction(20, 365) + Fraction(11, 366)
    assert year_fraction(start, end, DayCount.ACT_ACT_END) == Fraction(19, 365) + Fraction(12, 366)
    new_year = date(2024, 1, 1)
    assert year_fraction(start, new_year, DayCount.ACT_ACT) == Fraction(20, 365)
    assert year_fraction(start, date(2023, 12, 31), DayCount.ACT_ACT_END) == Fraction(19, 365)
    assert year_fraction(date(2023, 1, 1), date(2025, 1, 1), DayCount.ACT_ACT) == 2


@given(DATES, st.integers(0, 4000), st.integers(0, 4000), st.sampled_from(list(DayCount)))
def test_actual_periods_add_up_where_they_meet(
    start: date, first: int, second: int, convention: DayCount
) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    whole = year_fraction(start, end, convention)
    if convention is not DayCount.THIRTY_360:
        assert whole == year_fraction(start, middle, convention) + year_fraction(middle, end, convention)
    assert whole >= 0


def test_a_period_that_ends_before_it_starts_is_a_broken_assumption() -> None:
    with pytest.raises(ValueError, match="does not end"):
        year_fraction(date(2026, 1, 2), date(2026, 1, 1), DayCount.ACT_365)
