"""kill -9 in the middle of a message: it arrives, once.

The SMS provider and the mail server are simulators in processes of their own. A second process sends and
is killed while the other side holds the call; then this process takes over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cheqi import ports
from cheqi.adapters.keys.files import FileKeys
from cheqi.adapters.mail.client import MailAccount, SmtpMailGateway
from cheqi.adapters.sms.client import HttpSmsGateway
from cheqi.adapters.wire.tests.running import SECRET, Running, running
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations import drive, send
from cheqi.foundation.messages.templating import Value
from cheqi.ports.keys import KeyProvider
from cheqi.ports.mail import MailGateway
from cheqi.ports.sms import SmsGateway
from tests.outside.killing import killed_while_calling
from tests.outside.separate import shared_database

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=61)
RECEIVED: dict[str, Value] = {"name": "李雷", "case_number": "CQ-1", "link": "http://127.0.0.1/t"}
CODE: dict[str, Value] = {"code": "246810", "minutes": 5, "purpose": "登录"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Running]:
    with running("sms") as system:
        yield system


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Running]:
    with running("mail") as system:
        yield system


@contextmanager
def together(system: Running, folder: Path) -> Iterator[dict[str, str]]:
    """This process and others share database, keys and the simulator."""
    with shared_database(folder) as environment, ports.bound(KeyProvider, FileKeys(folder / "keys")):
        system.control("reset")
        yield environment | {
            "CHEQI_SMS_URL": system.url,
            "CHEQI_SMTP_PORT": str(system.smtp_port),
            "CHEQI_PARTNER_SECRET": SECRET,
        }
        system.control("release")


def finished(row: Message) -> list[tuple[str, str]]:
    """Drives to the end; gives the calls."""
    while drive(row.pk, now=LATER):
        continue
    row.refresh_from_db()
    assert row.state == "SENT"
    return list(row.calls.order_by("number").values_list("kind", "outcome"))


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        ("HANG", [("SEND", "LOST"), ("ASK", "ANSWERED")]),
        ("HANG_BEFORE", [("SEND", "LOST"), ("ASK", "NOT_FOUND"), ("SEND", "ANSWERED")]),
    ],
)
def test_a_code_whose_sender_was_killed_arrives_once_and_is_forgotten(
    provider: Running, tmp_path: Path, fault: str, calls: list[tuple[str, str]]
) -> None:
    with together(provider, tmp_path) as environment:
        client = HttpSmsGateway(provider.account())
        with ports.bound(SmsGateway, client):
            row = send("one_time_code", to="13900000018", data=CODE, key="k", now=NOW)
            provider.fault(fault)
            killed_while_calling("messages", row.pk, NOW, environment, provider)
            row.refresh_from_db()
            assert (row.state, row.attempts) == ("SENDING", 1)
            assert drive(row.pk, now=NOW + timedelta(seconds=59)) == NOW + timedelta(seconds=60)
            assert finished(row) == calls
        client.close()
        assert [message["text"][:13] for message in provider.look("/inbox.json")["messages"]] == [
            "【车契】验证码 24681"
        ]
        assert list(provider.effects.values()) == [1]
        assert "246810" not in row.text + row.data


@pytest.mark.parametrize("fault", ["HANG", "HANG_BEFORE"])
def test_a_mail_whose_sender_was_killed_arrives_once(mailbox: Running, tmp_path: Path, fault: str) -> None:
    with together(mailbox, tmp_path) as environment:
        account = MailAccount("127.0.0.1", mailbox.smtp_port, "notice@cheqi.invalid", timeout_s=5)
        with ports.bound(MailGateway, SmtpMailGateway(account)):
            row = send("application_received", to="lilei@example.invalid", data=RECEIVED, key="k", now=NOW)
            mailbox.fault(fault)
            killed_while_calling("messages", row.pk, NOW, environment, mailbox)
            row.refresh_from_db()
            assert row.state == "SENDING"
            assert finished(row) == [("SEND", "LOST"), ("SEND", "ANSWERED")]
        assert [mail["subject"] for mail in mailbox.look("/inbox.json")["messages"]] == ["申请已受理：CQ-1"]
        assert list(mailbox.effects.values()) == [1]
