"""The citizen identity number of GB 11643-1999: region, birth date, sequence, check digit.

Weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 over the first 17 digits, sum modulo 11 looked up in
`10X98765432`; an odd sequence is a man's. The county code is not looked up: codes have come and gone
since 1980, and a list refuses people whose county was renamed.

>>> id_facts("11010519491231002X")
IdFacts(birth_date=datetime.date(1949, 12, 31), sex=<Sex.FEMALE: 'FEMALE'>, region_code='110105')
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers.shape import compact, finding

CLAUSE = "GB 11643-1999"
EARLIEST_BIRTH = date(1900, 1, 1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"

PROVINCES = MappingProxyType(
    {
        "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林",
        "23": "黑龙江", "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西",
        "37": "山东", "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南",
        "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃",
        "63": "青海", "64": "宁夏", "65": "新疆", "71": "台湾", "81": "香港", "82": "澳门", "83": "台湾",
        "91": "外国人",
    }
)  # fmt: skip
"""The first two digits (GB/T 2260; 81 to 83 are residence permits, 91 permanent residence of foreigners)."""


class Sex(StrEnum):
    """As the sequence number tells it."""

    MALE = "MALE"
    FEMALE = "FEMALE"


@dataclass(frozen=True, slots=True)
class IdFacts:
    """What an identity number says about its holder."""

    birth_date: date
    sex: Sex
    region_code: str


def normalise_id_number(value: str) -> str:
    """Without separators, with a capital X."""
    return compact(value)


def id_check_digit(first_17: str) -> str:
    """The 18th character for 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def check_id_number(value: str, *, today: date | None = None) -> tuple[Finding, ...]:
    """Every objection to an identity number. With `today`, a birth in the future is one of them."""
    number = normalise_id_number(value)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        return finding(
            "id_number.shape",
            "身份证号应为 18 位：17 位数字加一位数字或 X",
            "An ID number has 18 characters: 17 digits and a digit or X",
            CLAUSE,
        )
    found: tuple[Finding, ...] = ()
    if number[:2] not in PROVINCES:
        found += finding(
            "id_number.region",
            "身份证号的前两位不是省级代码",
            "The first two digits name no province",
            CLAUSE,
        )
    birth = _birth_date(number)
    if birth is None or (today is not None and birth > today):
        found += finding(
            "id_number.birth_date",
            "身份证号第 7 至 14 位不是可能的出生日期",
            "Digits 7 to 14 are not a possible date of birth",
            CLAUSE,
        )
    if id_check_digit(number[:17]) != number[17]:
        found += finding(
            "id_number.check_digit",
            "身份证号校验位不符，请逐位核对",
            "The check digit does not fit: compare each digit",
            CLAUSE,
        )
    return found


def id_facts(value: str) -> IdFacts | None:
    """Birth date, sex and region code of a right number; None when any check objects."""
    number = normalise_id_number(value)
    birth = None if check_id_number(number) else _birth_date(number)
    if birth is None:
        return None
    return IdFacts(birth, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE, number[:6])


def _birth_date(number: str) -> date | None:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return birth if birth >= EARLIEST_BIRTH else None
