"""Logs that tests start from."""

from datetime import UTC, datetime

from django.db import transaction

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.foundation.eventlog.operations import Entry, record_many, seal
from cheqi.foundation.eventlog.tests.examples import DoorOpened, GuestNamed

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
MANAGER = Actor(ActorKind.STAFF, "12", "陈静")


def log_doors(count: int, *, cases: int = 3) -> None:
    """Doors opened in turn in cases 1, 2, …; nothing is sealed."""
    with transaction.atomic():
        record_many(
            [Entry(event=DoorOpened(door=n), case_id=1 + n % cases) for n in range(count)],
            actor=SYSTEM,
            now=NOW,
        )


def log_guest(case_id: int = 1, *, party_id: int = 77) -> None:
    """A guest with a name in a case."""
    entry = Entry(event=GuestNamed(purpose="签约", name="李雷"), case_id=case_id, party_id=party_id)
    with transaction.atomic():
        record_many([entry], actor=MANAGER, now=NOW)


def a_sealed_log() -> None:
    """Twenty events of three cases, two with personal parts, sealed in three goes."""
    log_doors(9)
    log_guest(1)
    seal(NOW)
    log_doors(6)
    seal(NOW)
    log_guest(2)
    log_doors(3)
    seal(NOW)
