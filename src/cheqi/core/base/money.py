"""Money is an integer number of fen. It is rounded on one line, by a mode that has a name.

Nothing here divides a rate first: numerator and denominator stay integers until `divide_round`, so a
half fen is a half fen and never 0.4999…:

>>> divide_round(10_000 * 399, 10_000 * 12, Rounding.HALF_UP)   # 3.99 % of 100 yuan, for one month
33
>>> split(10_000, (1, 1, 1))
(3334, 3333, 3333)
>>> format_yuan(12_345_678)
'¥123,456.78'
>>> parse_yuan("12.5万")
12500000
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

FEN_PER_YUAN = 100
FEN_PER_WAN = 10_000 * FEN_PER_YUAN
LONGEST_INPUT = 40


class Rounding(StrEnum):
    """What happens to the part of a fen. Signs are symmetric: -x rounds to minus what x rounds to."""

    HALF_UP = "HALF_UP"
    HALF_EVEN = "HALF_EVEN"
    DOWN = "DOWN"
    UP = "UP"


def divide_round(numerator: int, denominator: int, mode: Rounding) -> int:
    """The quotient as an integer, rounded by `mode`. Exact for integers of any size.

    HALF_UP takes a tie away from zero, HALF_EVEN to the even neighbour, DOWN goes towards zero and UP
    away from it. Raises ZeroDivisionError for a zero denominator.
    """
    negative = (numerator < 0) != (denominator < 0)
    quotient, rest = divmod(abs(numerator), abs(denominator))
    if rest and _goes_up(quotient, 2 * rest - abs(denominator), mode):
        quotient += 1
    return -quotient if negative else quotient


def _goes_up(quotient: int, above_half: int, mode: Rounding) -> bool:
    """Whether a rest counts as one more; `above_half` is zero on a tie."""
    if mode is Rounding.HALF_UP:
        return above_half >= 0
    if mode is Rounding.HALF_EVEN:
        return above_half > 0 or (above_half == 0 and quotient % 2 == 1)
    return mode is Rounding.UP


def round_to_unit(numerator: int, denominator: int, mode: Rounding, unit_fen: int) -> int:
    """The quotient rounded to a multiple of `unit_fen`: 100 pays whole yuan. Raises ValueError below 1."""
    if unit_fen < 1:
        raise ValueError(f"a unit is at least one fen, not {unit_fen}")
    return divide_round(numerator, denominator * unit_fen, mode) * unit_fen


def split(total_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares of `total_fen` in proportion to `weights`; they always sum back to the whole.

    What does not divide goes, one fen each, to the largest remainders and among equals to the earlier
    share. Raises ValueError for no weights, a negative weight, or weights that are all zero.
    """
    if not weights or min(weights) < 0 or not sum(weights):
        raise ValueError(f"shares need weights of at least zero and a positive sum, not {tuple(weights)}")
    whole, sign = sum(weights), -1 if total_fen < 0 else 1
    amounts = [divmod(abs(total_fen) * weight, whole) for weight in weights]
    shares = [amount for amount, _ in amounts]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-amounts[index][1], index))
    for index in by_remainder[: abs(total_fen) - sum(shares)]:
        shares[index] += 1
    return tuple(sign * share for share in shares)


def format_yuan(fen: int) -> str:
    """The amount as people read it: `¥1,234.56`, `-¥0.05`."""
    yuan, cents = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{cents:02d}"


_AMOUNT = re.compile(
    r"(?P<sign>-?)(?:¥|RMB|CNY|人民币)?(?P<sign2>-?)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?(?P<unit>万?)(?:元整?)?"
)


def parse_yuan(text: str) -> int | None:
    """Fen for what a person typed in yuan, or None where it is not an amount of whole fen.

    Takes ¥, 元, RMB, commas in their places, 万 and full-width characters. Refuses `1,23`, `1.234`,
    two signs, and anything longer than forty characters.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper().replace("−", "-")
    match = _AMOUNT.fullmatch(plain) if len(plain) <= LONGEST_INPUT else None
    if match is None or (match["sign"] and match["sign2"]):
        return None
    part = (match["part"] or "").rstrip("0")
    numerator: int = int(match["whole"].replace(",", "") + part)
    numerator *= FEN_PER_WAN if match["unit"] else FEN_PER_YUAN
    fen, rest = divmod(numerator, int(10 ** len(part)))
    if rest:
        return None
    return -fen if match["sign"] or match["sign2"] else fen


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = {4: "万", 8: "亿", 12: "万"}


def in_capitals(fen: int) -> str:
    """The amount in the capital figures of contracts: 100,050.20 yuan is 壹拾万零伍拾元贰角整.

    Raises ValueError outside 0 … 10^16 yuan, which no contract reaches.
    """
    yuan, cents = divmod(fen, FEN_PER_YUAN)
    if fen < 0 or yuan >= 10**16:
        raise ValueError(f"no capital figures for {fen} fen")
    jiao, rest = divmod(cents, 10)
    words = f"{_whole_in_capitals(yuan)}元" if yuan or not cents else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif rest and yuan:
        words += "零"
    return words + (f"{_DIGITS[rest]}分" if rest else "整")


def _whole_in_capitals(yuan: int) -> str:
    """The whole yuan: groups of four figures, one 零 for any run of zeros inside the number."""
    words, pending_zero = "", False
    for power in range(15, -1, -1):
        digit = yuan // 10**power % 10
        if digit:
            words += ("零" if pending_zero else "") + _DIGITS[digit] + _PLACES[power % 4]
            pending_zero = False
        elif words:
            pending_zero = True
        if (power == 8 and words) or (power in (4, 12) and yuan // 10**power % 10_000):
            words += _GROUPS[power]
    return words or "零"
