"""Daily simple interest against real receipts."""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from cheqi.core.base.dates import DayCount, year_fraction


def exact_fen(line: dict[str, str], convention: DayCount) -> Fraction:
    """The interest of one receipt's period, unrounded."""
    start, end = (date.fromisoformat(line[name]) for name in ("paid_through_prev", "paid_through"))
    rate = Fraction(Decimal(line["annual_rate"]).quantize(Decimal("1e-10")))
    return Fraction(Decimal(line["begin_balance"])) * 100 * rate * year_fraction(start, end, convention)


def test_real_receipts_are_daily_interest_by_calendar_year(data_dir: Path) -> None:
    """339 receipts of a public filing, each less than one cent from the exact interest of its own days.

    The difference is below a cent and not zero because the servicer carries fractions from one receipt
    to the next; counting nights in the year in which they end instead is off by up to three cents.
    """
    with (data_dir / "schedules" / "simple_interest.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    received = [Fraction(Decimal(line["interest_collected"])) * 100 for line in lines]
    gaps = {
        convention: max(
            abs(exact_fen(line, convention) - fen) for line, fen in zip(lines, received, strict=True)
        )
        for convention in (DayCount.ACT_ACT, DayCount.ACT_ACT_END)
    }
    assert len(lines) == 339
    assert gaps[DayCount.ACT_ACT] < 1
    assert gaps[DayCount.ACT_ACT_END] > 3
