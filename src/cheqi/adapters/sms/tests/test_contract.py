"""The client against the simulated provider in a process of its own."""

from collections.abc import Iterator

import pytest

from cheqi.adapters.sms.client import HttpSmsGateway
from cheqi.adapters.wire.tests.running import Running
from cheqi.ports.sms import SmsDeclined, SmsMessage, SmsOutcomeUnknown, SmsState


@pytest.fixture
def client(sms: Running) -> Iterator[HttpSmsGateway]:
    made = HttpSmsGateway(sms.account())
    yield made
    made.close()


def a_text(mobile: str = "13900000018", key: str = "msg-1") -> SmsMessage:
    return SmsMessage(key, mobile, "验证码 246810，<5 分钟内有效>")


def test_a_message_is_sent_once_and_read_in_the_inbox(client: HttpSmsGateway, sms: Running) -> None:
    first, second = client.send(a_text()), client.send(a_text())
    assert first == second
    assert first.state is SmsState.ACCEPTED
    assert sms.effects == {"msg-1": 1}
    page = sms.look("/inbox")
    assert "【车契】验证码 246810，&lt;5 分钟内有效&gt;" in page
    assert "短信模拟器" in page
    assert [row["phone"] for row in sms.look("/inbox.json")["messages"]] == ["13900000018"]


def test_an_empty_inbox_says_so(sms: Running) -> None:
    assert "还没有短信" in sms.look("/inbox")


def test_delivery_is_known_later(client: HttpSmsGateway, sms: Running) -> None:
    client.send(a_text())
    client.send(a_text("13900001111", "msg-2"))
    sms.control("advance")
    delivered, failed = client.ask("msg-1"), client.ask("msg-2")
    assert delivered is not None
    assert failed is not None
    assert (delivered.state, failed.state, failed.reason) == (
        SmsState.DELIVERED,
        SmsState.FAILED,
        "用户已关机",
    )


def test_a_number_that_does_not_exist_is_declined(client: HttpSmsGateway, sms: Running) -> None:
    with pytest.raises(SmsDeclined, match="NUMBER_INVALID"):
        client.send(a_text("13900000000"))
    assert sms.effects == {}


def test_a_cut_line_leaves_the_outcome_unknown_until_asked(client: HttpSmsGateway, sms: Running) -> None:
    sms.fault("DROP_AFTER")
    with pytest.raises(SmsOutcomeUnknown):
        client.send(a_text())
    found = client.ask("msg-1")
    assert found is not None
    assert found.state is SmsState.ACCEPTED
    assert sms.effects == {"msg-1": 1}
