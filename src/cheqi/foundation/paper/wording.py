"""Amounts in the capital characters that contracts want, and rates as people read them.

>>> capital_yuan(12_345_678)
'壹拾贰万叁仟肆佰伍拾陆元柒角捌分'
>>> capital_yuan(10_000_500)
'壹拾万零伍元整'
>>> percent(Decimal("0.1182"))
'11.82%'
"""

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capital_yuan(fen: int) -> str:
    """An amount of 0 or more fen in capital characters. Raises ValueError below 0 or from 10^16 yuan."""
    if fen < 0 or fen >= 10**18:
        raise ValueError(f"no capital form for {fen} fen")
    yuan, cents = divmod(fen, 100)
    jiao, rest = divmod(cents, 10)
    words = _whole(yuan) + "元" if yuan else ""
    if not cents:
        return (words or "零元") + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_DIGITS[rest] + "分" if rest else "整")


def percent(rate: Decimal) -> str:
    """A rate a year with two decimals, rounded half up."""
    return f"{(rate * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def _whole(yuan: int) -> str:
    words, gap, group = "", False, 0
    parts: list[tuple[int, int]] = []
    while yuan:
        yuan, part = divmod(yuan, 10_000)
        parts.append((part, group))
        group += 1
    for part, place in reversed(parts):
        if part == 0:
            gap = bool(words)
            continue
        words += ("零" if words and (gap or part < 1000) else "") + _four(part) + _GROUPS[place]
        gap = False
    return words


def _four(part: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
