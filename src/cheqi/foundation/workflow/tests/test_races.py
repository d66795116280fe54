"""Two people at the same moment: one wins, the other is told; nothing is overwritten."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.base.text import Text
from cheqi.core.events.base import Event, event
from cheqi.core.process import inputs
from cheqi.core.process.changes import Changes
from cheqi.core.process.engine import advance
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.models import Case, Request, StepRow, Transition
from cheqi.foundation.workflow.operations import moving, planning
from cheqi.foundation.workflow.operations.writing import MovedMeanwhile, script_of, write
from cheqi.foundation.workflow.store import load_case
from cheqi.foundation.workflow.tests.packs import NOW, World


@event
class NoteWritten(Event):
    """What a rival logs in these tests."""

    TYPE = "test.note_written"
    SENTENCE = Text("备注：{text}", "Note: {text}")
    text: str


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


def test_a_move_is_drafted_again_when_somebody_logs_about_the_case_meanwhile(
    world: World, interrupted: Any
) -> None:
    case = world.in_review()
    note = NoteWritten(text="来电询问进度")
    interrupted(lambda: record(note, actor=world.actor(world.manager), now=NOW, case_id=case.case_id))
    answer = world.finish(case.case_id, "review", world.reviewer, "approve")
    assert isinstance(answer, CaseMoved)
    chain = list(EventRow.objects.filter(case_id=case.case_id).order_by("position"))
    assert [row.position for row in chain] == list(range(1, len(chain) + 1))
    assert [row.previous for row in chain[1:]] == [row.commitment for row in chain[:-1]]
    assert [row.type for row in chain].count("test.note_written") == 1
    assert [row.type for row in chain].index("test.note_written") < len(chain) - 1
    assert Transition.objects.filter(step="review", after="DONE").count() == 1


def test_a_case_that_is_always_moved_by_others_is_given_up_with_nothing_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.in_review()
    before = list(StepRow.objects.order_by("id").values()), EventRow.objects.count()

    def outrun(script: Any) -> None:
        raise MovedMeanwhile("the case was moved")

    monkeypatch.setattr(moving, "write", outrun)
    with pytest.raises(moving.UnableToMove, match="kept being moved"):
        world.finish(case.case_id, "review", world.reviewer, "approve")
    assert (list(StepRow.objects.order_by("id").values()), EventRow.objects.count()) == before


def test_a_lost_swap_takes_everything_back_that_was_written_behind_it(world: World) -> None:
    case = world.in_review()
    loaded = load_case(case.case_id)
    assert loaded is not None
    given = inputs.GiveFacts(SYSTEM, {"amount": 200})
    result = advance(loaded.record.definition, loaded.record.state, given, NOW)
    assert isinstance(result, Changes)
    plan = planning.plan_of(loaded.record, result, actor=SYSTEM, now=NOW)
    script = script_of(plan, loaded.tail, key="late", fingerprint="f")
    Case.objects.update(version=F("version") + 1)
    before = list(Case.objects.values()), EventRow.objects.count()
    with pytest.raises(MovedMeanwhile), transaction.atomic():
        write(script)
    assert (list(Case.objects.values()), EventRow.objects.count()) == before
    assert not Request.objects.filter(key="late").exists()


def test_an_error_in_the_middle_of_a_write_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.in_review()
    before = list(StepRow.objects.order_by("id").values()), list(Case.objects.values())

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(rows, "run", broken)
    with pytest.raises(OSError, match="disk is full"):
        world.finish(case.case_id, "review", world.reviewer, "approve")
    assert (list(StepRow.objects.order_by("id").values()), list(Case.objects.values())) == before
