"""Rates: exact decimals in, one rounding out."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.money import Rounding
from cheqi.core.base.rates import (
    SCALE,
    format_percent,
    from_ratio,
    interest_fen,
    parse_rate,
    scaled,
    unscaled,
)


@given(st.integers(-99 * SCALE, 99 * SCALE))
def test_a_scaled_rate_goes_back_to_the_same_decimal(value: int) -> None:
    assert scaled(unscaled(value)) == value


@pytest.mark.parametrize("rate", ["0.00000000001", "100", "NaN", "Infinity"])
def test_a_rate_that_rows_cannot_hold_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        scaled(Decimal(rate))


def test_interest_is_multiplied_first_and_divided_last() -> None:
    """A rate of 1 % over 12 is not exact; 6 yuan for one month is exactly half a fen all the same."""
    assert interest_fen(600, Decimal("0.01"), Fraction(1, 12), Rounding.HALF_UP) == 1
    assert interest_fen(600, Decimal("0.01"), Fraction(1, 12), Rounding.HALF_EVEN) == 0
    assert interest_fen(10_000_000, Decimal("0.06"), Fraction(1, 12), Rounding.HALF_UP) == 50_000


def test_rates_are_shown_in_percent() -> None:
    assert [format_percent(Decimal(r)) for r in ("0.0399", "0.07205", "0", "-0.0001")] == [
        "3.99%",
        "7.21%",
        "0.00%",
        "-0.01%",
    ]
    assert format_percent(Decimal("0.7"), places=0) == "70%"


@pytest.mark.parametrize(
    ("text", "rate"),
    [("3.99%", "0.0399"), ("0.0399", "0.0399"), ("３．９９％", "0.0399"), ("12 %", "0.12")],
)
def test_rates_are_read_from_percent_or_fraction(text: str, rate: str) -> None:
    assert parse_rate(text) == Decimal(rate)


@pytest.mark.parametrize("text", ["", "abc", "3,99%", "-1%", "101", "0.00000000001"])
def test_what_is_not_a_rate_is_none(text: str) -> None:
    assert parse_rate(text) is None


def test_a_ratio_keeps_ten_places() -> None:
    assert from_ratio(2, 3) == Decimal("0.6666666667")
