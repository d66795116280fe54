"""Persisted cases move as the engine says, once a key, and refusals change nothing."""

import json
from datetime import timedelta
from typing import Any

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.durations import Duration, Unit
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.process.clocks import Clock, Interval
from cheqi.core.process.definition import Ball
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.running import drain
from cheqi.foundation.staff.models import Absence
from cheqi.foundation.workflow import operations
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.models import (
    Case,
    ClockInterval,
    DefinitionRow,
    Escalation,
    Progress,
    Reminder,
    Request,
    StepRow,
    Transition,
)
from cheqi.foundation.workflow.tests.packs import NOW, TWO_LEVELS, World, blocked, missing, ran

TABLES: tuple[Any, ...] = (Case, StepRow, ClockInterval, Transition, Request, Progress, EventRow, Wakeup)


def everything() -> list[Any]:
    """All rows that a move may write, to see that a refusal wrote none."""
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def refused(answer: object, kind: RefusalKind, rule: str) -> Refused:
    assert isinstance(answer, Refused), answer
    assert (answer.kind, answer.findings[0].rule) == (kind, rule)
    return answer


def test_a_new_case_has_a_number_an_open_step_a_running_clock_and_a_tracker(world: World) -> None:
    case = world.open()
    assert case.number == "XD-2026-000001"
    assert case.open_steps == (("send_documents", 1),)
    step = StepRow.objects.get()
    assert (step.status, step.ball, step.due_at) == ("OPEN", "customer", NOW + timedelta(days=3))
    assert step.ring_at == NOW + timedelta(days=1)
    assert list(ClockInterval.objects.values_list("side", "started_at", "ended_at")) == [
        ("THEIRS", NOW, None)
    ]
    body = json.loads(bytes(Progress.objects.get().body))
    assert body["now"][0]["sentence"]["zh"] == "请上传资料"
    assert [stage["standing"] for stage in body["stages"]] == ["CURRENT", "TODO", "TODO"]
    assert (body["ball"], body["next"][0]["zh"]) == ("customer", "审批")
    logged = EventRow.objects.filter(case_id=case.case_id).order_by("position")
    assert list(logged.values_list("type", flat=True)) == [
        "process.case_opened",
        "process.facts_given",
        "process.step_opened",
    ]


def test_numbers_count_up_within_a_year_and_start_again_in_the_next(world: World) -> None:
    assert world.open(key="a").number == "XD-2026-000001"
    assert world.open(key="b").number == "XD-2026-000002"
    assert world.open(key="c", now=NOW + timedelta(days=60)).number == "XD-2027-000001"


def test_the_same_key_opens_one_case_and_gives_the_same_answer(world: World) -> None:
    first = world.open(key="same")
    before = everything()
    assert world.open(key="same") == first
    assert everything() == before


def test_a_key_that_was_used_for_something_else_is_refused(world: World) -> None:
    world.open(key="same")
    before = everything()
    answer = operations.open_case(
        process="small_loan", branch_id=world.north.pk, party_id=77, facts={"amount": 5},
        actor=world.customer, now=NOW, key="same",
    )  # fmt: skip
    refused(answer, RefusalKind.CONFLICT, "workflow.key")
    assert everything() == before


def test_the_reviewer_with_the_fewest_open_steps_gets_the_next(world: World) -> None:
    world.in_review(key="a")
    world.in_review(key="b")
    world.in_review(key="c")
    owners = list(StepRow.objects.filter(key="review").order_by("id").values_list("owner_id", flat=True))
    assert owners == [world.reviewer.pk, world.other_reviewer.pk, world.reviewer.pk]
    told = EventRow.objects.filter(type="process.step_opened", payload__step="review").first()
    assert told is not None
    assert told.payload["assigned"] == "自动分配给林伟：手上 0 件，为可办人员中最少"


def test_the_delegate_of_an_absent_reviewer_gets_the_step(world: World) -> None:
    for away in (world.reviewer, world.other_reviewer):
        Absence.objects.create(
            member=away, delegate=world.manager, roles=["reviewer"], recorded_by="x",
            starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=1),
        )  # fmt: skip
    case = world.in_review()
    assert StepRow.objects.get(key="review").owner_id == world.manager.pk
    answer = world.finish(case.case_id, "review", world.manager, "approve")
    assert isinstance(answer, CaseMoved)
    row = StepRow.objects.get(key="review")
    assert (row.done_by, row.done_for) == (
        f"STAFF:{world.manager.pk}", f"STAFF:{world.reviewer.pk},STAFF:{world.other_reviewer.pk}",
    )  # fmt: skip


def test_a_case_goes_through_to_payment(world: World) -> None:
    case = world.in_review()
    approved = world.finish(case.case_id, "review", world.reviewer, "approve", reason="资料齐全")
    assert approved.open_steps == (("pay_out", 1),)
    assert drain(NOW) == 1
    assert ran == [(case.number, 1)]
    step = StepRow.objects.get(key="pay_out")
    assert (step.ball, step.has_run, step.data) == ("bank", True, {"asked_at": NOW.isoformat()})
    paid = operations.signal(
        case_id=case.case_id,
        awaited="test.bank_paid",
        actor=SYSTEM,
        now=NOW + timedelta(hours=2),
        key="bank-1",
    )
    assert isinstance(paid, CaseMoved)
    assert (paid.status, paid.open_steps) == ("PAID", ())
    assert Case.objects.get().closed_at == NOW + timedelta(hours=2)
    assert not ClockInterval.objects.filter(ended_at=None).exists()
    assert json.loads(bytes(Progress.objects.get().body))["status"]["zh"] == "已放款"
    assert list(Transition.objects.filter(step="").order_by("id").values_list("after", flat=True)) == [
        "OPEN",
        "PAID",
    ]


def test_an_operation_that_is_woken_twice_runs_once(world: World) -> None:
    case = world.in_review()
    world.finish(case.case_id, "review", world.reviewer, "approve")
    operations.run_step(case.case_id, "pay_out", 1, now=NOW)
    operations.run_step(case.case_id, "pay_out", 1, now=NOW)
    assert ran == [(case.number, 1)]


def test_a_return_opens_a_second_round_and_keeps_the_first(world: World) -> None:
    case = world.in_review()
    answer = world.finish(case.case_id, "review", world.reviewer, "return", reason="身份证模糊")
    assert answer.open_steps == (("send_documents", 2),)
    rounds = StepRow.objects.order_by("id").values_list("key", "round", "status")
    assert list(rounds) == [
        ("send_documents", 1, "SUPERSEDED"),
        ("review", 1, "SUPERSEDED"),
        ("second_review", 1, "SUPERSEDED"),
        ("send_documents", 2, "OPEN"),
    ]


def test_two_people_decide_on_a_large_amount(world: World) -> None:
    case = world.in_review(amount=20_000_000)
    assert case.open_steps == (("review", 1), ("second_review", 1))


def test_the_wrong_role_is_not_allowed(world: World) -> None:
    case = world.in_review()
    before = everything()
    refused(
        world.finish(case.case_id, "review", world.manager, "approve"),
        RefusalKind.NOT_ALLOWED,
        "process.owner",
    )
    assert everything() == before


def test_a_role_at_another_branch_does_not_count_here(world: World) -> None:
    both = world.member("li", "李雷", "reviewer", world.south)
    world_wide = world.actor(both)
    case = world.in_review()
    before = everything()
    answer = world.finish(case.case_id, "review", world_wide, "approve")
    refused(answer, RefusalKind.NOT_FOUND, "workflow.case")
    assert everything() == before


def test_a_case_of_another_branch_is_the_same_as_a_missing_one(world: World) -> None:
    case = world.in_review()
    before = everything()
    hidden = world.finish(case.case_id, "review", world.stranger, "approve")
    absent = world.finish(case.case_id + 999, "review", world.stranger, "approve")
    assert hidden == absent
    refused(hidden, RefusalKind.NOT_FOUND, "workflow.case")
    assert everything() == before


def test_a_step_that_is_not_open_is_refused_with_the_reason(world: World) -> None:
    case = world.open()
    before = everything()
    answer = world.finish(case.case_id, "review", world.reviewer, "approve")
    refused(answer, RefusalKind.NOT_NOW, "process.step_open")
    assert everything() == before


def test_the_second_reviewer_is_told_who_decided_and_when(world: World) -> None:
    case = world.in_review()
    world.finish(case.case_id, "review", world.reviewer, "approve", round=1)
    before = everything()
    answer = world.finish(case.case_id, "review", world.other_reviewer, "refuse", round=1)
    finding = refused(answer, RefusalKind.CONFLICT, "process.step_done").findings[0]
    assert finding.message.zh == "「审批」已由 林伟 于 2026-11-23 10:00 完成，请刷新查看"
    assert everything() == before


def test_the_same_finish_twice_has_one_effect_and_one_answer(world: World) -> None:
    case = world.in_review()
    first = world.finish(case.case_id, "review", world.reviewer, "approve", key="k")
    before = everything()
    assert world.finish(case.case_id, "review", world.reviewer, "approve", key="k") == first
    assert everything() == before


def test_a_guard_says_why_an_action_is_not_possible_yet(world: World) -> None:
    case = world.in_review()
    blocked.extend(["电话未核实", "收入不符"])
    before = everything()
    answer = refused(
        world.finish(case.case_id, "review", world.reviewer, "approve"), RefusalKind.NOT_NOW, "test.blocked"
    )
    assert [finding.message.zh for finding in answer.findings] == ["电话未核实", "收入不符"]
    assert everything() == before


def test_missing_materials_hold_the_step_and_complete_ones_finish_it(world: World) -> None:
    case = world.open()
    missing.add("id_card")
    before = everything()
    refused(
        world.finish(case.case_id, "send_documents", world.customer), RefusalKind.NOT_NOW, "process.materials"
    )
    still = operations.check_materials(case_id=case.case_id, actor=SYSTEM, now=NOW, key="m1")
    assert isinstance(still, CaseMoved)
    assert everything() == before
    missing.clear()
    done = operations.check_materials(case_id=case.case_id, actor=SYSTEM, now=NOW, key="m2")
    assert isinstance(done, CaseMoved)
    assert done.open_steps == (("review", 1),)


def test_late_facts_are_kept_and_decide_later_steps(world: World) -> None:
    case = world.open()
    answer = operations.give_facts(
        case_id=case.case_id, facts={"amount": 20_000_000}, actor=SYSTEM, now=NOW, key="f"
    )
    assert isinstance(answer, CaseMoved)
    assert Case.objects.get().facts == {"amount": 20_000_000}
    after = world.finish(case.case_id, "send_documents", world.customer)
    assert after.open_steps == (("review", 1), ("second_review", 1))


def test_a_customer_withdraws_until_the_decision(world: World) -> None:
    case = world.in_review()
    answer = operations.withdraw(
        case_id=case.case_id, reason="不买了", actor=world.customer, now=NOW, key="w"
    )
    assert isinstance(answer, CaseMoved)
    assert answer.status == "WITHDRAWN"
    assert StepRow.objects.get(key="review").status == "CANCELLED"


def test_withdrawing_after_the_decision_is_too_late(world: World) -> None:
    case = world.in_review()
    world.finish(case.case_id, "review", world.reviewer, "approve")
    before = everything()
    answer = operations.withdraw(case_id=case.case_id, reason="", actor=world.customer, now=NOW, key="w")
    refused(answer, RefusalKind.NOT_NOW, "process.withdraw")
    assert everything() == before


def test_only_systems_bring_outside_events(world: World) -> None:
    case = world.in_review()
    before = everything()
    answer = operations.signal(
        case_id=case.case_id, awaited="test.bank_paid", actor=world.customer, now=NOW, key="s"
    )
    refused(answer, RefusalKind.NOT_ALLOWED, "workflow.signal")
    assert everything() == before


def test_a_manager_reassigns_and_a_reviewer_takes_a_step(world: World) -> None:
    case = world.in_review()
    given = operations.reassign(
        case_id=case.case_id, step="review", member_id=world.other_reviewer.pk, reason="请假",
        actor=world.actor(world.boss), now=NOW, key="r",
    )  # fmt: skip
    assert isinstance(given, CaseMoved)
    assert StepRow.objects.get(key="review").owner_id == world.other_reviewer.pk
    taken = operations.claim(
        case_id=case.case_id, step="review", actor=world.actor(world.reviewer), now=NOW, key="c"
    )
    assert isinstance(taken, CaseMoved)
    assert StepRow.objects.get(key="review").owner_id == world.reviewer.pk


def test_reassigning_needs_the_permission_and_somebody_who_may(world: World) -> None:
    case = world.in_review()
    before = everything()
    values: dict[str, Any] = {"case_id": case.case_id, "step": "review", "reason": "", "now": NOW}
    answer = operations.reassign(
        **values, member_id=world.other_reviewer.pk, actor=world.actor(world.reviewer), key="1"
    )
    refused(answer, RefusalKind.NOT_ALLOWED, "workflow.reassign")
    answer = operations.reassign(**values, member_id=world.manager.pk, actor=world.actor(world.boss), key="2")
    refused(answer, RefusalKind.INVALID, "workflow.owner")
    assert everything() == before


def test_a_question_to_the_customer_stops_the_reviewers_clock(world: World) -> None:
    case = world.in_review()
    values: dict[str, Any] = {"case_id": case.case_id, "step": "review"}
    operations.pass_ball(
        **values, ball=Ball.CUSTOMER, actor=world.actor(world.reviewer), now=NOW + timedelta(hours=1), key="1"
    )
    assert StepRow.objects.get(key="review").due_at is None
    operations.pass_ball(**values, ball=Ball.US, actor=world.customer, now=NOW + timedelta(days=1), key="2")
    row = StepRow.objects.get(key="review")
    assert row.due_at == NOW + timedelta(days=1, hours=4)  # three of four hours left, over the lunch break
    assert list(row.intervals.order_by("id").values_list("side", flat=True)) == ["OURS", "THEIRS", "OURS"]


def test_reminders_come_once_each_and_a_missed_target_escalates(world: World) -> None:
    case = world.open()
    assert operations.ring_due(now=NOW + timedelta(hours=23)) == 0
    at = NOW + timedelta(days=1)
    assert operations.ring_due(now=at) == 1
    assert drain(at) == 1
    assert drain(at) == 0
    assert operations.ring_due(now=at) == 0
    assert StepRow.objects.get().ring_at == NOW + timedelta(days=2)
    late = NOW + timedelta(days=4)
    operations.ring_due(now=late)
    drain(late)
    assert list(Reminder.objects.order_by("place").values_list("place", flat=True)) == [0, 1]
    assert StepRow.objects.get().breached_at == late
    world.finish(case.case_id, "send_documents", world.customer, now=late)
    later = late + timedelta(days=1)
    operations.ring_due(now=later)
    drain(later)
    escalation = Escalation.objects.get()
    assert (escalation.role, escalation.settled_at) == ("operations_manager", None)
    world.finish(case.case_id, "review", world.reviewer, "approve", now=later)
    assert Escalation.objects.get().settled_at == later


def test_a_step_that_stays_open_after_its_target_goes_one_level_up(world: World) -> None:
    case = in_review_with_two_levels(world)
    opened_at = StepRow.objects.get(key="review").opened_at
    at_breach, later = opened_at + timedelta(hours=5), opened_at + timedelta(days=1)
    for now in (at_breach, at_breach + timedelta(minutes=1), later, later + timedelta(minutes=1)):
        operations.ring_due(now=now)
        drain(now)
    levels = Escalation.objects.order_by("level").values_list("role", "level", "at", "settled_at")
    assert list(levels) == [
        ("operations_manager", 1, at_breach, None),
        ("operations_director", 2, later, None),
    ]
    row = StepRow.objects.get(key="review")
    assert (row.escalated, row.escalate_at, row.ring_at) == (1, None, None)
    event = EventRow.objects.get(type="process.escalated_further")
    assert (event.payload["level"], event.payload["percent"]) == (2, 150)
    world.finish(case.case_id, "review", world.reviewer, "approve", now=later)
    assert set(Escalation.objects.values_list("settled_at", flat=True)) == {later}


def test_a_level_rings_at_its_share_of_the_working_time(world: World) -> None:
    in_review_with_two_levels(world)
    row = StepRow.objects.get(key="review")
    assert row.due_at is not None
    assert row.ring_at == row.due_at
    operations.ring_due(now=row.due_at)
    drain(row.due_at)
    row.refresh_from_db()
    clock = Clock((Interval(row.opened_at, None),), Duration(4, Unit.HOUR), calendar("cn_business"))
    assert row.ring_at == row.escalate_at == clock.moment(150)


def in_review_with_two_levels(world: World) -> CaseMoved:
    """A case in review under a version whose review goes one level up at one and a half times its target."""
    row = operations.publish_definition(source=TWO_LEVELS, actor=SYSTEM, now=NOW)
    assert isinstance(row, DefinitionRow), row
    return world.in_review()


def test_a_manager_closes_a_case_with_a_reason(world: World) -> None:
    case = world.in_review()
    values: dict[str, Any] = {"case_id": case.case_id, "status": "REFUSED", "reason": "重复申请", "now": NOW}
    before = everything()
    refused(
        operations.close(**values, actor=world.actor(world.reviewer), key="1"),
        RefusalKind.NOT_ALLOWED, "workflow.close",
    )  # fmt: skip
    assert everything() == before
    assert isinstance(operations.close(**values, actor=world.actor(world.boss), key="2"), CaseMoved)
    last = Transition.objects.filter(step="").latest("id")
    assert (last.after, last.reason, last.actor_name) == ("REFUSED", "重复申请", "郑凯")
