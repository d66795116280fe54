"""What a field of a document must look like, whoever says its value: machine or clerk.

A clerk may overrule how sure the machine was, never a check digit or a calendar:

>>> [each.rule for each in objections_to(Kind.VEHICLE_LICENCE, "vin", "HHGHH555778802669")]
['identifiers.vin.check_digit']
>>> objections_to(Kind.VEHICLE_LICENCE, "owner", "王小雨")
()
"""

from cheqi.core.base.findings import Finding
from cheqi.core.documents.fields import FIELDS, Form
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.values import clean

_HELD_AGAINST_ANYBODY = frozenset(
    {
        Form.ID_NUMBER,
        Form.VIN,
        Form.USCC,
        Form.BANK_CARD,
        Form.PARTY_NUMBER,
        Form.PLATE,
        Form.DATE,
        Form.AMOUNT,
        Form.AMOUNT_WORDS,
    }
)
_DERIVED = {"valid_from": Form.DATE, "valid_until": Form.PERIOD, "owner_number": Form.PARTY_NUMBER}


def form_of(kind: Kind, name: str) -> Form | None:
    """The form of a field, or None for one that the kind does not have."""
    return next((each.form for each in FIELDS.get(kind, ()) if each.key == name), _DERIVED.get(name))


def objections_to(kind: Kind, name: str, value: str) -> tuple[Finding, ...]:
    """What speaks against a clerk's value; empty when nothing does."""
    form = form_of(kind, name)
    return clean(form, value).objections if form in _HELD_AGAINST_ANYBODY and form else ()


def written(kind: Kind, name: str, value: str) -> str:
    """The value in its one form (a date in ISO, an amount in digits); other text as it is."""
    form = form_of(kind, name)
    return (clean(form, value).value or value.strip()) if form else value.strip()


def required_fields(kind: Kind) -> frozenset[str]:
    """The fields that a document of this kind must have."""
    return frozenset(each.key for each in FIELDS.get(kind, ()) if each.required)
