"""The demo lender, simulated outside systems in processes of their own, and a clock the test moves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cheqi import ports
from cheqi.adapters.credit_bureau.client import HttpCreditBureau
from cheqi.adapters.file_store.disk import DiskFileStore
from cheqi.adapters.payments.client import HttpBank
from cheqi.adapters.vehicle_registry.client import HttpVehicleRegistry
from cheqi.adapters.wire.tests.running import Running, running
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.demo.lender import DemoLender
from cheqi.foundation.access.hooks import CodeMessage, CodeSender
from cheqi.foundation.eventlog.settling import settle
from cheqi.foundation.jobs.running import drain
from cheqi.foundation.staff import queries as staff
from cheqi.ports.credit_bureau import CreditBureau
from cheqi.ports.file_store import FileStore
from cheqi.ports.payments import PaymentGateway
from cheqi.ports.vehicle_registry import VehicleRegistry
from tests.founding import founded

MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@dataclass
class Codes:
    """Takes the one-time codes that would go out by SMS."""

    sent: list[CodeMessage] = field(default_factory=list)

    def send(self, message: CodeMessage, now: datetime) -> None:
        """Keeps it."""
        self.sent.append(message)

    @property
    def last(self) -> str:
        """The newest code."""
        return self.sent[-1].code


@dataclass
class World:
    """A day at the lender: people act at `now`, and `pass_time` lets the worker do what is due."""

    lender: DemoLender
    codes: Codes
    registry: Running
    bank: Running
    now: datetime = MONDAY

    def staff(self, login: str, *, stepped_up: bool = False) -> Actor:
        """A colleague, as they are at this moment."""
        member = self.lender.members[login]
        return staff.actor_for(member, self.now, stepped_up_at=self.now if stepped_up else None)

    def customer(self, party_id: int) -> Actor:
        """A customer who has logged in."""
        return Actor(ActorKind.CUSTOMER, str(party_id), "", scope=Scope(party_id=party_id))

    def pass_time(self, minutes: int = 1) -> None:
        """Time passes, outside too; everything that is due is done."""
        drain(self.now)
        self.now += timedelta(minutes=minutes)
        self.registry.control("advance")
        drain(self.now)

    def settle(self) -> None:
        """What subscribers do after a commit is done too."""
        settle(self.now)


@pytest.fixture(scope="session")
def outside() -> Iterator[dict[str, Running]]:
    """Bureau, registry and bank as simulated processes."""
    with (
        running("credit-bureau") as bureau,
        running("vehicle-registry") as registry,
        running("payments") as bank,
    ):
        yield {"bureau": bureau, "registry": registry, "bank": bank}


@pytest.fixture
def world(db: None, outside: dict[str, Running], tmp_path: Path) -> Iterator[World]:
    """The lender on a Monday morning; nobody has asked the outside anything yet."""
    for system in outside.values():
        system.control("reset")
    codes = Codes()
    with (
        ports.bound(CreditBureau, HttpCreditBureau(outside["bureau"].account())),
        ports.bound(VehicleRegistry, HttpVehicleRegistry(outside["registry"].account())),
        ports.bound(PaymentGateway, HttpBank(outside["bank"].account())),
        ports.bound(FileStore, DiskFileStore(tmp_path / "files")),
        ports.bound(CodeSender, codes),
    ):
        yield World(founded(MONDAY), codes, outside["registry"], outside["bank"])
