"""A message is planned with its cause, on the channel that fits, after asking the gate."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from cheqi.core.contact.contact import Channel, Preferences, Purpose
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.messages.models import GateDecision, Message
from cheqi.foundation.messages.operations import KeyBelongsToAnother, send
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.templating import Value, WrongVariables
from cheqi.foundation.messages.tests.fakes import CODE, EIGHT, LI_LEI, MORNING, NIGHT, RECEIVED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parties")]
Parties = dict[int, Recipient]


def received(key: str = "received-1") -> Message:
    return send("application_received", party_id=7, data=RECEIVED, key=key, now=MORNING, case_id=3)


def test_a_message_waits_with_its_text_its_decision_and_its_wake_up() -> None:
    row = received()
    assert (row.state, row.channel, row.language, row.purpose) == ("PLANNED", "SMS", "zh", "SERVICE")
    assert Message.objects.get().text == "您的车贷申请 CQ-1 已受理，进度随时可查：http://127.0.0.1/t/CQ-1"
    decision = GateDecision.objects.get()
    assert (decision.stage, decision.verdict, decision.pack) == (
        "PLANNED",
        "ALLOW",
        "contact_hours v1+contact_courtesy v2",
    )
    assert decision.rules == ["service_quiet_hours", "service_messages_a_day", "channel_preference"]
    assert (Wakeup.objects.get().task, Wakeup.objects.get().run_at) == ("messages.drive", MORNING)


def test_what_is_said_lies_encrypted() -> None:
    received()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, subject, text FROM messaging_message")
        assert "CQ-1" not in str(cursor.fetchone())


def test_the_same_key_is_the_same_message() -> None:
    assert received().pk == received().pk
    assert (Message.objects.count(), Wakeup.objects.count(), GateDecision.objects.count()) == (1, 1, 1)
    with pytest.raises(KeyBelongsToAnother):
        send("one_time_code", to="13900000018", data=CODE, key="received-1", now=MORNING)


def test_the_persons_own_channel_comes_first(parties: Parties) -> None:
    parties[7] = replace(LI_LEI, channels=(Channel.MAIL, Channel.SMS), language="en-gb")
    row = received()
    assert (row.channel, row.language, row.subject) == ("MAIL", "en", "Application CQ-1 received")
    assert row.text.startswith("Hello 李雷,\nWe received")


def test_without_number_and_address_it_lies_in_the_inbox_at_once(parties: Parties) -> None:
    parties[7] = Recipient(name="李雷")
    row = received()
    assert (row.state, row.channel, row.delivered_at) == ("DELIVERED", "IN_APP", MORNING)
    assert not Wakeup.objects.exists()
    assert EventRow.objects.get().payload == {
        "message_id": row.pk,
        "template": "application_received",
        "title": "申请已受理",
        "channel": "站内消息",
    }


def test_a_channel_that_the_person_turned_off_is_passed_over(parties: Parties) -> None:
    off = Preferences(opted_out=frozenset({(Purpose.SERVICE, Channel.SMS)}))
    parties[7] = replace(LI_LEI, preferences=off)
    assert received().channel == "MAIL"
    decisions = GateDecision.objects.order_by("id").values_list("channel", "verdict", "objections")
    assert list(decisions) == [
        (
            "SMS",
            "BLOCK",
            [{"rule": "contact.channel_preference", "clause": "客户消息管理办法（基线）第五条"}],
        ),
        ("MAIL", "ALLOW", []),
    ]


def test_when_every_channel_is_blocked_nothing_is_sent_and_the_rules_are_named(parties: Parties) -> None:
    every = Preferences(opted_out=frozenset((Purpose.MARKETING, channel) for channel in Channel))
    parties[7] = replace(LI_LEI, preferences=every)
    row = send(
        "application_received", party_id=7, data=RECEIVED, key="k", now=MORNING, purpose=Purpose.MARKETING
    )
    assert (row.state, row.next_try_at, row.code) == ("BLOCKED", None, "GATE")
    assert {each["rule"] for d in GateDecision.objects.all() for each in d.objections} == {
        "contact.marketing_consent"
    }
    assert not Wakeup.objects.exists()
    assert EventRow.objects.get().type == "messages.blocked"


def test_at_night_a_service_message_waits_until_eight() -> None:
    row = send("application_received", party_id=7, data=RECEIVED, key="k", now=NIGHT)
    assert (row.state, row.next_try_at) == ("DEFERRED", EIGHT)
    assert Wakeup.objects.get().run_at == EIGHT
    assert GateDecision.objects.get().until == EIGHT


def test_a_code_is_sent_at_night_and_expires() -> None:
    row = send("one_time_code", to="13900000018", data=CODE, key="k", now=NIGHT)
    assert (row.state, row.next_try_at, row.expires_at) == ("PLANNED", NIGHT, NIGHT + timedelta(minutes=5))
    assert (row.party_id, row.in_inbox, row.address) == (None, False, "13900000018")


def test_a_colleague_reads_it_at_the_desk() -> None:
    data: dict[str, Value] = {
        "case_number": "CQ-1",
        "step": "审核",
        "level": 1,
        "owner": "王芳",
        "overdue": "2 小时",
        "link": "L",
    }
    row = send("staff_escalation", member_id=5, data=data, key="k", now=NIGHT)
    assert (row.state, row.channel, row.member_id) == ("DELIVERED", "IN_APP", 5)


def test_somebody_unknown_is_a_failed_message_that_is_logged() -> None:
    row = send("application_received", party_id=99, data=RECEIVED, key="k", now=MORNING, case_id=3)
    assert (row.state, row.code) == ("FAILED", "NO_CHANNEL")
    assert EventRow.objects.get().type == "messages.failed"
    assert not Wakeup.objects.exists()


def test_mistakes_of_the_caller_leave_nothing_behind() -> None:
    with pytest.raises(ValueError, match="for a party"):
        send("application_received", data=RECEIVED, key="k", now=MORNING)
    with pytest.raises(WrongVariables):
        send("application_received", party_id=7, data={}, key="k", now=MORNING)
    with pytest.raises(KeyError):
        send("gossip", party_id=7, data={}, key="k", now=MORNING)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_cause_tells_nobody() -> None:
    with transaction.atomic():
        received()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Wakeup.objects.exists()
