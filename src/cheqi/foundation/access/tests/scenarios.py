"""Named situations for the tests of access: a few numbers, one case, and what was sent."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.access import operations
from cheqi.foundation.access.hooks import CodeMessage, Person, TrackedCase
from cheqi.foundation.access.models import OneTimeCode
from cheqi.foundation.access.operations import CodeRequested
from cheqi.foundation.eventlog.models import EventRow

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ADDRESS = "127.0.0.1"
KNOWN = "+8613800138866"
UNKNOWN = "+8613900139977"


@dataclass
class Town:
    """Answers the three hooks."""

    parties: dict[str, Person] = field(default_factory=lambda: {KNOWN: Person(7, "张小三")})
    cases: dict[tuple[str, str], TrackedCase] = field(
        default_factory=lambda: {("AP2026000017", "8866"): TrackedCase(17, 7, KNOWN)}
    )
    sent: list[CodeMessage] = field(default_factory=list)


class Directory:
    """Parties of the town."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def find(self, mobile: str) -> Person | None:
        """By number."""
        return self._town.parties.get(mobile)

    def enter(self, mobile: str, now: datetime) -> Person:
        """A new one."""
        self._town.parties[mobile] = person = Person(100 + len(self._town.parties), "")
        return person


class Cases:
    """Cases of the town."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def find(self, number: str, mobile_last4: str) -> TrackedCase | None:
        """By number and last four."""
        return self._town.cases.get((number, mobile_last4))


class Outbox:
    """Keeps what was sent."""

    def __init__(self, town: Town) -> None:
        self._town = town

    def send(self, message: CodeMessage, now: datetime) -> None:
        """Into the list."""
        self._town.sent.append(message)


def asked(answer: CodeRequested | Refused) -> CodeRequested:
    """The challenge of a request that was not refused."""
    assert isinstance(answer, CodeRequested), answer
    return answer


def log_in_code(mobile: str = KNOWN, now: datetime = NOW) -> tuple[CodeRequested, str]:
    """A LOGIN code that was sent: its challenge and the digits."""
    given = asked(operations.request_code(mobile=mobile, purpose="LOGIN", now=now, address=ADDRESS))
    return given, digits(given)


def digits(given: CodeRequested) -> str:
    """What the short message says."""
    return str(OneTimeCode.objects.get(challenge=given.challenge).code)


def kind_of(answer: object) -> RefusalKind | None:
    """Why it was refused, None where it was not."""
    return answer.kind if isinstance(answer, Refused) else None


def events(kind: str) -> int:
    """How many events of a type are in the log."""
    return EventRow.objects.filter(type=kind).count()
