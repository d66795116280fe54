"""The unified social credit code of GB 32100-2015: 18 characters without I, O, S, V and Z.

Weights are powers of three modulo 31 over the first 17; the 18th makes the sum a multiple of 31.

>>> check_uscc("91110000600037341L")
()
"""

import re

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers.shape import compact, finding

CLAUSE = "GB 32100-2015"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def normalise_uscc(value: str) -> str:
    """Without separators, in capitals."""
    return compact(value)


def uscc_check_character(first_17: str) -> str:
    """The 18th character for 17 of the alphabet."""
    total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first_17))
    return _ALPHABET[-total % 31]


def check_uscc(value: str) -> tuple[Finding, ...]:
    """Every objection to a unified social credit code."""
    code = normalise_uscc(value)
    if not re.fullmatch(rf"[159AN][0-9A-G][0-9]{{6}}[{_ALPHABET}]{{10}}", code):
        return finding(
            "uscc.shape",
            "统一社会信用代码应为 18 位数字或大写字母，不含 I、O、S、V、Z",
            "A unified social credit code has 18 digits or capitals, without I, O, S, V and Z",
            CLAUSE,
        )
    if uscc_check_character(code[:17]) == code[17]:
        return ()
    return finding(
        "uscc.check_digit",
        "统一社会信用代码校验位不符，请逐位核对",
        "The check character does not fit: compare each character",
        CLAUSE,
    )
