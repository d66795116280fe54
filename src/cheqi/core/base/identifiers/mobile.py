"""Mobile numbers of mainland China: eleven digits in an allotted range (numbering plan, +86).

The ranges come from the phonenumbers library, which follows the plan as operators receive new ones.

>>> check_mobile("138 0013 8000")
()
"""

import re

import phonenumbers

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers.shape import compact, finding

CLAUSE = "电信网编号计划（2017 年版）"


def normalise_mobile(value: str) -> str:
    """Eleven digits without +86, 0086 or separators."""
    digits = compact(value).lstrip("+")
    return re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)


def check_mobile(value: str) -> tuple[Finding, ...]:
    """Every objection to a mobile number."""
    number = normalise_mobile(value)
    if not re.fullmatch(r"1[0-9]{10}", number, re.ASCII):
        return finding(
            "mobile.shape", "手机号应为以 1 开头的 11 位数字", "A mobile number has 11 digits from 1", CLAUSE
        )
    if phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")):
        return ()
    return finding(
        "mobile.range", "手机号段未启用，请核对", "No operator uses this range: please check", CLAUSE
    )
