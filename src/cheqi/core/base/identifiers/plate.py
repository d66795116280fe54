"""Number plates of GA 36-2018: province, issuing letter, five characters; six on new-energy plates.

I and O are not used. A small new-energy plate starts with A to K (D and F first) and ends in four digits,
a large one has the letter last. There is no check digit: shape is all a plate can prove.

>>> check_plate("京A·D12345"), check_plate("京AA5599")
((), ())
"""

import re

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers.shape import compact, finding

CLAUSE = "GA 36-2018"
PROVINCE_CHARACTERS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_HEAD = rf"[{PROVINCE_CHARACTERS}][A-HJ-NP-Z]"
_NEW_ENERGY = re.compile(rf"{_HEAD}(?:[A-HJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[A-HJK])", re.ASCII)
_ORDINARY = re.compile(rf"{_HEAD}(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{{5}}", re.ASCII)
_SUFFIXED = re.compile(rf"{_HEAD}(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{{4}}[学警挂领港澳超试]", re.ASCII)


def normalise_plate(value: str) -> str:
    """Without the dot between letter and number, in capitals."""
    return compact(value)


def is_new_energy(value: str) -> bool:
    """Whether it is a right plate of six characters after the issuing letter."""
    return _NEW_ENERGY.fullmatch(normalise_plate(value)) is not None


def check_plate(value: str) -> tuple[Finding, ...]:
    """Every objection to a plate."""
    plate = normalise_plate(value)
    if any(shape.fullmatch(plate) for shape in (_ORDINARY, _NEW_ENERGY, _SUFFIXED)):
        return ()
    return finding(
        "plate.shape",
        "号牌号码应为省份简称、发牌机关字母加 5 位（新能源 6 位）字母或数字，不含 I、O",
        "A plate is a province character, a letter and 5 (new energy 6) letters or digits, without I and O",
        CLAUSE,
    )
