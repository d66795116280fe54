"""Pushes come twice, late, out of order, and from strangers."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cheqi import ports
from cheqi.adapters.payments.client import push_reader
from cheqi.adapters.wire.signature import Signed, headers_for
from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.exchanges.models import Exchange, Push
from cheqi.foundation.exchanges.operations import ask, drive, receive
from cheqi.foundation.exchanges.queries import dead_letters
from cheqi.foundation.exchanges.registry import Answer, on_answer, on_correction
from cheqi.foundation.exchanges.tests.fakes import NOW, FakeBank, a_pay_out, settled
from cheqi.ports.payments import PaymentOutcomeUnknown, PaymentState
from cheqi.ports.pushes import BankPushes

pytestmark = pytest.mark.django_db
PATH = "/api/v1/pushes/payments"
ACCEPTED = settled(state=PaymentState.ACCEPTED)


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    with ports.bound(BankPushes, push_reader(b"shared", path=PATH)):
        yield


def pushed(
    push_id: str = "p1",
    *,
    status: str = "SUCC",
    key: str = "pay-1",
    secret: bytes = b"shared",
    at: datetime = NOW,
) -> tuple[dict[str, str], bytes]:
    content = {
        "requestNumber": key,
        "status": status,
        "bankNo": "B1",
        "amountFen": 5_000_000,
        "settledAt": "",
        "reason": "",
    }
    body = json.dumps({"pushId": push_id, "requestNumber": key, "content": content}).encode()
    return headers_for(secret, "bank", Signed("POST", PATH, int(at.timestamp()), push_id, key, body)), body


def take(push: tuple[dict[str, str], bytes]) -> Push:
    taken = receive("payments", headers=push[0], body=push[1], now=NOW)
    assert isinstance(taken, Push)
    return taken


@pytest.fixture
def accepted(bank: FakeBank) -> Exchange:
    row = ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
    bank.script = [ACCEPTED]
    drive(row.pk, now=NOW)
    return row


def counted() -> list[Answer]:
    taken: list[Answer] = []

    @on_answer("payments.pay_out")
    def take_it(answer: Answer, *, now: datetime) -> None:
        taken.append(answer)

    return taken


def test_a_pushed_result_finishes_the_exchange(accepted: Exchange) -> None:
    taken = counted()
    assert take(pushed()).outcome == "APPLIED"
    accepted.refresh_from_db()
    assert (accepted.state, accepted.finished_at) == ("DONE", NOW)
    assert [answer.result.state for answer in taken] == [PaymentState.SETTLED]


def test_the_same_push_twice_is_one(accepted: Exchange) -> None:
    taken = counted()
    assert take(pushed()).pk == take(pushed()).pk
    assert (Push.objects.count(), len(taken), EventRow.objects.count()) == (1, 1, 1)


def test_a_push_that_was_overtaken_changes_nothing(accepted: Exchange) -> None:
    taken = counted()
    take(pushed("p2"))
    assert take(pushed("p1", status="PROC")).outcome == "STALE"
    accepted.refresh_from_db()
    assert (accepted.state, len(taken)) == ("DONE", 1)


def test_a_payment_that_comes_back_later_is_a_correction(accepted: Exchange) -> None:
    taken, corrected = counted(), []

    @on_correction("payments.pay_out")
    def correct(answer: Answer, *, now: datetime) -> None:
        corrected.append(answer)

    take(pushed("p1"))
    assert take(pushed("p2", status="RETN")).outcome == "CORRECTION"
    assert (len(taken), len(corrected)) == (1, 1)
    assert (corrected[0].result.state, corrected[0].is_correction) == (PaymentState.RETURNED, True)
    outcomes = EventRow.objects.order_by("id").values_list("payload__outcome", flat=True)
    assert list(outcomes) == ["DONE", "CORRECTED"]


def test_a_push_about_an_unknown_key_is_kept_and_changes_nothing() -> None:
    assert take(pushed(key="never-sent")).outcome == "UNMATCHED"
    assert not Exchange.objects.exists()


def test_a_push_revives_what_had_given_up(bank: FakeBank, accepted: Exchange) -> None:
    Exchange.objects.update(state="DEAD", died_in="UNKNOWN", next_try_at=None)
    assert take(pushed()).outcome == "APPLIED"
    assert dead_letters(SYSTEM) == ()


def test_a_push_that_is_faster_than_the_answer_wins(bank: FakeBank) -> None:
    taken = counted()
    row = ask("payments", "pay_out", key="pay-1", payload=a_pay_out(), now=NOW)
    bank.script = [PaymentOutcomeUnknown("no answer")]
    arrived: list[Push] = []
    bank.during = lambda: arrived.append(take(pushed()))
    assert drive(row.pk, now=NOW) is None
    row.refresh_from_db()
    assert (row.state, len(taken), row.in_flight_until) == ("DONE", 1, None)


@pytest.mark.parametrize(
    ("secret", "at"), [(b"wrong", NOW), (b"shared", NOW - timedelta(seconds=301))], ids=["forged", "old"]
)
def test_a_forged_or_old_push_is_refused_and_leaves_no_row(
    accepted: Exchange, secret: bytes, at: datetime
) -> None:
    headers, body = pushed(secret=secret, at=at)
    refused = receive("payments", headers=headers, body=body, now=NOW)
    assert isinstance(refused, Refused)
    assert refused.findings[0].rule == "push.signature"
    accepted.refresh_from_db()
    assert (accepted.state, Push.objects.count()) == ("SENT", 0)


def test_a_push_signed_for_another_address_is_refused(accepted: Exchange) -> None:
    headers, body = pushed()
    moved = headers_for(
        b"shared", "bank", Signed("POST", "/api/v1/pushes/sms", int(NOW.timestamp()), "n", "pay-1", body)
    )
    assert isinstance(receive("payments", headers=headers | moved, body=body, now=NOW), Refused)
    accepted.refresh_from_db()
    assert accepted.state == "SENT"


def test_over_http_a_push_is_acknowledged_without_a_cookie_or_token(
    accepted: Exchange, settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    headers, body = pushed(at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    answer = client.post(PATH, data=body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    forged, _ = pushed(secret=b"wrong", at=timezone.now())
    refused = client.post(PATH, data=body, content_type="application/json", headers=forged)
    assert (refused.status_code, refused.json()) == (401, {"code": "push.signature"})
    assert client.get(PATH).status_code == 405
    assert client.post("/api/v1/pushes/nobody", data=b"", content_type="application/json").status_code == 404
