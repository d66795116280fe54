"""Rates are exact decimals, a fraction a year: 0.0399 is 3.99 %.

In rows and terms a rate has ten places (`DECIMAL(12,10)`); in kernels it is the integer `scaled(rate)`
over `SCALE`, so that interest is one integer division and never a rounded rate times a balance:

>>> interest_fen(10_000_000, Decimal("0.0399"), Fraction(1, 12), Rounding.HALF_UP)
33250
"""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from cheqi.core.base.money import Rounding, divide_round

PLACES = 10
SCALE: int = 10**PLACES
HIGHEST = Decimal(99)


def scaled(rate: Decimal) -> int:
    """The rate as an integer over `SCALE`.

    Raises ValueError beyond ten places, and beyond 99 (9,900 %) either way.
    """
    if not rate.is_finite() or abs(rate) > HIGHEST:
        raise ValueError(f"not a rate: {rate}")
    numerator, denominator = rate.as_integer_ratio()
    value, beyond = divmod(numerator * SCALE, denominator)
    if beyond:
        raise ValueError(f"a rate has at most ten places: {rate}")
    return value


def unscaled(value: int) -> Decimal:
    """The decimal behind an integer over `SCALE`; the inverse of `scaled`."""
    return Decimal(value).scaleb(-PLACES)


def from_ratio(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> Decimal:
    """A ratio of integers as a rate with ten places, such as loan over price."""
    return unscaled(divide_round(numerator * SCALE, denominator, mode))


def interest_fen(balance_fen: int, rate: Decimal, years: Fraction, mode: Rounding) -> int:
    """Interest on a balance over a fraction of a year: multiplied first, divided last, rounded once."""
    return divide_round(
        balance_fen * scaled(rate) * years.numerator,
        SCALE * years.denominator,
        mode,
    )


def format_percent(rate: Decimal, places: int = 2) -> str:
    """The rate as people read it: 0.0399 is `3.99%`; half up at the last place shown."""
    value = divide_round(scaled(rate) * 10 ** (places + 2), SCALE, Rounding.HALF_UP)
    whole, part = divmod(abs(value), 10**places)
    return f"{'-' if value < 0 else ''}{whole}" + (f".{part:0{places}d}%" if places else "%")


_RATE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,12})?)(%?)")


def parse_rate(text: str) -> Decimal | None:
    """A rate from `3.99%` or `0.0399`, full-width characters too; None where it is not one."""
    match = _RATE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if match is None:
        return None
    rate = Decimal(match[1]).scaleb(-2) if match[2] else Decimal(match[1])
    try:
        return unscaled(scaled(rate))
    except ValueError:
        return None
