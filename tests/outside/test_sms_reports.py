"""The simulated SMS provider pushes delivery reports to our address, and the messages know."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from cheqi import ports
from cheqi.adapters.sms.client import HttpSmsGateway, push_reader
from cheqi.adapters.wire.tests.running import SECRET, Running, running
from cheqi.foundation.exchanges.models import Push
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations import drive, send
from cheqi.foundation.messages.templating import Value
from cheqi.ports.pushes import SmsPushes
from cheqi.ports.sms import SmsGateway

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RECEIVED: dict[str, Value] = {"name": "李雷", "case_number": "CQ-1", "link": "http://127.0.0.1/t"}


@pytest.fixture
def reporting(live_server: LiveServer, settings: Any, tmp_path: Path) -> Iterator[Running]:
    """A provider that knows our address."""
    settings.STATIC_ROOT = tmp_path
    with running("sms", "--callback-base", f"{live_server.url}/api/v1/pushes") as provider:
        client = HttpSmsGateway(provider.account())
        reader = push_reader(SECRET.encode(), path="/api/v1/pushes/sms")
        with ports.bound(SmsGateway, client), ports.bound(SmsPushes, reader):
            yield provider
        client.close()


@pytest.mark.django_db(transaction=True)
def test_reports_arrive_also_when_they_come_twice(reporting: Running) -> None:
    rows = [
        send("application_received", to=mobile, data=RECEIVED, key=mobile, now=NOW)
        for mobile in ("13900000018", "13900001111")
    ]
    for row in rows:
        drive(row.pk, now=NOW)
    reporting.fault("DUPLICATE_PUSHES")
    assert reporting.control("advance") == {"acknowledged": 4}
    states = Message.objects.order_by("id").values_list("state", "reason")
    assert list(states) == [("DELIVERED", ""), ("FAILED", "用户已关机")]
    assert list(Push.objects.values_list("source", "outcome")) == [("sms", "APPLIED")] * 2
