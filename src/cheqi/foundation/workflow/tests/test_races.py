"""Two people at the same moment: one wins, the other is told; nothing is overwritten."""

from typing import Any

import pytest

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.models import Case, StepRow, Transition
from cheqi.foundation.workflow.operations import moving, planning
from cheqi.foundation.workflow.tests.packs import World


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets something happen once between reading a case and writing it."""

    def let(rival: Any) -> None:
        plan_of, todo = planning.plan_of, [rival]

        def plan_after_rival(*given: Any, **named: Any) -> Any:
            plan = plan_of(*given, **named)
            if todo:
                todo.pop()()
            return plan

        monkeypatch.setattr(moving, "plan_of", plan_after_rival)

    return let


def test_of_two_reviewers_deciding_at_once_one_wins_and_the_other_is_told(
    world: World, interrupted: Any
) -> None:
    case = world.in_review()
    won: list[Any] = []
    interrupted(lambda: won.append(world.finish(case.case_id, "review", world.reviewer, "approve", round=1)))
    lost = world.finish(case.case_id, "review", world.other_reviewer, "refuse", key="other", round=1)
    assert isinstance(won[0], CaseMoved)
    assert isinstance(lost, Refused)
    assert lost.kind is RefusalKind.CONFLICT
    assert dict(lost.findings[0].data)["by_name"] == "林伟"
    assert dict(lost.findings[0].data)["at"] == "2026-11-23 02:00:00+00:00"
    assert StepRow.objects.get(key="review").outcome == "approve"
    assert Transition.objects.filter(step="review", after="DONE").count() == 1


def test_a_step_beside_another_is_finished_although_the_case_moved_meanwhile(
    world: World, interrupted: Any
) -> None:
    case = world.in_review(amount=20_000_000)
    version = Case.objects.get().version
    interrupted(lambda: world.finish(case.case_id, "review", world.reviewer, "approve"))
    answer = world.finish(case.case_id, "second_review", world.senior, "approve")
    assert isinstance(answer, CaseMoved)
    assert answer.open_steps == (("pay_out", 1),)
    assert Case.objects.get().version == version + 2


def test_the_same_key_at_the_same_moment_has_one_effect(world: World, interrupted: Any) -> None:
    case = world.in_review()
    first: list[Any] = []
    interrupted(
        lambda: first.append(world.finish(case.case_id, "review", world.reviewer, "approve", key="k"))
    )
    second = world.finish(case.case_id, "review", world.reviewer, "approve", key="k")
    assert second == first[0]
    assert Transition.objects.filter(step="review", after="DONE").count() == 1


def test_an_error_in_the_middle_of_a_write_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.in_review()
    before = list(StepRow.objects.order_by("id").values()), list(Case.objects.values())

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("cheqi.foundation.workflow.operations.writing.record_many", broken)
    with pytest.raises(OSError, match="disk is full"):
        world.finish(case.case_id, "review", world.reviewer, "approve")
    assert (list(StepRow.objects.order_by("id").values()), list(Case.objects.values())) == before
