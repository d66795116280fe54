"""What access asks of the parts above it, bound like a port in `config.wiring`.

The foundation knows no parties and no cases: whoever keeps them answers `PartyDirectory` and
`CaseDirectory`. `CodeSender` hands a one-time code over, with the purpose SECURITY of the contact gate.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """The party behind a number."""

    party_id: int
    name: str


@dataclass(frozen=True, slots=True)
class TrackedCase:
    """A case that a customer may follow, and the number that its codes go to."""

    case_id: int
    party_id: int
    mobile: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """One code to hand over; `key` is the same at every attempt."""

    key: str
    purpose: str
    mobile: str = field(repr=False)
    code: str = field(repr=False)
    minutes: int = 5
    party_id: int | None = None


class PartyDirectory(Protocol):
    """Who has which number."""

    def find(self, mobile: str) -> Person | None:
        """The party with this number (E.164), if there is one."""
        ...

    def enter(self, mobile: str, now: datetime) -> Person:
        """Enters somebody new, who just proved to have this number. Called in a transaction."""
        ...


class CaseDirectory(Protocol):
    """Which case a customer means."""

    def find(self, number: str, mobile_last4: str) -> TrackedCase | None:
        """The case with this number whose customer's mobile ends so; the same work where there is none."""
        ...


class CodeSender(Protocol):
    """Hands codes over."""

    def send(self, message: CodeMessage, now: datetime) -> None:
        """Hands it over once for its key. Raises an OutsideFailure when it should be tried again."""
        ...
