"""What outside systems send us by themselves: a result pushed by call-back.

The adapter checks the signature and translates; whoever receives it (foundation.exchanges) stores the
push under its id, so that a repeated one changes nothing.

Example: `get(VehicleRegistryPushes).read(headers=…, body=…, now=now)` gives a `Push` whose `answer` is
a `FilingStatus`, or raises `PushRefused`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class PushRefused(Exception):
    """The push is not from whom it says, too old, or unreadable. `code` is for our log only."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Push:
    """`push_id` is unique at the sender; `key` is ours of the request that this answers."""

    push_id: str
    key: str
    answer: object


class PushReader(Protocol):
    """Authenticates and translates a push."""

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Push:
        """The push, or PushRefused. Header names are matched without regard to case."""
        ...


class VehicleRegistryPushes(PushReader, Protocol):
    """Answers are `FilingStatus`."""


class BankPushes(PushReader, Protocol):
    """Answers are `PaymentStatus`."""


class SmsPushes(PushReader, Protocol):
    """Answers are `SmsReceipt`."""
