"""The client against the simulated bank in a process of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cheqi.adapters.payments.client import HttpBank, push_reader
from cheqi.adapters.wire.signature import Signed, headers_for
from cheqi.adapters.wire.tests.running import Running
from cheqi.ports.payments import (
    MandateRequest,
    MandateState,
    PayeeCheck,
    PayeeVerdict,
    PaymentDeclined,
    PaymentOutcomeUnknown,
    PaymentState,
    PayOut,
    UnableToReachBank,
)
from cheqi.ports.pushes import PushRefused


def a_pay_out(ending: str = "0018", key: str = "pay-1", amount_fen: int = 12_345_678) -> PayOut:
    return PayOut(key, amount_fen, f"622202300000{ending}", "安心汽车销售有限公司", memo="车款")


def a_mandate(ending: str = "0018") -> MandateRequest:
    return MandateRequest(
        "mandate-1",
        f"622202300000{ending}",
        "李雷",
        "110101199003071014",
        "13900000018",
        "HT2026-1",
        500_000,
        15,
        date(2029, 11, 23),
    )


@pytest.fixture
def client(bank: Running) -> Iterator[HttpBank]:
    made = HttpBank(bank.account())
    yield made
    made.close()


@pytest.mark.parametrize(
    ("ending", "verdict"),
    [
        ("0018", PayeeVerdict.MATCH),
        ("7777", PayeeVerdict.NAME_DIFFERS),
        ("8888", PayeeVerdict.ACCOUNT_CLOSED),
        ("9999", PayeeVerdict.ACCOUNT_UNKNOWN),
    ],
)
def test_a_payee_is_verified(client: HttpBank, ending: str, verdict: PayeeVerdict) -> None:
    answer = client.verify_payee(PayeeCheck("check-1", f"622202300000{ending}", "安心汽车销售有限公司"))
    assert (answer.verdict, answer.is_match) == (verdict, verdict is PayeeVerdict.MATCH)


def test_a_pay_out_is_paid_once_however_often_it_is_sent(client: HttpBank, bank: Running) -> None:
    first, second = client.pay_out(a_pay_out()), client.pay_out(a_pay_out())
    assert first == second == client.ask("pay-1")
    assert (first.state, first.amount_fen) == (PaymentState.SETTLED, 12_345_678)
    assert bank.effects == {"pay-1": 1}


def test_a_key_cannot_pay_another_amount(client: HttpBank, bank: Running) -> None:
    client.pay_out(a_pay_out())
    with pytest.raises(PaymentDeclined, match="KEY_REUSED"):
        client.pay_out(a_pay_out(amount_fen=1))
    assert bank.effects == {"pay-1": 1}


@pytest.mark.parametrize(("fault", "paid"), [("DROP_BEFORE", 0), ("DROP_AFTER", 1), ("GARBAGE", 1)])
def test_after_a_lost_answer_the_bank_tells_whether_it_paid(
    client: HttpBank, bank: Running, fault: str, paid: int
) -> None:
    bank.fault(fault)
    with pytest.raises(PaymentOutcomeUnknown):
        client.pay_out(a_pay_out())
    outcome = client.ask("pay-1")
    assert (outcome is not None) is bool(paid)
    assert client.pay_out(a_pay_out()).is_settled
    assert bank.effects == {"pay-1": 1}


def test_a_slow_payment_settles_later_and_a_bad_one_comes_back(client: HttpBank, bank: Running) -> None:
    assert client.pay_out(a_pay_out("6666", "pay-1")).state is PaymentState.ACCEPTED
    assert client.pay_out(a_pay_out("5555", "pay-2")).is_final is False
    bank.control("advance")
    settled, returned = client.ask("pay-1"), client.ask("pay-2")
    assert settled is not None
    assert returned is not None
    assert (settled.state, settled.settled_at is not None) == (PaymentState.SETTLED, True)
    assert (returned.state, returned.reason) == (PaymentState.RETURNED, "收款账户状态异常，款项已退回")


def test_a_closed_account_is_declined(client: HttpBank, bank: Running) -> None:
    with pytest.raises(PaymentDeclined, match="ACCOUNT_INVALID"):
        client.pay_out(a_pay_out("8888"))
    assert bank.effects == {}
    assert client.ask("pay-1") is None


def test_a_mandate_is_agreed_once(client: HttpBank, bank: Running) -> None:
    first = client.create_mandate(a_mandate())
    assert (first.state, first.reference[:1]) == (MandateState.ACTIVE, "M")
    assert client.create_mandate(a_mandate()) == first == client.ask_mandate("mandate-1")
    assert bank.effects == {"mandate-1": 1}


def test_a_mandate_on_somebody_elses_account_is_refused_with_the_reason(client: HttpBank) -> None:
    refused = client.create_mandate(a_mandate("7777"))
    assert (refused.state, refused.reason) == (MandateState.REFUSED, "户名或账户状态不符，签约失败")


def test_a_debit_day_that_not_every_month_has_is_declined(client: HttpBank) -> None:
    with pytest.raises(PaymentDeclined, match="FIELD_INVALID"):
        client.create_mandate(replace(a_mandate(), debit_day=31))


def test_a_replayed_request_is_turned_away(bank: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cheqi.adapters.wire.http_client.secrets.token_hex", lambda _: "one-nonce")
    client = HttpBank(bank.account())
    client.pay_out(a_pay_out())
    with pytest.raises(UnableToReachBank, match="NONCE_REUSED"):
        client.pay_out(a_pay_out())
    client.close()


def test_a_push_of_the_wrong_shape_is_refused() -> None:
    now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    reader = push_reader(b"s", path="/p")
    headers = headers_for(
        b"s", "bank", Signed("POST", "/p", int(now.timestamp()), "n", "k", b'{"pushId": 1}')
    )
    with pytest.raises(PushRefused, match="UNREADABLE"):
        reader.read(headers=headers, body=b'{"pushId": 1}', now=now)
