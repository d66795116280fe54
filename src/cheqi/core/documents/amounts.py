"""Amounts of money on invoices and statements: figures, and Chinese words that must say the same.

>>> words_in_fen("壹拾贰万捌仟圆整"), figures_in_fen("￥128,000.00")
(12800000, 12800000)
"""

import re

_DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"〇": 0, "两": 2}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}
_FIGURES = re.compile(r"(?<![\d.,，])(\d{1,3}(?:[,，]\d{3})+|\d+)\.(\d{2})(?![\d.,，])")


def figures_in_fen(text: str) -> int | None:
    """The amount in fen where exactly one stands in the text with two decimals, else None."""
    found = _FIGURES.findall(text)
    if len(found) != 1:
        return None
    whole, cents = found[0]
    return int(re.sub(r"[,，]", "", whole)) * 100 + int(cents)


def words_in_fen(text: str) -> int | None:
    """The amount that Chinese capitals say, None where they make no amount."""
    words = re.sub(r"[\s⊗×xX○*（）()大写整正人民币:：]", "", text).replace("元", "圆")
    match = re.fullmatch(r"(?:(.*)圆)?(?:(.)角)?零?(?:(.)分)?", words)
    if not words or match is None:
        return None
    whole, tenths, cents = match.groups()
    yuan = _integer(whole) if whole else 0
    if yuan is None or (tenths and tenths not in _DIGITS) or (cents and cents not in _DIGITS):
        return None
    return yuan * 100 + _DIGITS.get(tenths or "", 0) * 10 + _DIGITS.get(cents or "", 0)


def _integer(words: str) -> int | None:
    """Sections of four digits, each closed by 万 or 亿."""
    total = section = 0
    digit: int | None = None
    for character in words:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        elif character == "万":
            total += (section + (digit or 0)) * 10_000
            section, digit = 0, None
        elif character == "亿":
            total = (total + section + (digit or 0)) * 100_000_000
            section, digit = 0, None
        else:
            return None
    return total + section + (digit or 0)
