"""Everybody reads their own messages and nobody else's."""

from typing import Any

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations import drive, mark_read, send
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.queries import inbox, of_case, unread_count
from cheqi.foundation.messages.templating import Value
from cheqi.foundation.messages.tests.fakes import CODE, LI_LEI, MORNING, NIGHT, RECEIVED, FakeSms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parties")]
LI = Actor(ActorKind.CUSTOMER, "7", "李雷", scope=Scope(party_id=7))
HAN = Actor(ActorKind.CUSTOMER, "8", "韩梅梅", scope=Scope(party_id=8))
WANG = Actor(ActorKind.STAFF, "5", "王芳")
TRACKER = Actor(ActorKind.CUSTOMER, "", "", scope=Scope(case_ids=frozenset({3})))


@pytest.fixture
def three(sms: FakeSms, parties: dict[int, Recipient]) -> list[Message]:
    """Li Lei's message by SMS and one in the inbox; Han Meimei's in hers."""
    parties[8] = Recipient(name="韩梅梅")
    first = send("application_received", party_id=7, data=RECEIVED, key="a", now=MORNING, case_id=3)
    drive(first.pk, now=MORNING)
    data: dict[str, Value] = {
        "case_number": "CQ-1",
        "step": "审核",
        "before": "今天",
        "after": "明天",
        "reason": "排队",
        "link": "L",
    }
    second = send("estimate_moved", party_id=7, data=data, key="b", now=MORNING, case_id=3)
    third = send("application_received", party_id=8, data=RECEIVED, key="c", now=MORNING, case_id=4)
    return [first, second, third]


def test_a_customer_reads_every_message_whatever_carried_it(three: list[Message]) -> None:
    assert [(message.id, message.subject, message.is_read) for message in inbox(LI)] == [
        (three[1].pk, "预计时间有变化", False),
        (three[0].pk, "申请已受理：CQ-1", False),
    ]
    assert [message.id for message in inbox(LI, limit=1)] == [three[1].pk]
    assert [message.id for message in inbox(LI, before_id=three[1].pk)] == [three[0].pk]
    assert (unread_count(LI), unread_count(HAN), unread_count(WANG)) == (2, 1, 0)


def test_what_is_not_sent_yet_is_not_in_the_inbox(sms: FakeSms) -> None:
    send("application_received", party_id=7, data=RECEIVED, key="a", now=NIGHT)
    assert (inbox(LI), unread_count(LI)) == ((), 0)


def test_a_code_never_lies_in_the_inbox(sms: FakeSms) -> None:
    row = send("one_time_code", party_id=7, to=LI_LEI.mobile, data=CODE, key="a", now=MORNING)
    drive(row.pk, now=MORNING)
    assert inbox(LI) == ()


def test_reading_is_of_ones_own_only(three: list[Message]) -> None:
    assert mark_read([row.pk for row in three], actor=HAN, now=NIGHT) == 1
    assert (unread_count(LI), unread_count(HAN)) == (2, 0)
    assert mark_read([three[0].pk], actor=LI, now=NIGHT) == 1
    assert mark_read([three[0].pk], actor=LI, now=NIGHT) == 0
    assert mark_read(None, actor=LI, now=NIGHT) == 1
    assert unread_count(LI) == 0


def test_others_have_no_inbox(three: list[Message]) -> None:
    assert [inbox(actor) for actor in (SYSTEM, TRACKER, WANG)] == [(), (), ()]
    assert mark_read(None, actor=SYSTEM, now=NIGHT) == 0
    assert unread_count(LI) == 2


def test_a_colleague_has_an_inbox_of_their_own() -> None:
    data: dict[str, Value] = {
        "case_number": "CQ-1",
        "step": "审核",
        "level": 1,
        "owner": "王芳",
        "overdue": "2 小时",
        "link": "L",
    }
    send("staff_escalation", member_id=5, data=data, key="k", now=NIGHT)
    assert [message.subject for message in inbox(WANG)] == ["已升级（第 1 级）：CQ-1「审核」"]
    assert unread_count(WANG) == 1


def test_the_case_page_shows_what_was_sent(three: list[Message]) -> None:
    assert [(sent.channel, sent.state) for sent in of_case(3, WANG)] == [
        ("IN_APP", "DELIVERED"),
        ("SMS", "SENT"),
    ]
    assert of_case(3, HAN) == ()
    assert [sent.id for sent in of_case(4, HAN)] == [three[2].pk]
    assert len(of_case(3, TRACKER)) == 2


def test_each_page_of_an_inbox_is_one_statement(three: list[Message], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        inbox(LI)
    with django_assert_num_queries(1):
        unread_count(LI)
    with django_assert_num_queries(1):
        of_case(3, WANG)
