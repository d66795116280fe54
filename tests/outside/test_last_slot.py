"""Two workers at the same moment, one slot left in a person's day: one message leaves, the other waits."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from cheqi import ports
from cheqi.core.contact.contact import PastContact
from cheqi.foundation.messages import people
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations import drive, gatekeeping, send
from cheqi.foundation.messages.tests.fakes import LI_LEI, MORNING, RECEIVED, FakeSms
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider
from cheqi.ports.sms import SmsGateway
from tests.outside.separate import shared_database

pytestmark = pytest.mark.django_db(transaction=True)


def planned(key: str) -> Message:
    return send("application_received", party_id=7, data=RECEIVED, key=key, now=MORNING)


def driven(row_id: int) -> datetime | None:
    try:
        return drive(row_id, now=MORNING)
    finally:
        connections.close_all()


def test_two_workers_cannot_both_take_the_last_slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sms = FakeSms()

    def reach(party_id: int) -> people.Recipient:
        return LI_LEI

    people.resolver(reach)
    try:
        with (
            shared_database(tmp_path),
            ports.bound(KeyProvider, MemoryKeys()),
            ports.bound(SmsGateway, sms),
        ):
            rows = [planned(f"k{n}") for n in range(9)]
            for row in rows[:7]:
                drive(row.pk, now=MORNING)
            both_have_counted = threading.Barrier(2)
            count = gatekeeping._history

            def slow_count(message: Message, now: datetime) -> list[PastContact]:
                counted = count(message, now)
                with suppress(threading.BrokenBarrierError):
                    both_have_counted.wait(0.5)
                return counted

            monkeypatch.setattr(gatekeeping, "_history", slow_count)
            with ThreadPoolExecutor(2) as workers:
                ends: list[Any] = list(workers.map(driven, [row.pk for row in rows[7:]]))
            states = sorted(
                Message.objects.filter(pk__in=[row.pk for row in rows[7:]]).values_list("state", flat=True)
            )
            assert states == ["DEFERRED", "SENT"]
            assert len(sms.sent) == 8
            assert ends.count(None) == 1
    finally:
        people.forget(reach)
