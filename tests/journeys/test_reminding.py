"""A document refused during the check is not forgotten: its customer is reminded while it is missing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from cheqi.foundation.documents.models import Document
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.messages.models import Message
from cheqi.foundation.workflow.operations import withdraw
from tests.journeys.acts import done
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, login_of, posted
from tests.journeys.test_portal_pages import of
from tests.journeys.test_refused_document import SLOT, refused_at_the_desk, sent_again

A_DAY = 24 * 60


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(
    settings: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def reminders(case_id: int) -> list[str]:
    """What the customer was told again about a document refused during the check."""
    rows = Message.objects.filter(case_id=case_id, key__startswith="material_reminder:refused:")
    return [row.text for row in rows.order_by("pk")]


def waiting_reminders() -> int:
    return Wakeup.objects.filter(task="origination.remind_of_refused", state="WAITING").count()


def test_who_ignores_a_refused_document_is_reminded_after_one_and_two_working_days(world: World) -> None:
    case_id = refused_at_the_desk(world)
    world.pass_time(A_DAY - 60)
    assert reminders(case_id) == []
    world.pass_time(90)
    (first,) = reminders(case_id)
    assert "还缺身份证人像面" in first
    assert (
        "11 月 26 日" in first
    )  # three working days after the refusal, as when documents are first asked for
    world.pass_time(A_DAY)
    assert len(reminders(case_id)) == 2
    for _ in range(5):
        world.pass_time(A_DAY)
    assert (len(reminders(case_id)), waiting_reminders()) == (2, 0)


def test_a_weekend_is_no_working_day(world: World) -> None:
    for _ in range(4):
        world.pass_time(A_DAY)
    case_id = refused_at_the_desk(world)  # on a Friday
    world.pass_time(2 * A_DAY + 60)
    assert reminders(case_id) == []
    world.pass_time(A_DAY)
    assert len(reminders(case_id)) == 1


def test_who_replaced_the_document_is_not_reminded(world: World) -> None:
    case_id = refused_at_the_desk(world)
    sent_again(world, case_id)
    for _ in range(3):
        world.pass_time(A_DAY)
    assert (reminders(case_id), waiting_reminders()) == ([], 0)


def test_another_refusal_begins_anew(world: World) -> None:
    case_id = refused_at_the_desk(world)
    world.pass_time(A_DAY + 30)
    assert len(reminders(case_id)) == 1
    sent_again(world, case_id)
    world.pass_time(A_DAY)
    newest = Document.objects.filter(case_id=case_id, slot=SLOT).latest("pk")
    clerk = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    given = {"document": str(newest.pk), "reason_code": "GLARE", "note": ""}
    assert posted(clerk, case_id, "verify_documents", "reject", **given) == 302
    world.pass_time(A_DAY - 60)
    assert len(reminders(case_id)) == 1
    world.pass_time(90)
    assert len(reminders(case_id)) == 2


def test_nobody_is_reminded_of_a_case_that_is_over(world: World) -> None:
    case_id = refused_at_the_desk(world)
    customer = world.customer(of(case_id)[1])
    done(withdraw(case_id=case_id, reason="不办了", actor=customer, now=world.now, key="withdraw"))
    for _ in range(3):
        world.pass_time(A_DAY)
    assert (reminders(case_id), waiting_reminders()) == ([], 0)


def test_a_case_that_was_returned_as_a_whole_has_the_reminders_of_its_collection_alone(world: World) -> None:
    case_id = refused_at_the_desk(world)
    clerk = at_the_desk(world, login_of(world, case_id, "verify_documents"))
    assert posted(clerk, case_id, "verify_documents", "return", reason="请重拍身份证") == 302
    for _ in range(3):
        world.pass_time(A_DAY)
    assert (reminders(case_id), waiting_reminders()) == ([], 0)


def test_after_a_standstill_of_the_workers_one_reminder_is_sent_and_not_two(world: World) -> None:
    case_id = refused_at_the_desk(world)
    world.pass_time()
    world.pass_time(4 * A_DAY)
    assert len(reminders(case_id)) == 1
