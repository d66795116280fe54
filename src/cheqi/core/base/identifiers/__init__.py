"""Numbers that prove themselves: identity, vehicle, company, card, plate and mobile numbers.

Each `check_…` returns every objection as a `Finding`, so an empty tuple means right; a `normalise_…`
first removes what people and cameras add (spaces, dashes, dots, small letters, full-width forms) and
never changes one character into another: 0 and O stay what they were.

>>> check_id_number("11010519491231002X")
()
>>> [finding.rule for finding in check_id_number("110105194912310021")]
['identifiers.id_number.check_digit']
"""

from cheqi.core.base.identifiers.bank_card import check_bank_card, luhn_digit, normalise_bank_card
from cheqi.core.base.identifiers.id_number import (
    PROVINCES,
    IdFacts,
    Sex,
    check_id_number,
    id_check_digit,
    id_facts,
    normalise_id_number,
)
from cheqi.core.base.identifiers.mobile import check_mobile, normalise_mobile
from cheqi.core.base.identifiers.plate import PROVINCE_CHARACTERS, check_plate, is_new_energy, normalise_plate
from cheqi.core.base.identifiers.uscc import check_uscc, normalise_uscc, uscc_check_character
from cheqi.core.base.identifiers.vin import (
    VIN_ALPHABET,
    check_vin,
    is_known_maker,
    normalise_vin,
    vin_check_digit,
)

__all__ = [
    "PROVINCES",
    "PROVINCE_CHARACTERS",
    "VIN_ALPHABET",
    "IdFacts",
    "Sex",
    "check_bank_card",
    "check_id_number",
    "check_mobile",
    "check_plate",
    "check_uscc",
    "check_vin",
    "id_check_digit",
    "id_facts",
    "is_known_maker",
    "is_new_energy",
    "luhn_digit",
    "normalise_bank_card",
    "normalise_id_number",
    "normalise_mobile",
    "normalise_plate",
    "normalise_uscc",
    "normalise_vin",
    "uscc_check_character",
    "vin_check_digit",
]
