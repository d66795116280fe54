"""What the application decides by itself: pure, over the facts that the process declares.

Predicates answer the `when` of a step; they are registered with the workflow in `predicates.py`.
Two reviewers decide side by side without seeing each other:

>>> combine(Opinion.APPROVE, Opinion.REFUSE)
<Decision.SPLIT: 'SPLIT'>
>>> combine(Opinion.APPROVE, None)
<Decision.APPROVED: 'APPROVED'>
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

Facts = Mapping[str, str | int | bool]


class Opinion(StrEnum):
    """What one reviewer thinks."""

    APPROVE = "APPROVE"
    REFUSE = "REFUSE"


class Decision(StrEnum):
    """What the reviewers' opinions come to."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    SPLIT = "SPLIT"


def combine(first: Opinion, second: Opinion | None) -> Decision:
    """The decision of one reviewer, or of two: alike it stands, unlike it is for the manager to settle."""
    if second is None or first is second:
        return Decision.APPROVED if first is Opinion.APPROVE else Decision.REFUSED
    return Decision.SPLIT


def started_by_customer(facts: Facts) -> bool:
    """The customer fills in the application by themselves."""
    return facts.get("started_by") == "CUSTOMER"


def started_by_staff(facts: Facts) -> bool:
    """A client manager enters it at the desk."""
    return facts.get("started_by") == "STAFF"


def needs_clerk(facts: Facts) -> bool:
    """A field could not be accepted as read, or the documents and the application disagree."""
    return number(facts, "fields_for_clerk") + number(facts, "disagreements") > 0


def needs_phone_check(facts: Facts) -> bool:
    """The product asks for a call above an amount."""
    return number(facts, "amount_fen") > number(facts, "phone_check_above_fen")


def needs_four_eyes(facts: Facts) -> bool:
    """The product asks for a second reviewer above an amount."""
    return number(facts, "amount_fen") > number(facts, "four_eyes_above_fen")


def reviewers_differ(facts: Facts) -> bool:
    """One approved and the other refused."""
    return facts.get("decision") == Decision.SPLIT


def payee_differs(facts: Facts) -> bool:
    """The bank knows the dealer's account under another name, or not at all."""
    return facts.get("payee_matches") is False


def needs_gps(facts: Facts) -> bool:
    """The product asks for a GPS contract."""
    return facts.get("gps_required") is True


def needs_consents_of_others(facts: Facts) -> bool:
    """Somebody beside the applicant has to authorise a credit enquiry."""
    return number(facts, "consents_of_others") > 0


def needs_signatures_of_others(facts: Facts) -> bool:
    """Somebody beside the applicant signs the contract."""
    return number(facts, "signatures_of_others") > 0


def somebody_declined(facts: Facts) -> bool:
    """A co-borrower or guarantor does not want to take part (any more)."""
    return number(facts, "declined_by_others") > 0


def number(facts: Facts, name: str) -> int:
    """A whole number among the facts; zero while nobody has said it."""
    value = facts.get(name, 0)
    return value if isinstance(value, int) else 0


def missing_slots(required: Iterable[str], usable: Iterable[str]) -> tuple[str, ...]:
    """The required document slots that no usable document fills, in the order asked for."""
    there = set(usable)
    return tuple(slot for slot in required if slot not in there)
