"""A customer hears of what happens without asking, and colleagues hear of their work; each thing once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from cheqi.areas.origination import notices
from cheqi.core.base.actors import SYSTEM
from cheqi.core.events.base import Event
from cheqi.core.events.documents import DocumentRejected
from cheqi.core.events.estimates import EstimateMoved
from cheqi.core.events.process import (
    CaseClosed,
    EscalatedFurther,
    ReminderDue,
    StepFinished,
    StepOpened,
    TargetBreached,
)
from cheqi.foundation.eventlog.operations import record, seal
from cheqi.foundation.eventlog.operations.delivering import deliver_to
from cheqi.foundation.eventlog.subscribers import SUBSCRIBERS
from cheqi.foundation.messages.models import Message
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.foundation.workflow.operations import reassign, ring, show_estimate
from cheqi.records.applications.models import Application, CreditDecision
from tests.journeys.acts import done, sent
from tests.journeys.conftest import World


def hear(world: World) -> None:
    """Both subscribers hear everything, and are asked again, as after a lost acknowledgement."""
    seal(world.now)
    for name in ("origination.customer_notices", "origination.staff_notices"):
        deliver_to(SUBSCRIBERS[name], world.now)


def happened(world: World, case_id: int, event: Event, *, backfilled: bool = False) -> None:
    with transaction.atomic():
        record(event, actor=SYSTEM, now=world.now, case_id=case_id, backfilled=backfilled)
    hear(world)


def told(case_id: int, template: str) -> list[str]:
    """What was said to whom with a template."""
    rows = Message.objects.filter(case_id=case_id, template=template).order_by("pk")
    return [row.text for row in rows]


def open_step(case_id: int, key: str) -> StepRow:
    case = Case.objects.get(pk=case_id)
    return StepRow.objects.create(
        case=case, process=case.process, branch_id=case.branch_id, key=key, stage="x", round=1, status="OPEN",
        ball="us", opened_at=case.opened_at, due_at=case.opened_at + timedelta(hours=4),
    )  # fmt: skip


def opened(step: str, owner: str = "", assigned: str = "") -> StepOpened:
    return StepOpened(
        step=step, round=1, title=step, ball="us", role="", owner=owner, assigned=assigned, due_at=None
    )


def finished(step: str) -> StepFinished:
    return StepFinished(step=step, round=1, title=step, outcome="", reason="")


def test_the_customer_hears_that_the_application_arrived_and_what_is_missing(world: World) -> None:
    case_id = sent(world)
    hear(world)
    hear(world)
    number = Case.objects.get(pk=case_id).number
    (arrived,) = told(case_id, "application_received")
    assert f"车贷申请 {number} 已受理" in arrived
    assert arrived.endswith(f"/track/?case={number}")
    (missing,) = told(case_id, "material_needed")
    assert "身份证" in missing
    assert "11 月 26 日 09:30 前上传" in missing


def test_reminders_name_what_is_missing_or_the_step_and_come_once(world: World) -> None:
    case_id = sent(world)
    world.now += timedelta(days=1, hours=1)
    for row in StepRow.objects.filter(case_id=case_id, ball="customer", status="OPEN"):
        ring(row.pk, now=world.now)
    hear(world)
    (documents,) = told(case_id, "material_reminder")
    assert "还缺" in documents
    (step,) = told(case_id, "step_reminder")
    assert "正在等您「征信授权」" in step


def test_nobody_is_reminded_of_what_is_not_theirs_to_do(world: World) -> None:
    case_id = sent(world)
    open_step(case_id, "review")
    happened(world, case_id, ReminderDue(step="review", round=1, title="审批", ball="us", number=1))
    assert told(case_id, "step_reminder") == []


def test_a_rejected_document_is_told_with_its_reason(world: World) -> None:
    case_id = sent(world)
    event = DocumentRejected(
        document_id=1, slot="ID_CARD_FRONT", title="身份证人像面", reason_code="GLARE", reason="照片有反光。"
    )
    happened(world, case_id, event)
    (text,) = told(case_id, "document_rejected")
    assert "身份证人像面未通过（照片有反光），请重新上传" in text


def test_an_approval_says_amount_and_term_and_a_ready_contract_until_when(world: World) -> None:
    case_id = sent(world)
    happened(world, case_id, opened("prepare_contract"))
    (text,) = told(case_id, "approved")
    assert "已通过：¥100,000.00，36 个月" in text
    open_step(case_id, "sign_contract")
    happened(world, case_id, opened("sign_contract"))
    (text,) = told(case_id, "contract_ready")
    assert "请在 11 月 23 日 13:30 前签署" in text


def test_a_refusal_says_its_reasons_in_words(world: World) -> None:
    case_id = sent(world)
    application = Application.objects.get(case_id=case_id)
    CreditDecision.objects.create(
        application=application, step="review", opinion="REFUSE", reasons=["INCOME", "DEBT"],
        actor_kind="STAFF", actor_id="1", actor_name="赵磊", decided_at=world.now,
    )  # fmt: skip
    happened(world, case_id, CaseClosed(status="REFUSED", title="未通过", reason=""))
    (text,) = told(case_id, "refused")
    assert "原因：收入不足以支付月供、现有负债过高。" in text


def test_a_withdrawn_case_is_not_told_as_refused_or_paid(world: World) -> None:
    case_id = sent(world)
    happened(world, case_id, CaseClosed(status="WITHDRAWN", title="已撤回", reason=""))
    assert told(case_id, "refused") == []
    assert told(case_id, "disbursed") == []


def test_a_registered_lien_is_told_and_a_returned_one_is_not(world: World) -> None:
    case_id = sent(world)
    row = open_step(case_id, "register_lien")
    StepRow.objects.filter(pk=row.pk).update(status="DONE", outcome="returned")
    happened(world, case_id, finished("register_lien"))
    assert told(case_id, "lien_registered") == []
    StepRow.objects.filter(pk=row.pk).update(outcome="registered")
    happened(world, case_id, finished("register_lien"))
    assert len(told(case_id, "lien_registered")) == 1


BREACH = TargetBreached(
    step="review", round=1, title="额度审批", escalated_to="operations_manager", tells_customer=True
)


def test_a_late_step_is_told_with_the_range_that_is_expected_now(world: World) -> None:
    case_id = sent(world)
    open_step(case_id, "review")
    shown = {
        "low_at": "2026-11-23T06:00:00+00:00", "high_at": "2026-11-24T02:15:00+00:00", "moved": None,
    }  # fmt: skip
    show_estimate(case_id=case_id, expected={"review:1": shown}, now=world.now)
    happened(world, case_id, BREACH)
    (text,) = told(case_id, "step_late")
    assert "新的预计时间：11 月 23 日 14:00 至 11 月 24 日 10:15" in text
    assert "「额度审批」有延误（这一步比通常久" in text


def test_without_an_estimate_a_late_step_says_that_it_is_not_known(world: World) -> None:
    case_id = sent(world)
    open_step(case_id, "review")
    happened(world, case_id, BREACH)
    assert "新的预计时间：暂时还估计不出，有了马上告诉您。" in told(case_id, "step_late")[0]


def test_an_escalation_reaches_everybody_who_holds_the_role(world: World) -> None:
    case_id = sent(world)
    open_step(case_id, "review")
    world.now += timedelta(hours=5, minutes=20)
    happened(world, case_id, BREACH)
    (message,) = Message.objects.filter(template="staff_escalation")
    assert message.member_id == world.lender.members["zhouning"].pk
    assert "已超时 1 小时 20 分钟" in message.text


@pytest.mark.parametrize(
    ("later", "words"), [(timedelta(days=3), "2 个工作日"), (timedelta(days=7), "4 个工作日")]
)
def test_how_late_a_step_is_counts_working_time(world: World, later: timedelta, words: str) -> None:
    case_id = sent(world)
    open_step(case_id, "review")
    world.now += later
    happened(world, case_id, BREACH)
    assert f"已超时 {words}" in Message.objects.get(template="staff_escalation").text


def test_the_next_level_reaches_who_is_above_with_the_level(world: World) -> None:
    case_id = sent(world)
    open_step(case_id, "review")
    further = EscalatedFurther(
        step="review", round=1, title="额度审批", escalated_to="operations_director", level=2, percent=150
    )
    happened(world, case_id, further)
    (message,) = Message.objects.filter(template="staff_escalation")
    assert message.member_id == world.lender.members["hanxue"].pk
    assert "升至第 2 级" in message.text


def test_a_moved_estimate_is_told_with_its_reason(world: World) -> None:
    case_id = sent(world)
    event = EstimateMoved(
        step="review",
        round=1,
        title="额度审批",
        before_at=world.now,
        low_at=world.now + timedelta(hours=1),
        high_at=world.now + timedelta(hours=2),
        because="SLOWER",
        reason="这一步比通常久",
    )
    happened(world, case_id, event)
    (text,) = told(case_id, "estimate_moved")
    assert "由 11 月 23 日 09:30 变为 11 月 23 日 10:30 至 11:30，原因：这一步比通常久" in text


def test_a_colleague_hears_of_work_that_others_gave_them(world: World) -> None:
    case_id = sent(world)
    row = open_step(case_id, "review")
    StepRow.objects.filter(pk=row.pk).update(owner_role="reviewer")
    boss, reviewer = world.staff("zhouning"), world.lender.members["hejun"]
    moved = reassign(
        case_id=case_id,
        step="review",
        member_id=reviewer.pk,
        reason="休假",
        actor=boss,
        now=world.now,
        key="r",
    )
    done(moved)
    hear(world)
    (message,) = Message.objects.filter(template="staff_assigned", member_id=reviewer.pk)
    assert "「额度审批」由您办理（休假）" in message.text
    assert message.channel == "IN_APP"


def test_history_that_was_filled_in_later_is_told_to_nobody(world: World) -> None:
    case_id = sent(world)
    hear(world)
    before = Message.objects.count()
    happened(world, case_id, CaseClosed(status="REFUSED", title="未通过", reason=""), backfilled=True)
    assert Message.objects.count() == before


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "11 月 23 日 09:30 至 11:30"), ("en", "23 November 09:30 to 11:30")]
)
def test_a_range_of_one_day_names_the_day_once(language: str, words: str) -> None:
    low = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert notices.span(low, low + timedelta(hours=2)).in_language(language) == words
