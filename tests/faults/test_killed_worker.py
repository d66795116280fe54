"""`kill -9` of the worker in a document, a message, a payment: nothing lost, nothing twice.

The worker is a real one with its children, killed all at once; bank and SMS provider are simulators in
processes of their own that count what they really carried out. A second worker, whose clock is past the
first one's leases, takes over.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cheqi.adapters.wire.tests.running import Running, running
from cheqi.areas.origination.operations.documents import upload
from cheqi.areas.origination.operations.securing import order_payout
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.tests.test_worker import until
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations import send
from cheqi.foundation.workflow.models import Case
from cheqi.records.loans.models import LoanAccount
from tests.faults.conftest import Way
from tests.faults.processes import ended, household, kill
from tests.journeys.acts import FACTS, PERSON, done

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AFTER_THE_LEASES = timedelta(seconds=200)
CODE = {"code": "246810", "minutes": 5, "purpose": "登录"}


@pytest.fixture(scope="module")
def sms() -> Iterator[Running]:
    with running("sms") as system:
        yield system


def hangs(system: Running) -> bool:
    """Whether it holds a call."""
    return bool(system.look("/_control/hanging")["hanging"])


def test_killed_in_the_middle_of_a_payment_and_of_a_message_each_happens_once(
    way: Way, outside: dict[str, Running], sms: Running, tmp_path: Path
) -> None:
    case_id, bank, now = way.send().review().payout().case_id, outside["bank"], way.world.now
    sms.control("reset")
    with household(tmp_path, outside | {"sms": sms}) as home:
        bank.fault("HANG")
        sms.fault("HANG")
        payer = way.world.staff("sunhao", stepped_up=True)
        done(order_payout(case_id=case_id, actor=payer, now=now, key="pay-1"))
        message = send("one_time_code", to="13900000018", data=CODE, key="k", now=now)
        first = home.worker(now)
        until(lambda: hangs(bank) and hangs(sms))
        kill(first)
        payment = Exchange.objects.get(operation="pay_out")
        message.refresh_from_db()
        assert (payment.state, message.state, LoanAccount.objects.count()) == ("UNKNOWN", "SENDING", 0)
        for system in (bank, sms):
            system.control("release")

        second = home.worker(now + AFTER_THE_LEASES)
        until(lambda: Case.objects.get(pk=case_id).status == "DISBURSED")
        until(lambda: Message.objects.get(pk=message.pk).state == "SENT")
        assert ended(second) == 0
        assert bank.effects[payment.key] == 1
        assert set(bank.effects.values()) == set(sms.effects.values()) == {1}
        texts = [each["text"] for each in sms.look("/inbox.json")["messages"]]
        assert len([text for text in texts if "246810" in text]) == 1
        loan = LoanAccount.objects.get(case_id=case_id)
        assert (loan.principal_fen, loan.installments.count()) == (10_000_000, 36)
        assert EventRow.objects.filter(case_id=case_id, type="lending.loan_disbursed").count() == 1
        assert not Wakeup.objects.filter(state="DEAD").exists()


@pytest.mark.ocr
def test_killed_in_the_middle_of_reading_a_document_is_read_once(
    way: Way, outside: dict[str, Running], tmp_path: Path
) -> None:
    way.send()
    customer, now = way.world.customer(way.party_id), way.world.now
    with household(tmp_path, outside) as home:
        picture = io.BytesIO(way.told.drawn("ID_CARD_FRONT", FACTS))
        given = {"case_id": way.case_id, "slot": "ID_CARD_FRONT", "actor": customer, "now": now}
        document = done(upload(picture, **given, key="up-1"))
        first = home.worker(now)
        until(lambda: Document.objects.get().state == "READING")
        kill(first)
        assert (Document.objects.get().state, FieldValue.objects.count()) == ("READING", 0)

        second = home.worker(now + AFTER_THE_LEASES)
        until(lambda: Document.objects.get().state in {"READ", "NEEDS_CLERK"})
        assert ended(second) == 0
        number = FieldValue.objects.get(document=document, name="id_number")
        assert number.value == PERSON.id_number
        names = list(FieldValue.objects.values_list("name", flat=True))
        assert len(names) == len(set(names))
        assert EventRow.objects.filter(type="documents.read").count() == 1
        assert Wakeup.objects.get(task="documents.read").attempts == 2
