"""From PLANNED to the person, whatever providers do."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import Refused
from cheqi.core.contact.contact import Channel, Preferences, Purpose
from cheqi.foundation.access.hooks import CodeMessage
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.exchanges.models import Circuit
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.messages.codes import MessageCodeSender
from cheqi.foundation.messages.models import GateDecision, Message, MessageAttempt
from cheqi.foundation.messages.operations import discard, drive, redrive, send, take_report, wake_forgotten
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.queries import dead_letters
from cheqi.foundation.messages.tests.fakes import (
    CODE,
    EIGHT,
    LI_LEI,
    MORNING,
    NIGHT,
    RECEIVED,
    FakeMail,
    FakeSms,
)
from cheqi.ports.mail import MailOutcomeUnknown
from cheqi.ports.sms import SmsDeclined, SmsOutcomeUnknown, SmsReceipt, SmsState, UnableToReachSms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parties")]
Parties = dict[int, Recipient]
SECOND = timedelta(seconds=1)
LOST = SmsOutcomeUnknown("no answer")
DOWN = UnableToReachSms("no connection")


def planned(key: str = "k", now: datetime = MORNING) -> Message:
    return send("application_received", party_id=7, data=RECEIVED, key=key, now=now, case_id=3)


def outcomes(row: Message) -> list[tuple[str, str, str]]:
    calls = row.calls.order_by("number").values_list("channel", "kind", "outcome")
    return [(str(channel), str(kind), str(outcome)) for channel, kind, outcome in calls]


def test_a_message_is_sent_logged_and_the_gate_was_asked_twice(sms: FakeSms) -> None:
    row = planned()
    assert drive(row.pk, now=MORNING) is None
    row.refresh_from_db()
    assert (row.state, row.provider_id, row.sent_at, row.started_at) == ("SENT", "S1", MORNING, MORNING)
    assert [(message.mobile, message.text) for message in sms.sent] == [
        ("13900000018", "您的车贷申请 CQ-1 已受理，进度随时可查：http://127.0.0.1/t/CQ-1")
    ]
    stages = GateDecision.objects.order_by("id").values_list("stage", "verdict")
    assert list(stages) == [("PLANNED", "ALLOW"), ("STARTED", "ALLOW")]
    assert EventRow.objects.get().payload["channel"] == "短信"
    assert drive(row.pk, now=MORNING) is None
    assert len(sms.sent) == 1


def test_a_number_that_changed_since_planning_is_used(sms: FakeSms, parties: Parties) -> None:
    row = planned()
    parties[7] = replace(LI_LEI, mobile="13900000026")
    drive(row.pk, now=MORNING)
    assert sms.sent[0].mobile == "13900000026"


def test_night_that_fell_since_planning_puts_it_off(sms: FakeSms) -> None:
    row = planned()
    assert drive(row.pk, now=NIGHT) == EIGHT
    row.refresh_from_db()
    assert (row.state, sms.sent) == ("DEFERRED", [])
    assert drive(row.pk, now=EIGHT) is None
    assert len(sms.sent) == 1


def test_consent_withdrawn_since_planning_stops_the_channel(
    sms: FakeSms, mail: FakeMail, parties: Parties
) -> None:
    row = planned()
    off = Preferences(opted_out=frozenset({(Purpose.SERVICE, Channel.SMS)}))
    parties[7] = replace(LI_LEI, preferences=off)
    drive(row.pk, now=MORNING)
    row.refresh_from_db()
    assert (row.state, row.channel, row.tried, sms.sent, len(mail.sent)) == ("SENT", "MAIL", "SMS", [], 1)


def test_the_last_slot_of_a_day_is_taken_once(sms: FakeSms) -> None:
    rows = [planned(f"k{n}") for n in range(9)]
    for row in rows:
        drive(row.pk, now=MORNING)
    assert len(sms.sent) == 8
    rows[8].refresh_from_db()
    assert (rows[8].state, rows[8].next_try_at) == ("DEFERRED", EIGHT)
    refused = GateDecision.objects.order_by("-id")[0]
    assert refused.objections == [
        {"rule": "contact.service_messages_a_day", "clause": "客户消息管理办法（基线）第四条"}
    ]


def test_an_unknown_outcome_is_asked_for_and_not_sent_again(sms: FakeSms) -> None:
    row = planned()
    sms.script = [LOST, SmsState.ACCEPTED]
    again = drive(row.pk, now=MORNING)
    row.refresh_from_db()
    assert (row.state, again) == ("SENDING", MORNING + 3 * SECOND)
    drive(row.pk, now=MORNING + 3 * SECOND)
    row.refresh_from_db()
    assert (row.state, len(sms.sent), sms.asked) == ("SENT", 1, [sms.sent[0].key])


def test_what_the_provider_never_got_is_sent_again_under_the_same_key(sms: FakeSms) -> None:
    row = planned()
    sms.script = [LOST, None]
    drive(row.pk, now=MORNING)
    later = MORNING + 3 * SECOND
    assert drive(row.pk, now=later) == later
    drive(row.pk, now=later)
    assert [message.key for message in sms.sent] == [sms.sent[0].key] * 2
    assert outcomes(row) == [
        ("SMS", "SEND", "UNKNOWN"),
        ("SMS", "ASK", "NOT_FOUND"),
        ("SMS", "SEND", "ANSWERED"),
    ]


def test_mail_after_an_unknown_outcome_goes_again_as_the_same_mail(mail: FakeMail, parties: Parties) -> None:
    parties[7] = replace(LI_LEI, mobile="")
    row = planned()
    mail.script = [MailOutcomeUnknown("the line was lost")]
    drive(row.pk, now=MORNING)
    drive(row.pk, now=MORNING + 3 * SECOND)
    row.refresh_from_db()
    assert (row.state, {message.key for message in mail.sent}, len(mail.sent)) == (
        "SENT",
        {mail.sent[0].key},
        2,
    )


@pytest.mark.parametrize("step", [SmsDeclined("手机号码不存在", code="NUMBER_INVALID"), SmsState.FAILED])
def test_a_channel_that_will_never_carry_it_gives_way_to_the_next(
    sms: FakeSms, mail: FakeMail, step: object
) -> None:
    row = planned()
    sms.script = [step]
    assert drive(row.pk, now=MORNING) == MORNING
    drive(row.pk, now=MORNING)
    row.refresh_from_db()
    assert (row.state, row.channel, row.tried) == ("SENT", "MAIL", "SMS")
    assert mail.sent[0].subject == "申请已受理：CQ-1"
    assert mail.sent[0].text.startswith("李雷，您好：\n您的车贷申请")


def test_the_inbox_is_the_last_resort(sms: FakeSms, parties: Parties) -> None:
    parties[7] = replace(LI_LEI, email="")
    row = planned()
    sms.script = [SmsDeclined("no", code="NUMBER_INVALID")]
    drive(row.pk, now=MORNING)
    assert drive(row.pk, now=MORNING) is None
    row.refresh_from_db()
    assert (row.state, row.channel) == ("DELIVERED", "IN_APP")


def test_a_code_that_no_channel_carries_fails_and_is_forgotten(sms: FakeSms) -> None:
    row = send("one_time_code", to="13900000000", data=CODE, key="k", now=MORNING)
    sms.script = [SmsDeclined("手机号码不存在", code="NUMBER_INVALID")]
    assert drive(row.pk, now=MORNING) is None
    row.refresh_from_db()
    assert (row.state, row.code) == ("FAILED", "NUMBER_INVALID")
    assert "246810" not in row.text + row.data


def test_a_code_is_nowhere_after_it_was_sent(sms: FakeSms, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    row = send("one_time_code", to="13900000018", data=CODE, key="k", now=MORNING)
    sms.script = [DOWN]
    again = drive(row.pk, now=MORNING)
    assert again is not None
    drive(row.pk, now=again)
    row.refresh_from_db()
    assert "246810" in sms.sent[1].text
    assert row.text == "验证码 ******，5 分钟内有效，用于登录。请勿告诉任何人，包括工作人员。"
    assert "246810" not in row.data + row.subject
    assert "246810" not in caplog.text + repr(sms.sent)
    with connection.cursor() as cursor:
        for table in (
            "messaging_messageattempt",
            "messaging_gatedecision",
            "jobs_wakeup",
            "eventlog_eventrow",
        ):
            cursor.execute(f"SELECT * FROM {table}")
            assert "246810" not in str(cursor.fetchall())


def test_a_code_that_is_too_late_is_not_sent(sms: FakeSms) -> None:
    row = send("one_time_code", to="13900000018", data=CODE, key="k", now=MORNING)
    assert drive(row.pk, now=MORNING + timedelta(minutes=5)) is None
    row.refresh_from_db()
    assert (row.state, row.code, sms.sent) == ("FAILED", "EXPIRED", [])
    assert "246810" not in row.text


def test_log_in_codes_go_out_as_messages(sms: FakeSms) -> None:
    code = CodeMessage(key="code-1", purpose="LOGIN", mobile="+8613900000018", code="135790")
    MessageCodeSender().send(code, MORNING)
    MessageCodeSender().send(code, MORNING)
    row = Message.objects.get()
    drive(row.pk, now=MORNING)
    assert [message.text[:10] for message in sms.sent] == ["验证码 135790"]


def test_a_message_in_flight_is_not_sent_twice(sms: FakeSms) -> None:
    row = planned()
    met: list[datetime | None] = []
    sms.during = lambda: met.append(drive(row.pk, now=MORNING + SECOND))
    drive(row.pk, now=MORNING)
    assert met == [MORNING + 60 * SECOND]
    assert len(sms.sent) == 1


def given_up(sms: FakeSms, failure: Exception) -> Message:
    """A message whose every attempt ended the same way."""
    row = planned()
    at: datetime | None = MORNING
    for _ in range(8):
        assert at is not None
        sms.script = [failure]
        Circuit.objects.all().delete()
        at = drive(row.pk, now=at)
    Circuit.objects.all().delete()
    row.refresh_from_db()
    return row


def test_a_provider_that_stays_away_gives_way_to_the_next_channel(sms: FakeSms, mail: FakeMail) -> None:
    row = given_up(sms, DOWN)
    assert (row.state, row.channel, row.tried) == ("PLANNED", "MAIL", "SMS")
    drive(row.pk, now=MORNING + timedelta(hours=1))
    assert len(mail.sent) == 1


def test_what_may_have_been_sent_takes_no_second_channel_and_waits_for_a_person(sms: FakeSms) -> None:
    row = given_up(sms, LOST)
    assert (row.state, row.channel) == ("DEAD", "SMS")
    (letter,) = dead_letters(SYSTEM)
    assert (letter.id, letter.attempts, letter.is_outcome_known) == (row.pk, 8, False)
    agent = Actor(ActorKind.STAFF, "3", "王芳", frozenset({"client_manager"}))
    assert dead_letters(agent) == ()
    assert isinstance(redrive([row.pk], actor=agent, now=MORNING), Refused)
    asked = len(sms.asked)
    sms.script = [SmsState.DELIVERED]
    later = MORNING + timedelta(hours=5)
    assert redrive([row.pk], actor=SYSTEM, now=later) == 1
    drive(row.pk, now=later)
    row.refresh_from_db()
    assert (row.state, row.delivered_at, len(sms.asked), len(sms.sent)) == ("DELIVERED", later, asked + 1, 1)


def test_a_dead_message_is_given_up_for_a_reason_that_is_on_record(sms: FakeSms) -> None:
    row = given_up(sms, LOST)
    agent = Actor(ActorKind.STAFF, "3", "王芳", frozenset({"client_manager"}))
    assert isinstance(discard([row.pk], actor=agent, now=MORNING, reason="号码停用"), Refused)
    assert isinstance(discard([row.pk], actor=SYSTEM, now=MORNING, reason=""), Refused)
    row.refresh_from_db()
    assert row.state == "DEAD"
    assert discard([row.pk], actor=SYSTEM, now=MORNING, reason="号码停用") == 1
    row.refresh_from_db()
    assert (row.state, row.code, row.reason) == ("FAILED", "DISCARDED", "号码停用")
    assert dead_letters(SYSTEM) == ()
    assert redrive([row.pk], actor=SYSTEM, now=MORNING) == 0
    (logged,) = EventRow.objects.filter(type="messages.discarded")
    assert logged.payload["reason"] == "号码停用"


def test_while_the_provider_is_down_for_all_nobody_calls(sms: FakeSms) -> None:
    rows = [planned(f"k{n}") for n in range(6)]
    for row in rows[:5]:
        sms.script = [DOWN]
        drive(row.pk, now=MORNING)
    assert drive(rows[5].pk, now=MORNING) == MORNING + 30 * SECOND
    rows[5].refresh_from_db()
    assert (rows[5].attempts, len(sms.sent)) == (0, 5)


def test_a_delivery_report_marks_the_message(sms: FakeSms) -> None:
    row = planned()
    drive(row.pk, now=MORNING)
    key = sms.sent[0].key
    report = SmsReceipt(key, "S1", SmsState.DELIVERED)
    assert take_report(key, report, now=EIGHT) == "APPLIED"
    row.refresh_from_db()
    assert (row.state, row.delivered_at) == ("DELIVERED", EIGHT)
    assert take_report(key, SmsReceipt(key, "S1", SmsState.FAILED), now=EIGHT) == "STALE"
    assert take_report(f"m{row.pk}-sms-00000000", report, now=EIGHT) == "UNMATCHED"
    assert take_report("nonsense", report, now=EIGHT) == "UNMATCHED"


def test_a_report_of_failure_says_why(sms: FakeSms) -> None:
    row = planned()
    drive(row.pk, now=MORNING)
    key = sms.sent[0].key
    take_report(key, SmsReceipt(key, "S1", SmsState.FAILED, "用户已关机"), now=EIGHT)
    row.refresh_from_db()
    assert (row.state, row.code, row.reason) == ("FAILED", "UNDELIVERED", "用户已关机")


def test_what_lost_its_wake_up_is_found_again() -> None:
    row = planned()
    Wakeup.objects.all().delete()
    assert wake_forgotten(now=MORNING + timedelta(minutes=2)) == 0
    assert wake_forgotten(now=MORNING + timedelta(minutes=3)) == 1
    assert Wakeup.objects.get().key == str(row.pk)


def test_no_attempt_holds_number_or_text(sms: FakeSms) -> None:
    row = planned()
    sms.script = [LOST]
    drive(row.pk, now=MORNING)
    assert "13900000018" not in str(MessageAttempt.objects.values()) + str(GateDecision.objects.values())
