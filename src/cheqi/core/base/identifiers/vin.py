"""The vehicle identification number of ISO 3779 and GB 16735: 17 characters without I, O and Q.

The ninth is the check digit: letters become digits by a table, weights 8 7 6 5 4 3 2 10 0 9 8 7 6 5 4 3 2,
sum modulo 11, ten written X. It misses about one single substitution in twelve (several letters share a
digit), so a photographed VIN also needs a known maker and agreement with a second document.

>>> check_vin("1M8GDM9AXKP042788")
()
"""

import re

from vininfo.dicts import WMI

from cheqi.core.base.findings import Finding
from cheqi.core.base.identifiers.shape import compact, finding

CLAUSE = "GB 16735-2019; ISO 3779:2009"
VIN_ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VALUES = {
    **{digit: int(digit) for digit in "0123456789"},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# Makers in China that the vininfo table does not hold; one missing only sends a right VIN to a clerk.
_CHINA_CODES = (
    "HES HJ4 HJR L1N LA6 LA9 LB1 LB2 LB3 LBA LBP LC6 LCR LDD LDN LDP LE8 LEF LEW LFB LFF LFN LFZ "
    "LGA LGC LGF LGG LGK LGL LGZ LHB LJ8 LJN LJU LJV LJX LK6 LKC LKG LL6 LL8 LLN LM6 LM8 LMV LMW LMX "
    "LNA LNB LNN LNP LNY LPS LRH LS4 LS6 LSC LSF LSH LSK LSS LSU LTA LTN LTP LTS LUX LVA LVB LVC LVF "
    "LVM LVP LVT LVX LVZ LW4 LWL LWM LXG LXV LYM LZ0 LZF LZL LZN LZS LZZ"
)
_CHINA = frozenset(_CHINA_CODES.split())


def normalise_vin(value: str) -> str:
    """Without separators, in capitals."""
    return compact(value)


def vin_check_digit(vin: str) -> str:
    """The ninth character that fits the other sixteen of a VIN in the right alphabet."""
    total = sum(_VALUES[character] * weight for character, weight in zip(vin, _WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


def is_known_maker(vin: str) -> bool:
    """Whether the first three characters (or two, for a whole range) are a maker we know."""
    return vin[:3] in WMI or vin[:3] in _CHINA or (vin[:1] not in "LH" and vin[:2] in WMI)


def check_vin(value: str) -> tuple[Finding, ...]:
    """Every objection to a VIN: its shape, or a check digit that does not fit."""
    vin = normalise_vin(value)
    if not re.fullmatch(rf"[{VIN_ALPHABET}]{{17}}", vin):
        return finding(
            "vin.shape",
            "车辆识别代号应为 17 位，不含字母 I、O、Q",
            "A VIN has 17 characters and no I, O or Q",
            CLAUSE,
        )
    if vin_check_digit(vin) == vin[8]:
        return ()
    return finding(
        "vin.check_digit",
        "车辆识别代号第 9 位校验位不符，请逐位核对",
        "The check digit (9th character) does not fit: compare each character",
        CLAUSE,
    )
