"""What a contact is: a purpose, a channel and a point, and what is known of earlier ones.

Rules bind by purpose: a one-time code is SECURITY and reaches its owner at night, a dunning call is
COLLECTION and does not.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """Why we contact a person. SERVICE is what the contract or the law asks us to say; PROGRESS is good to
    know and can be turned off."""

    SECURITY = "SECURITY"
    SERVICE = "SERVICE"
    PROGRESS = "PROGRESS"
    COLLECTION = "COLLECTION"
    MARKETING = "MARKETING"


class Channel(StrEnum):
    """How we contact a person. IN_APP waits silently in the inbox of the portal or the desk."""

    IN_APP = "IN_APP"
    SMS = "SMS"
    MAIL = "MAIL"
    CALL = "CALL"
    VISIT = "VISIT"


class ContactResult(StrEnum):
    """What an earlier contact came to."""

    STARTED = "STARTED"
    SENT = "SENT"
    CONVERSATION = "CONVERSATION"
    UNANSWERED = "UNANSWERED"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that is wanted. `point` names the number or address without showing it (a blind index)."""

    purpose: Purpose
    channel: Channel
    point: str = ""


@dataclass(frozen=True, slots=True)
class PastContact:
    """An earlier contact with the same person, over all loans, by the institution or its agencies."""

    at: datetime
    purpose: Purpose
    channel: Channel
    result: ContactResult
    point: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the person asked of us. `opted_out` pairs a purpose with a channel; `may_be_contacted_at_night`
    is an agreement on record to be contacted in quiet hours."""

    opted_out: frozenset[tuple[Purpose, Channel]] = field(default_factory=frozenset)
    may_be_contacted_at_night: bool = False
