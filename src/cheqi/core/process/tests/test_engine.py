"""What the engine does, as business sentences, on the lien release of DESIGN section 4."""

from datetime import timedelta

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.process import changes as made
from cheqi.core.process import inputs
from cheqi.core.process.changes import Changes
from cheqi.core.process.definition import Ball, Definition, Side
from cheqi.core.process.engine import advance, objection
from cheqi.core.process.loading import load
from cheqi.core.process.state import CaseState
from cheqi.core.process.tests.packs import (
    CATALOGUE,
    CUSTOMER,
    FINANCE,
    MANAGER,
    NOW,
    RISK,
    Walk,
    lien_release,
    source_of,
    staff,
)


def a_case_in_approval(*, disputed: bool) -> Walk:
    walk = Walk(lien_release(), disputed=disputed)
    walk.ran("confirm_payoff")
    walk.finish("collect_materials", CUSTOMER)
    return walk


def refused(walk: Walk, kind: RefusalKind, rule: str) -> Refused:
    """The last answer was that refusal."""
    assert isinstance(walk.answer, Refused), walk.answer
    assert (walk.answer.kind, walk.answer.findings[0].rule) == (kind, rule)
    return walk.answer


def test_a_new_case_opens_every_step_that_waits_for_nothing() -> None:
    walk = Walk(lien_release(), disputed=False)
    assert walk.answer == Changes(
        (
            made.CaseStarted(frozenset({"CUSTOMER:77"}), NOW),
            made.FactsSet({"disputed": False}),
            made.StepOpened("confirm_payoff", 1, Ball.US, NOW),
            made.ClockStarted("confirm_payoff", 1, Side.OURS, NOW),
            made.OperationDue("confirm_payoff", 1, "loans.confirm_settled"),
            made.StepOpened("collect_materials", 1, Ball.CUSTOMER, NOW),
            made.ClockStarted("collect_materials", 1, Side.THEIRS, NOW),
        ),
        walk.state,
    )


def test_a_skipped_step_satisfies_what_comes_after_it() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "approve")
    assert walk.statuses() == {
        "confirm_payoff": "DONE",
        "collect_materials": "DONE",
        "finance_approval": "DONE",
        "risk_approval": "SKIPPED",
        "file_at_registry": "OPEN",
    }


def test_a_case_goes_through_to_its_end() -> None:
    walk = a_case_in_approval(disputed=True)
    walk.finish("finance_approval", FINANCE, "approve")
    walk.finish("risk_approval", RISK, "approve")
    walk.ran("file_at_registry")
    assert walk.state.steps["file_at_registry"].ball is Ball.REGISTRY
    answer = walk.send(inputs.Signal("registry.result", SYSTEM))
    assert isinstance(answer, Changes)
    assert [type(item).__name__ for item in answer.items] == ["ClockStopped", "StepFinished", "CaseClosed"]
    assert walk.state.status == "RELEASED"


def test_the_clock_changes_sides_when_the_registry_gets_the_ball() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "approve")
    answer = walk.ran("file_at_registry")
    assert isinstance(answer, Changes)
    assert answer.items == (
        made.OperationRan("file_at_registry", 1),
        made.ClockPaused("file_at_registry", 1, Side.OURS, NOW),
        made.BallPassed("file_at_registry", 1, Ball.REGISTRY),
        made.ClockStarted("file_at_registry", 1, Side.THEIRS, NOW),
    )


def test_an_answer_that_comes_before_our_own_operation_returns_is_not_lost() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "approve")
    walk.send(inputs.Signal("registry.result", SYSTEM))
    assert walk.state.status == "RELEASED"
    assert walk.send(inputs.RanOperation("file_at_registry", 1, SYSTEM)) == Changes((), walk.state)


def test_a_return_opens_a_new_round_and_keeps_the_old_one() -> None:
    walk = a_case_in_approval(disputed=True)
    walk.finish("risk_approval", RISK, "approve")
    walk.finish("finance_approval", FINANCE, "return", reason="结清证明看不清")
    assert walk.statuses() == {
        "confirm_payoff": "DONE",
        "collect_materials": "OPEN",
        "finance_approval": "SUPERSEDED",
        "risk_approval": "SUPERSEDED",
    }
    assert walk.state.steps["collect_materials"].round == 2
    assert [(one.key, one.round, one.status.value, one.by) for one in walk.state.past] == [
        ("collect_materials", 1, "SUPERSEDED", "CUSTOMER:77")
    ]
    walk.finish("collect_materials", CUSTOMER)
    assert (walk.state.steps["finance_approval"].round, walk.state.steps["risk_approval"].round) == (2, 2)


def test_a_return_to_a_skipped_step_opens_it_all_the_same() -> None:
    walk = a_case_in_approval(disputed=True)
    walk.send(inputs.GiveFacts(SYSTEM, {"disputed": False}))
    walk.finish("risk_approval", RISK, "hold")
    assert walk.state.steps["confirm_payoff"].round == 2
    assert walk.state.steps["collect_materials"].round == 1


def test_late_facts_decide_steps_that_are_not_open_yet() -> None:
    walk = Walk(lien_release())
    walk.send(inputs.GiveFacts(SYSTEM, {"disputed": True}))
    walk.ran("confirm_payoff")
    walk.finish("collect_materials", CUSTOMER)
    assert walk.statuses()["risk_approval"] == "OPEN"


def test_a_skip_is_taken_back_while_nothing_behind_it_has_begun() -> None:
    walk = a_case_in_approval(disputed=False)
    assert walk.statuses()["risk_approval"] == "SKIPPED"
    walk.send(inputs.GiveFacts(SYSTEM, {"disputed": True}))
    assert walk.statuses()["risk_approval"] == "OPEN"
    assert walk.state.steps["risk_approval"].round == 2


def test_a_skip_stays_when_the_next_step_has_begun() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "approve")
    walk.send(inputs.GiveFacts(SYSTEM, {"disputed": True}))
    assert walk.statuses()["risk_approval"] == "SKIPPED"
    assert walk.state.facts["disputed"] is True


def test_an_open_step_stays_open_when_the_facts_change_back() -> None:
    walk = a_case_in_approval(disputed=True)
    walk.send(inputs.GiveFacts(SYSTEM, {"disputed": False}))
    assert walk.statuses()["risk_approval"] == "OPEN"


def test_facts_that_are_not_declared_or_do_not_fit_are_all_refused() -> None:
    walk = Walk(lien_release())
    before = walk.state
    walk.send(inputs.GiveFacts(SYSTEM, {"disputed": "perhaps", "colour": "red"}))
    answer = refused(walk, RefusalKind.INVALID, "process.fact")
    assert [finding.field for finding in answer.findings] == ["disputed", "colour"]
    assert walk.state is before


def test_a_step_whose_turn_has_not_come_is_refused_with_the_reason() -> None:
    walk = Walk(lien_release())
    before = walk.state
    walk.finish("finance_approval", FINANCE, "approve")
    answer = refused(walk, RefusalKind.NOT_NOW, "process.step_open")
    assert dict(answer.findings[0].data)["waiting_for"] == "confirm_payoff, collect_materials"
    assert walk.state is before


def test_the_wrong_role_is_not_allowed() -> None:
    walk = a_case_in_approval(disputed=False)
    before = walk.state
    walk.finish("finance_approval", RISK, "approve")
    refused(walk, RefusalKind.NOT_ALLOWED, "process.owner")
    assert walk.state is before


def test_who_opened_the_case_may_not_approve_it() -> None:
    both = staff("1", "client_manager", "finance")
    walk = Walk(lien_release(), by=both, disputed=False)
    walk.ran("confirm_payoff")
    walk.finish("collect_materials", both)
    walk.finish("finance_approval", both, "approve")
    refused(walk, RefusalKind.NOT_ALLOWED, "process.four_eyes")
    assert walk.statuses()["finance_approval"] == "OPEN"


def test_a_stand_in_of_the_creator_may_not_approve_either() -> None:
    walk = Walk(lien_release(), by=MANAGER, disputed=False)
    walk.ran("confirm_payoff")
    walk.finish("collect_materials", MANAGER)
    walk.finish("finance_approval", staff("9", "finance", acting_for="1"), "approve")
    refused(walk, RefusalKind.NOT_ALLOWED, "process.four_eyes")


def test_four_eyes_count_every_round() -> None:
    both = staff("5", "finance", "risk")
    walk = a_case_in_approval(disputed=True)
    walk.finish("finance_approval", both, "return")
    walk.finish("collect_materials", CUSTOMER)
    walk.finish("risk_approval", both, "approve")
    refused(walk, RefusalKind.NOT_ALLOWED, "process.four_eyes")


def test_the_second_of_two_reviewers_learns_who_was_faster_and_when() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "approve")
    before = walk.state
    walk.send(inputs.FinishStep("finance_approval", 1, staff("8", "finance"), "refuse"))
    answer = refused(walk, RefusalKind.CONFLICT, "process.step_done")
    assert dict(answer.findings[0].data)["by_name"] == "韩梅"
    assert "2026-11-23 09:00" in answer.findings[0].message.zh
    assert walk.state is before


def test_the_same_decision_twice_changes_nothing_the_second_time() -> None:
    walk = a_case_in_approval(disputed=False)
    event = inputs.FinishStep("finance_approval", 1, FINANCE, "return")
    walk.send(event)
    assert walk.send(event) == Changes((), walk.state)


def test_an_answer_to_an_older_round_does_nothing_to_the_newer_one() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "return")
    walk.send(inputs.FinishStep("collect_materials", 1, MANAGER))
    refused(walk, RefusalKind.NOT_NOW, "process.round")


def test_a_step_with_several_outcomes_wants_one_named() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE)
    refused(walk, RefusalKind.INVALID, "process.outcome")
    walk.finish("finance_approval", FINANCE, "perhaps")
    refused(walk, RefusalKind.INVALID, "process.outcome")


def test_missing_materials_are_named_one_by_one() -> None:
    walk = Walk(lien_release())
    walk.finish("collect_materials", CUSTOMER, missing=("身份证反面", "行驶证"))
    answer = refused(walk, RefusalKind.NOT_NOW, "process.materials")
    assert [finding.field for finding in answer.findings] == ["身份证反面", "行驶证"]


def test_complete_materials_finish_the_step_without_a_button() -> None:
    walk = Walk(lien_release())
    event = inputs.CompleteMaterials("collect_materials", 1, SYSTEM)
    walk.send(event)
    assert walk.statuses()["collect_materials"] == "DONE"
    assert walk.send(event) == Changes((), walk.state)


def test_a_refusal_closes_the_case_and_every_open_step() -> None:
    walk = a_case_in_approval(disputed=True)
    walk.finish("finance_approval", FINANCE, "refuse", reason="未结清")
    assert walk.state.status == "REFUSED"
    assert walk.statuses()["risk_approval"] == "CANCELLED"
    walk.finish("risk_approval", RISK, "approve")
    refused(walk, RefusalKind.NOT_NOW, "process.case_open")


def test_the_customer_withdraws_until_the_filing_is_done() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.send(inputs.Withdraw(CUSTOMER, "车已卖"))
    assert walk.state.status == "WITHDRAWN"
    assert walk.send(inputs.Withdraw(CUSTOMER)) == Changes((), walk.state)


def test_a_withdrawal_that_comes_too_late_is_refused() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "approve")
    walk.send(inputs.Signal("registry.result", SYSTEM))
    walk.send(inputs.Withdraw(CUSTOMER))
    refused(walk, RefusalKind.NOT_NOW, "process.case_open")


def test_a_reviewer_may_not_withdraw_for_the_customer() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.send(inputs.Withdraw(FINANCE))
    refused(walk, RefusalKind.NOT_ALLOWED, "process.withdraw")
    assert walk.state.is_open


def test_an_event_that_nothing_waits_for_is_refused() -> None:
    walk = Walk(lien_release())
    walk.send(inputs.Signal("registry.result", SYSTEM))
    refused(walk, RefusalKind.NOT_NOW, "process.awaited")


def test_a_reminder_rings_once_and_only_while_the_step_is_open() -> None:
    walk = Walk(lien_release())
    ring = inputs.ReachTime("collect_materials", 1, inputs.Moment.REMINDER, 0)
    answer = walk.send(ring, NOW + timedelta(days=1))
    assert isinstance(answer, Changes)
    assert answer.items == (made.ReminderDue("collect_materials", 1, 0, NOW + timedelta(days=1)),)
    assert walk.send(ring) == Changes((), walk.state)
    walk.finish("collect_materials", CUSTOMER)
    second = inputs.ReachTime("collect_materials", 1, inputs.Moment.REMINDER, 1)
    assert walk.send(second) == Changes((), walk.state)


def test_a_missed_target_names_what_follows_once() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.finish("finance_approval", FINANCE, "approve")
    ring = inputs.ReachTime("file_at_registry", 1, inputs.Moment.BREACH)
    answer = walk.send(ring)
    assert isinstance(answer, Changes)
    assert answer.items == (
        made.TargetBreached("file_at_registry", 1, walk.definition.by_key["file_at_registry"].on_breach, NOW),
    )
    assert walk.send(ring) == Changes((), walk.state)


def escalating_twice() -> Walk:
    """A case whose finance approval goes to finance when late, and to risk at one and a half times."""
    source = source_of()
    approval = next(one for one in source["steps"] if one["key"] == "finance_approval")
    levels = ["notify_customer", {"escalate": "finance"}, {"escalate": "risk", "at": "150%"}]
    approval["on_breach"] = levels
    definition = load(source, CATALOGUE)
    assert isinstance(definition, Definition), definition
    walk = Walk(definition, disputed=False)
    walk.ran("confirm_payoff")
    walk.finish("collect_materials", CUSTOMER)
    return walk


def test_a_missed_target_goes_to_its_first_level_alone() -> None:
    walk = escalating_twice()
    answer = walk.send(inputs.ReachTime("finance_approval", 1, inputs.Moment.BREACH))
    assert isinstance(answer, Changes)
    (breach,) = answer.items
    assert isinstance(breach, made.TargetBreached)
    assert [(one.kind.value, one.role) for one in breach.actions] == [
        ("NOTIFY_CUSTOMER", ""),
        ("ESCALATE", "finance"),
    ]


def test_a_step_that_stays_open_goes_up_each_level_once_and_never_before_it_is_late() -> None:
    walk = escalating_twice()
    ring = inputs.ReachTime("finance_approval", 1, inputs.Moment.ESCALATION, 0)
    assert walk.send(ring) == Changes((), walk.state)
    walk.send(inputs.ReachTime("finance_approval", 1, inputs.Moment.BREACH))
    answer = walk.send(ring)
    actions = walk.definition.by_key["finance_approval"].actions_at(150)
    assert answer == Changes(
        (made.EscalatedFurther("finance_approval", 1, 0, 150, actions, NOW),), walk.state
    )
    assert [(one.role, one.percent) for one in actions] == [("risk", 150)]
    assert walk.state.steps["finance_approval"].escalated == 1
    assert walk.send(ring) == Changes((), walk.state)
    beyond = inputs.ReachTime("finance_approval", 1, inputs.Moment.ESCALATION, 1)
    assert walk.send(beyond) == Changes((), walk.state)


def test_a_barred_person_is_not_assigned() -> None:
    walk = Walk(lien_release(), by=MANAGER, disputed=False)
    walk.ran("confirm_payoff")
    walk.finish("collect_materials", MANAGER)
    walk.send(inputs.Assign("finance_approval", 1, "STAFF:1", MANAGER))
    refused(walk, RefusalKind.NOT_ALLOWED, "process.four_eyes")
    walk.send(inputs.Assign("finance_approval", 1, "STAFF:2", MANAGER, "least loaded"))
    assert walk.state.steps["finance_approval"].owner == "STAFF:2"


def test_a_question_to_the_customer_stops_our_clock_until_the_answer() -> None:
    walk = a_case_in_approval(disputed=False)
    asked = walk.send(inputs.PassBall("finance_approval", 1, Ball.CUSTOMER, FINANCE))
    assert isinstance(asked, Changes)
    assert [type(item).__name__ for item in asked.items] == ["ClockPaused", "BallPassed", "ClockStarted"]
    answered = walk.send(inputs.PassBall("finance_approval", 1, Ball.US, CUSTOMER))
    assert isinstance(answered, Changes)
    assert answered.items[-1] == made.ClockStarted("finance_approval", 1, Side.OURS, NOW)


def test_the_system_may_give_the_ball_to_the_customer_in_a_colleagues_step_and_others_may_not() -> None:
    walk = a_case_in_approval(disputed=False)
    walk.send(inputs.PassBall("finance_approval", 1, Ball.CUSTOMER, CUSTOMER))
    refused(walk, RefusalKind.NOT_ALLOWED, "process.owner")
    walk.send(inputs.PassBall("finance_approval", 1, Ball.CUSTOMER, SYSTEM))
    assert walk.state.steps["finance_approval"].ball is Ball.CUSTOMER


def test_a_page_learns_why_a_button_is_disabled_without_pressing_it() -> None:
    walk = a_case_in_approval(disputed=False)
    possible = inputs.FinishStep("finance_approval", 1, FINANCE, "approve")
    assert objection(walk.definition, walk.state, possible) is None
    found = objection(walk.definition, walk.state, inputs.FinishStep("finance_approval", 1, RISK, "approve"))
    assert found is not None
    assert found.kind is RefusalKind.NOT_ALLOWED


def test_nothing_happens_to_a_case_that_never_began() -> None:
    definition = lien_release()
    for event in (
        inputs.FinishStep("collect_materials", 1, CUSTOMER),
        inputs.Withdraw(CUSTOMER),
        inputs.Close(FINANCE, "REFUSED"),
        inputs.GiveFacts(SYSTEM, {"disputed": True}),
    ):
        assert isinstance(advance(definition, CaseState(), event, NOW), Refused)


def test_a_case_is_not_opened_again_by_somebody_else() -> None:
    walk = Walk(lien_release())
    assert walk.send(inputs.OpenCase(CUSTOMER)) == Changes((), walk.state)
    walk.send(inputs.OpenCase(MANAGER))
    refused(walk, RefusalKind.CONFLICT, "process.case_new")
