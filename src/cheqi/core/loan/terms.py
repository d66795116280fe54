"""What was agreed: principal, rate, term, method, dates and conventions. All maths starts from a `Terms`.

Terms are frozen into an agreement as plain data (`to_data`) and read back the same (`from_data`). A
period runs from one due date to the next; the first one runs from the disbursement, is as long as it
is, and is charged for its own days:

>>> terms = Terms(principal_fen=10_000_000, rate=Decimal("0.06"), term_months=36,
...               disbursement_date=date(2026, 1, 15), first_due_date=date(2026, 2, 20))
>>> [str(period.years) for period in periods(terms)[:2]]
['7/72', '1/12']
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from cheqi.core.base.dates import DayCount, MonthEnd, add_months, year_fraction
from cheqi.core.base.money import Rounding
from cheqi.core.base.rates import scaled

LONGEST_TERM_MONTHS = 360
LARGEST_PRINCIPAL_FEN = 10**13
DATA_VERSION = 1


class Method(StrEnum):
    """How principal comes back: 等额本息, 等额本金, 等本等息, 先息后本, and a large last payment (尾款)."""

    EQUAL_INSTALLMENT = "EQUAL_INSTALLMENT"
    EQUAL_PRINCIPAL = "EQUAL_PRINCIPAL"
    FLAT = "FLAT"
    INTEREST_ONLY = "INTEREST_ONLY"
    BALLOON = "BALLOON"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one loan.

    `rate` is a fraction a year. `rounding` makes interest into fen, `installment_rounding` the level
    payment (or the principal share) into multiples of `unit_fen`. `due_day` is the day of the month
    that later due dates go back to: the first due date's, unless given. `balloon_fen` stays until the
    last installment and is for BALLOON only. Raises ValueError for terms that no loan can have.
    """

    principal_fen: int
    rate: Decimal
    term_months: int
    disbursement_date: date
    first_due_date: date
    method: Method = Method.EQUAL_INSTALLMENT
    day_count: DayCount = DayCount.THIRTY_360
    rounding: Rounding = Rounding.HALF_UP
    installment_rounding: Rounding = Rounding.HALF_UP
    unit_fen: int = 1
    balloon_fen: int = 0
    due_day: int | None = None
    month_end: MonthEnd = MonthEnd.CLAMP

    def __post_init__(self) -> None:
        if not 0 < self.principal_fen <= LARGEST_PRINCIPAL_FEN:
            raise ValueError(f"principal out of range: {self.principal_fen} fen")
        if scaled(self.rate) < 0:
            raise ValueError(f"negative rate: {self.rate}")
        if not 0 < self.term_months <= LONGEST_TERM_MONTHS:
            raise ValueError(f"term out of range: {self.term_months} months")
        if self.first_due_date <= self.disbursement_date:
            raise ValueError(f"first due {self.first_due_date}, disbursed {self.disbursement_date}")
        if self.unit_fen < 1:
            raise ValueError(f"a unit is at least one fen, not {self.unit_fen}")
        if self.due_day is not None and not 1 <= self.due_day <= 31:
            raise ValueError(f"no such day of the month: {self.due_day}")
        highest = self.principal_fen if self.method is Method.BALLOON else 1
        if not 0 <= self.balloon_fen < highest:
            raise ValueError(f"balloon out of range: {self.balloon_fen} fen with {self.method}")


@dataclass(frozen=True, slots=True)
class Period:
    """One interest period: interest counts from `start_date` to `due_date`, `years` of a year."""

    number: int
    start_date: date
    due_date: date
    years: Fraction


def due_dates(terms: Terms) -> tuple[date, ...]:
    """Every due date, counted from the first one, so that a clamped month end does not stay clamped."""
    return tuple(_due_date(terms, index) for index in range(terms.term_months))


def periods(terms: Terms) -> tuple[Period, ...]:
    """Every interest period. Under 30/360 a whole month is exactly 1/12, whatever its days."""
    ends = due_dates(terms)
    starts = (terms.disbursement_date, *ends[:-1])
    return tuple(
        Period(number, start, end, _years(terms, number, start, end))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def disbursed_on(terms: Terms, day: date) -> Terms:
    """The terms when the payout happens on `day` instead of the day that the contract assumed.

    Due dates stay where they are when the first still lies after the payout; otherwise they move on by
    whole months. A first period that was one regular month stays one, on the payout's day.
    """
    if day == terms.disbursement_date:
        return terms
    was_regular = terms.due_day is None and terms.first_due_date == add_months(terms.disbursement_date, 1)
    if was_regular:
        return replace(terms, disbursement_date=day, first_due_date=add_months(day, 1), due_day=day.day)
    first, months = terms.first_due_date, 0
    while first <= day:
        months += 1
        first = add_months(
            terms.first_due_date, months, rule=terms.month_end, day=terms.due_day or terms.first_due_date.day
        )
    return replace(terms, disbursement_date=day, first_due_date=first)


def _due_date(terms: Terms, index: int) -> date:
    if index == 0:
        return terms.first_due_date
    return add_months(
        terms.first_due_date, index, rule=terms.month_end, day=terms.due_day or terms.first_due_date.day
    )


def _years(terms: Terms, number: int, start: date, end: date) -> Fraction:
    """The weight of a period; the first is regular where it starts a month before the first due date."""
    if terms.day_count is DayCount.THIRTY_360 and (number > 1 or _due_date_before_first(terms) == start):
        return Fraction(1, 12)
    return year_fraction(start, end, terms.day_count)


def _due_date_before_first(terms: Terms) -> date:
    day = terms.due_day or terms.first_due_date.day
    return add_months(terms.first_due_date, -1, rule=terms.month_end, day=day)


def to_data(terms: Terms) -> dict[str, int | str | None]:
    """The terms as plain data, complete and stable, for the frozen copy in an agreement."""
    return {
        "version": DATA_VERSION,
        "principal_fen": terms.principal_fen,
        "rate": format(terms.rate.normalize(), "f"),
        "term_months": terms.term_months,
        "disbursement_date": terms.disbursement_date.isoformat(),
        "first_due_date": terms.first_due_date.isoformat(),
        "method": terms.method.value,
        "day_count": terms.day_count.value,
        "rounding": terms.rounding.value,
        "installment_rounding": terms.installment_rounding.value,
        "unit_fen": terms.unit_fen,
        "balloon_fen": terms.balloon_fen,
        "due_day": terms.due_day,
        "month_end": terms.month_end.value,
    }


def from_data(data: Mapping[str, int | str | None]) -> Terms:
    """The terms behind `to_data`. Raises ValueError for another version, KeyError for a missing field."""
    if data["version"] != DATA_VERSION:
        raise ValueError(f"terms of an unknown version: {data['version']}")
    due_day = data["due_day"]
    return Terms(
        principal_fen=int(data["principal_fen"] or 0),
        rate=Decimal(str(data["rate"])),
        term_months=int(data["term_months"] or 0),
        disbursement_date=date.fromisoformat(str(data["disbursement_date"])),
        first_due_date=date.fromisoformat(str(data["first_due_date"])),
        method=Method(str(data["method"])),
        day_count=DayCount(str(data["day_count"])),
        rounding=Rounding(str(data["rounding"])),
        installment_rounding=Rounding(str(data["installment_rounding"])),
        unit_fen=int(data["unit_fen"] or 0),
        balloon_fen=int(data["balloon_fen"] or 0),
        due_day=None if due_day is None else int(due_day),
        month_end=MonthEnd(str(data["month_end"])),
    )
