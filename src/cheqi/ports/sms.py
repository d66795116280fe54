"""Short messages. The provider sends a key once, however often it is asked to.

Example: `get(SmsGateway).send(SmsMessage(key="msg-7-1", mobile="13900000000", text="…")).provider_id`.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, UnableToReach


class UnableToReachSms(UnableToReach):
    """Nothing was sent."""


class SmsOutcomeUnknown(OutcomeUnknown):
    """It may have been sent; ask with the same key."""


class SmsDeclined(DeclinedOutside):
    """The provider will not send this, for instance because the number does not exist."""


class SmsState(StrEnum):
    """What the provider knows."""

    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """One text. Number and text stay out of `repr`, so out of logs too."""

    key: str
    mobile: str = field(repr=False)
    text: str = field(repr=False)
    sign_name: str = "车契"


@dataclass(frozen=True, slots=True)
class SmsReceipt:
    """The provider's answer: its own id, and how far the message is."""

    key: str
    provider_id: str
    state: SmsState
    reason: str = ""


class SmsGateway(Protocol):
    """Raises UnableToReachSms, SmsOutcomeUnknown or SmsDeclined, and nothing else."""

    def send(self, message: SmsMessage) -> SmsReceipt:
        """Hands the message over; a known key answers with its receipt and sends nothing."""
        ...

    def ask(self, key: str) -> SmsReceipt | None:
        """How far the message is, or None when the provider never took it."""
        ...
