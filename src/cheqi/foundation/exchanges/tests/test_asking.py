"""The wish to ask is a row of the caller's transaction."""

import pytest
from django.db import connection, transaction

from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.operations import KeyBelongsToAnother, ask
from cheqi.foundation.exchanges.registry import UnknownOperation
from cheqi.foundation.exchanges.tests.fakes import NOW, a_pay_out
from cheqi.foundation.jobs.models import Wakeup
from cheqi.ports.payments import PayeeCheck

pytestmark = pytest.mark.django_db


def test_a_request_waits_with_its_wake_up() -> None:
    made = ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW, case_id=7)
    row = Exchange.objects.get()
    assert (row.pk, row.state, row.case_id, row.next_try_at) == (made.pk, "WAITING", 7, NOW)
    wakeup = Wakeup.objects.get()
    assert (wakeup.task, wakeup.key, wakeup.run_at) == ("exchanges.drive", str(row.pk), NOW)


def test_what_is_asked_lies_encrypted() -> None:
    ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM exchanges_exchange")
        stored = bytes(cursor.fetchone()[0])
    assert b"6222020000000018" not in stored
    assert b"6222020000000018" in Exchange.objects.get().payload


def test_asking_twice_under_one_key_is_one_exchange() -> None:
    first = ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
    second = ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
    assert first.pk == second.pk
    assert Exchange.objects.count() == Wakeup.objects.count() == 1


def test_a_key_cannot_be_used_for_another_amount() -> None:
    ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
    with pytest.raises(KeyBelongsToAnother, match="already used"):
        ask("payments", "pay_out", key="pay-1", payload=a_pay_out(amount_fen=1), now=NOW)
    assert b'"amount_fen":5000000' in Exchange.objects.get().payload


def test_a_request_under_a_foreign_key_is_a_mistake() -> None:
    with pytest.raises(KeyBelongsToAnother, match="says pay-1"):
        ask("payments", "pay_out", key="other", payload=a_pay_out(), now=NOW)
    assert not Exchange.objects.exists()


def test_the_wrong_dto_or_operation_is_a_mistake() -> None:
    check = PayeeCheck("pay-1", "6222", "车行")
    with pytest.raises(TypeError, match="takes PayOut, not PayeeCheck"):
        ask("payments", "pay_out", key="pay-1", payload=check, now=NOW)
    with pytest.raises(UnknownOperation, match=r"payments\.refund"):
        ask("payments", "refund", key="pay-1", payload=check, now=NOW)
    assert not Exchange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_cause_asks_nobody() -> None:
    with transaction.atomic():
        ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
        transaction.set_rollback(True)
    assert not Exchange.objects.exists()
    assert not Wakeup.objects.exists()
