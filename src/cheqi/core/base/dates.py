"""Months and day counts: how long a period is, in years, exactly.

A due day of 31 clamps to the last day of a short month (or rolls to the first of the next), and the
next month goes back to 31, because every due date is counted from the first and not from the last:

>>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), 2)
(datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
>>> year_fraction(date(2023, 12, 12), date(2024, 1, 12), DayCount.ACT_ACT)   # 20/365 + 11/366
Fraction(2267, 26718)
"""

from calendar import isleap, monthrange
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

LAST_DAY = 31


class MonthEnd(StrEnum):
    """Where a due date goes whose day the month does not have."""

    CLAMP = "CLAMP"
    ROLL = "ROLL"


class DayCount(StrEnum):
    """How days become a fraction of a year.

    ACT_ACT counts each night in the calendar year in which it begins (ISDA 2006, 4.16(b)), ACT_ACT_END in
    the one in which it ends: only periods over the turn of a leap year differ.
    """

    THIRTY_360 = "THIRTY_360"
    ACT_360 = "ACT_360"
    ACT_365 = "ACT_365"
    ACT_ACT = "ACT_ACT"
    ACT_ACT_END = "ACT_ACT_END"


def add_months(start: date, months: int, *, rule: MonthEnd = MonthEnd.CLAMP, day: int | None = None) -> date:
    """The date `months` later (or earlier) on the same day of the month, or on `day` where given.

    CLAMP takes the last day of a month that is too short, ROLL the first of the month after it.
    Raises ValueError outside the years 1 … 9999.
    """
    year, month_index = divmod(start.year * 12 + start.month - 1 + months, 12)
    wanted, last = day or start.day, monthrange(year, month_index + 1)[1]
    if wanted <= last:
        return date(year, month_index + 1, wanted)
    end = date(year, month_index + 1, last)
    return end if rule is MonthEnd.CLAMP else end + timedelta(days=1)


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`, counting a clamped month end as whole; negative when reversed."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def age_on(birth_date: date, on: date) -> int:
    """Completed years of life; a birthday on 29 February falls on 28 in other years."""
    return months_between(birth_date, on) // 12


def days_30_360(start: date, end: date) -> int:
    """Days from `start` to `end` with months of thirty days (the bond basis of ISDA 2006, 4.16(f))."""
    first = min(start.day, 30)
    last = 30 if end.day == LAST_DAY and first == 30 else end.day
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first


def year_fraction(start: date, end: date, convention: DayCount) -> Fraction:
    """The period as a fraction of a year, exact. Raises ValueError where `end` is before `start`.

    Under ACT_ACT and ACT_ACT_END a day of a leap year weighs 1/366, of another year 1/365.
    """
    if end < start:
        raise ValueError(f"a period does not end ({end}) before it starts ({start})")
    if convention is DayCount.THIRTY_360:
        return Fraction(days_30_360(start, end), 360)
    if convention in {DayCount.ACT_ACT, DayCount.ACT_ACT_END}:
        shift = timedelta(days=1 if convention is DayCount.ACT_ACT_END else 0)
        years = range(start.year, (end + shift).year + 1)
        return sum((_within_year(start + shift, end + shift, year) for year in years), Fraction(0))
    return Fraction((end - start).days, 360 if convention is DayCount.ACT_360 else 365)


def _within_year(start: date, end: date, year: int) -> Fraction:
    """The share of one calendar year's days that lie in the half-open period, nothing where none does."""
    first, last = max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
    return Fraction(max((last - first).days, 0), 366 if isleap(year) else 365)
