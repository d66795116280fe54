"""A bank card number of ISO/IEC 7812 (GB/T 14504): 16 to 19 digits that end in their Luhn digit.

Every second digit from the right is doubled, digits are summed, and the sum ends in zero.

>>> check_bank_card("6222 0212 3456 7894")
()
"""

import re

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers.shape import compact, finding

CLAUSE = "ISO/IEC 7812-1"


def normalise_bank_card(value: str) -> str:
    """Without separators."""
    return compact(value)


def luhn_digit(payload: str) -> str:
    """The digit to append to `payload`."""
    return str(-_luhn_sum(payload + "0") % 10)


def check_bank_card(value: str) -> tuple[Finding, ...]:
    """Every objection to a card number."""
    number = normalise_bank_card(value)
    if not re.fullmatch(r"[0-9]{16,19}", number, re.ASCII) or len(set(number)) == 1:
        return finding(
            "bank_card.shape", "银行卡号应为 16 至 19 位数字", "A card number has 16 to 19 digits", CLAUSE
        )
    if _luhn_sum(number) % 10 == 0:
        return ()
    return finding(
        "bank_card.check_digit",
        "银行卡号校验位不符，请逐位核对",
        "The check digit does not fit: compare each digit",
        CLAUSE,
    )


def _luhn_sum(number: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total
