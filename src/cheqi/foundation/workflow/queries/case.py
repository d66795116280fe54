"""Everything the page of one case shows of its process: stages, steps with all rounds, what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, Refused
from cheqi.core.base.text import Text
from cheqi.core.process import inputs
from cheqi.core.process.clocks import Clock, Interval, Standing
from cheqi.core.process.definition import Side, Step
from cheqi.core.process.engine import objection
from cheqi.core.process.people import may_do
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.models import ClockInterval, StepRow
from cheqi.foundation.workflow.operations.moving import acting, not_found
from cheqi.foundation.workflow.queries.lines import owner_names, standing_of
from cheqi.foundation.workflow.record import CaseRecord, sees
from cheqi.foundation.workflow.registry import MATERIALS, Material, findings_of
from cheqi.foundation.workflow.store import load_case


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that may be done with an open step: possible, or the findings that say why not."""

    step: str
    round: int
    outcome: str
    title: Text
    is_possible: bool
    why_not: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round of a step as it is or was; `ours` and `theirs` is the time each side had the ball."""

    step_id: int
    round: int
    status: str
    ball: str
    owner_name: str
    opened_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    outcome: str
    done_by_name: str
    reason: str
    standing: Standing
    is_due_assumed: bool
    ours: timedelta
    theirs: timedelta


@dataclass(frozen=True, slots=True)
class StepView:
    """A step with its rounds, latest first; a step that was not reached has none."""

    key: str
    title: Text
    stage: str
    role: str
    rounds: tuple[RoundView, ...]
    materials: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """The case: its record, its steps in their order, and the actions of whoever looks."""

    record: CaseRecord
    status_title: Text
    steps: tuple[StepView, ...]
    actions: tuple[Action, ...]


def case_view(case_id: int, actor: Actor, now: datetime) -> CaseView | Refused:
    """The case, or NOT_FOUND where it is missing or out of scope. Five statements and those of guards."""
    loaded = load_case(case_id)
    if loaded is None:
        return not_found()
    record = loaded.record
    if not sees(actor, case_id=record.id, branch_id=record.branch_id, party_id=record.party_id):
        return not_found()
    return view_of(record, actor, now)


def view_of(record: CaseRecord, actor: Actor, now: datetime) -> CaseView:
    """A case that the actor was shown already, as a page shows it. Four statements and those of guards."""
    here = acting(actor, record.branch_id, now)
    rounds = _rounds(record, now)
    steps = tuple(_step_view(record, step, rounds.get(step.key, [])) for step in record.definition.steps)
    label = record.definition.statuses.get(record.status, Text("办理中", "In progress"))
    lacking = {one.key: _lacking(one) for one in steps}
    return CaseView(record, label, steps, _actions(record, lacking, here, now))


def _step_view(record: CaseRecord, step: Step, rounds: list[RoundView]) -> StepView:
    current = record.state.steps.get(step.key)
    asks = step.materials if current and current.is_open else None
    materials = MATERIALS[asks.source](record) if asks else ()
    return StepView(step.key, step.title, step.stage, step.owner.role, tuple(reversed(rounds)), materials)


def _rounds(record: CaseRecord, now: datetime) -> dict[str, list[RoundView]]:
    rows = list(StepRow.objects.filter(case_id=record.id).order_by("id"))
    names = owner_names(row.owner_id for row in rows)
    intervals: dict[int, list[ClockInterval]] = {}
    for one in ClockInterval.objects.filter(step__case_id=record.id).order_by("id"):
        intervals.setdefault(one.step_id, []).append(one)
    found: dict[str, list[RoundView]] = {}
    for row in rows:
        if row.key in record.definition.by_key:
            clocks = _clocks(record, row, intervals.get(row.pk, []))
            view = _round_view(row, names.get(row.owner_id or 0, ""), clocks, now)
            found.setdefault(row.key, []).append(view)
    return found


def _clocks(record: CaseRecord, row: StepRow, intervals: list[ClockInterval]) -> dict[Side, Clock]:
    target = record.definition.by_key[row.key].target
    hours = calendar(record.definition.calendar)
    return {
        side: Clock(
            tuple(Interval(one.started_at, one.ended_at) for one in intervals if one.side == side),
            target,
            hours,
        )
        for side in Side
    }


def _round_view(row: StepRow, owner_name: str, clocks: dict[Side, Clock], now: datetime) -> RoundView:
    hours = clocks[Side.OURS].calendar
    return RoundView(
        step_id=row.pk,
        round=row.round,
        status=row.status,
        ball=row.ball,
        owner_name=owner_name,
        opened_at=row.opened_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        outcome=row.outcome,
        done_by_name=row.done_by_name,
        reason=row.reason,
        standing=standing_of(row.amber_at, row.due_at, row.finished_at or now),
        is_due_assumed=bool(row.due_at and hours.assumes(row.opened_at, row.due_at)),
        ours=clocks[Side.OURS].elapsed(now),
        theirs=clocks[Side.THEIRS].elapsed(now),
    )


def _lacking(step: StepView) -> tuple[str, ...]:
    """The titles of what an open step still lacks."""
    return tuple(one.title.zh for one in step.materials if not one.is_there)


def _actions(
    record: CaseRecord, lacking: Mapping[str, tuple[str, ...]], here: Actor, now: datetime
) -> tuple[Action, ...]:
    """Every outcome of every open step that is for people of this kind, with what stands in its way."""
    found: list[Action] = []
    for state in record.state.steps.values():
        step = record.definition.by_key[state.key]
        if not state.is_open or step.run or step.awaits:
            continue
        missing = lacking.get(step.key, ())
        for outcome in step.outcomes:
            event = inputs.FinishStep(step.key, state.round, here, outcome.key, missing=missing)
            why_not = _why_not(record, event, step, here, now)
            title = outcome.title or step.title
            found.append(Action(step.key, state.round, outcome.key, title, not why_not, why_not))
    return tuple(found)


def _why_not(
    record: CaseRecord, event: inputs.FinishStep, step: Step, here: Actor, now: datetime
) -> tuple[Finding, ...]:
    refused = objection(record.definition, record.state, event)
    findings = refused.findings if refused is not None else ()
    guarded = findings_of(record, step.key, event.outcome, here, now) if may_do(step, here) else ()
    return (*findings, *guarded)
