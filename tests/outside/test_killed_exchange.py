"""kill -9 in the middle of a call: nothing is lost, nothing is done twice.

The bank is the simulator in a process of its own; it counts what it really carried out. A second process
drives the exchange and is killed while the bank hangs; then this process takes over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from cheqi import ports
from cheqi.adapters.keys.files import FileKeys
from cheqi.adapters.payments.client import HttpBank
from cheqi.adapters.wire.tests.running import SECRET, Running, running
from cheqi.foundation.exchanges.operations import ask, drive
from cheqi.foundation.exchanges.registry import Answer, on_answer
from cheqi.foundation.exchanges.tests.fakes import NOW, a_pay_out
from cheqi.ports.keys import KeyProvider
from cheqi.ports.payments import PaymentGateway
from tests.outside.killing import killed_while_calling
from tests.outside.separate import shared_database

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LATER = NOW + timedelta(seconds=61)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running("payments") as system:
        yield system


@contextmanager
def together(simulator: Running, folder: Path) -> Iterator[dict[str, str]]:
    """This process and others share database, keys and bank."""
    with shared_database(folder) as environment, ports.bound(KeyProvider, FileKeys(folder / "keys")):
        client = HttpBank(simulator.account())
        with ports.bound(PaymentGateway, client):
            simulator.control("reset")
            yield environment | {"CHEQI_PAYMENTS_URL": simulator.url, "CHEQI_PARTNER_SECRET": SECRET}
        client.close()


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        ("HANG", [("SEND", "LOST"), ("ASK", "ANSWERED")]),
        ("HANG_BEFORE", [("SEND", "LOST"), ("ASK", "NOT_FOUND"), ("SEND", "ANSWERED")]),
    ],
)
def test_killed_in_the_middle_of_a_payment_it_is_paid_once(
    simulator: Running, tmp_path: Path, fault: str, calls: list[tuple[str, str]]
) -> None:
    taken: list[Answer] = []

    @on_answer("payments.pay_out")
    def take(answer: Answer, *, now: object) -> None:
        taken.append(answer)

    with together(simulator, tmp_path) as environment:
        row = ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
        simulator.fault(fault)
        killed_while_calling("exchanges", row.pk, NOW, environment, simulator)
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("UNKNOWN", 1)
        assert drive(row.pk, now=NOW + timedelta(seconds=59)) == NOW + timedelta(seconds=60)
        while drive(row.pk, now=LATER):
            continue
        row.refresh_from_db()
        assert row.state == "DONE"
        assert list(row.calls.order_by("number").values_list("kind", "outcome")) == calls
        assert simulator.effects == {"pay-1": 1}
        assert [answer.result.amount_fen for answer in taken] == [5_000_000]
        simulator.control("release")
