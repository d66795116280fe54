"""What a person turned off does not go out; what is necessary always does."""

from datetime import timedelta

import pytest

from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.contact.contact import Channel, Purpose
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.messages.choices import Way
from cheqi.foundation.messages.models import ContactPreference, GateDecision, Message
from cheqi.foundation.messages.operations import choose, drive, send, unsubscribe
from cheqi.foundation.messages.preferences import settings_of
from cheqi.foundation.messages.tests.fakes import CODE, MORNING, RECEIVED, FakeMail, FakeSms
from cheqi.foundation.messages.unsubscribing import Unsubscribing, link, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parties")]
LI_LEI = Actor(ActorKind.CUSTOMER, "7", "李雷", scope=Scope(party_id=7))
NO_SMS = {(Purpose.PROGRESS, Channel.SMS): False}
NO_PROGRESS = {(Purpose.PROGRESS, Channel.SMS): False, (Purpose.PROGRESS, Channel.MAIL): False}


def a_notice(purpose: Purpose = Purpose.PROGRESS) -> Message:
    return send("application_received", party_id=7, data=RECEIVED, key="k", now=MORNING, purpose=purpose)


def chosen(wanted: dict[tuple[Purpose, Channel], bool]) -> tuple[tuple[Purpose, Channel], ...]:
    done = choose(7, wanted, way=Way.PORTAL, actor=LI_LEI, now=MORNING)
    assert not isinstance(done, Refused)
    return done


def test_progress_by_sms_that_was_turned_off_takes_the_next_channel() -> None:
    chosen(NO_SMS)
    assert a_notice().channel == "MAIL"


def test_with_every_channel_off_a_notice_lies_in_the_inbox_alone(sms: FakeSms, mail: FakeMail) -> None:
    chosen(NO_PROGRESS)
    row = a_notice()
    assert (row.channel, row.state) == ("IN_APP", "DELIVERED")
    assert (sms.sent, mail.sent) == ([], [])


def test_what_is_turned_off_after_planning_is_not_sent_any_more(sms: FakeSms, mail: FakeMail) -> None:
    row = a_notice()
    assert row.channel == "SMS"
    chosen(NO_PROGRESS)
    drive(row.pk, now=MORNING)
    row.refresh_from_db()
    assert (row.channel, row.state) == ("IN_APP", "DELIVERED")
    assert (sms.sent, mail.sent) == ([], [])
    stages = GateDecision.objects.order_by("id").values_list("stage", "channel", "verdict")
    assert list(stages) == [
        ("PLANNED", "SMS", "ALLOW"),
        ("STARTED", "SMS", "BLOCK"),
        ("STARTED", "MAIL", "BLOCK"),
        ("STARTED", "IN_APP", "ALLOW"),
    ]


def test_codes_and_necessary_messages_go_whatever_was_turned_off() -> None:
    chosen(NO_PROGRESS)
    assert a_notice(Purpose.SERVICE).channel == "SMS"
    code = send("one_time_code", party_id=7, data=CODE, key="c", now=MORNING)
    assert (code.channel, code.state) == ("SMS", "PLANNED")


def test_commercial_messages_need_a_yes_and_stop_at_a_no() -> None:
    assert a_notice(Purpose.MARKETING).channel == "IN_APP"
    Message.objects.all().delete()
    chosen({(Purpose.MARKETING, Channel.SMS): True})
    assert a_notice(Purpose.MARKETING).channel == "SMS"
    Message.objects.all().delete()
    chosen({(Purpose.MARKETING, Channel.SMS): False})
    assert a_notice(Purpose.MARKETING).channel == "IN_APP"


def test_a_choice_is_kept_with_who_when_and_how_and_said_again_changes_nothing() -> None:
    assert chosen(NO_SMS) == ((Purpose.PROGRESS, Channel.SMS),)
    row = ContactPreference.objects.get()
    assert (row.is_wanted, row.chosen_at, row.actor_name, row.way) == (False, MORNING, "李雷", "PORTAL")
    event = EventRow.objects.get(type="messages.preference_chosen")
    assert event.party_id == 7
    assert event.payload == {"purpose": "PROGRESS", "channel": "SMS", "choice": "OFF", "way": "PORTAL"}
    assert chosen(NO_SMS) == ()
    assert EventRow.objects.filter(type="messages.preference_chosen").count() == 1


@pytest.mark.parametrize("purpose", [Purpose.SECURITY, Purpose.SERVICE, Purpose.COLLECTION])
def test_what_is_necessary_cannot_be_turned_off(purpose: Purpose) -> None:
    answer = choose(7, {(purpose, Channel.SMS): False}, way=Way.PORTAL, actor=LI_LEI, now=MORNING)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.findings[0].rule) == (RefusalKind.INVALID, "messages.necessary")
    assert not ContactPreference.objects.exists()
    assert not EventRow.objects.exists()


def test_nobody_sets_somebody_elses() -> None:
    for actor in (
        Actor(ActorKind.CUSTOMER, "8", "", scope=Scope(party_id=8)),
        Actor(ActorKind.STAFF, "7", "", scope=Scope(everything=True)),
    ):
        answer = choose(7, NO_SMS, way=Way.PORTAL, actor=actor, now=MORNING)
        assert isinstance(answer, Refused)
        assert answer.kind is RefusalKind.NOT_FOUND
    assert not ContactPreference.objects.exists()


def test_a_mail_that_can_be_turned_off_carries_its_link_and_a_necessary_one_does_not(mail: FakeMail) -> None:
    chosen(NO_SMS)
    drive(a_notice().pk, now=MORNING)
    (sent,) = mail.sent
    token = sent.unsubscribe_url.rstrip("/").rpartition("/")[2]
    assert read(token) == Unsubscribing(7, Purpose.PROGRESS)
    assert sent.unsubscribe_url in sent.text
    assert link(7, Purpose.SERVICE) == link(7, Purpose.SECURITY) == link(None, Purpose.PROGRESS) == ""


def test_the_link_turns_off_its_kind_of_mail_alone_and_once() -> None:
    asked = Unsubscribing(7, Purpose.PROGRESS)
    assert unsubscribe(asked, now=MORNING) == ((Purpose.PROGRESS, Channel.MAIL),)
    assert unsubscribe(asked, now=MORNING + timedelta(days=1)) == ()
    row = ContactPreference.objects.get()
    assert (row.channel, row.way, row.chosen_at) == ("MAIL", "MAIL_LINK", MORNING)
    wanted = {one.name: one.is_wanted for one in settings_of(7)}
    assert wanted == {
        "PROGRESS-SMS": True,
        "PROGRESS-MAIL": False,
        "MARKETING-SMS": False,
        "MARKETING-MAIL": False,
        "MARKETING-CALL": False,
    }


def test_a_token_that_was_changed_says_nothing() -> None:
    token = link(7, Purpose.PROGRESS).rstrip("/").rpartition("/")[2]
    assert read(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert read("7") is None
