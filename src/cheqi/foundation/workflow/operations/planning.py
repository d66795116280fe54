"""From the engine's changes to rows: what to update, what to insert, what runs and what rings.

A plan is made before the transaction begins, so that the write lock is held for writing only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process import changes as made
from cheqi.core.process.assignment import choose
from cheqi.core.process.clocks import AMBER_PERCENT, Clock, Interval
from cheqi.core.process.definition import BreachKind, OwnerKind, Step
from cheqi.core.process.draft import side_of
from cheqi.core.process.people import barred, reference
from cheqi.core.process.state import OPEN, StepStatus
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.people import candidates
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import intervals_of

Key = tuple[str, int]


@dataclass
class Plan:
    """What one accepted input writes. `opened` are new step rows, `updates` are by existing round."""

    record: CaseRecord
    result: made.Changes
    actor: Actor
    now: datetime
    reason: str = ""
    data: Mapping[str, Any] | None = None
    opened: dict[Key, dict[str, Any]] = field(default_factory=dict)
    updates: dict[Key, dict[str, Any]] = field(default_factory=dict)
    clocks_ended: list[Key] = field(default_factory=list)
    clocks_started: list[tuple[Key, str, datetime]] = field(default_factory=list)
    transitions: list[dict[str, Any]] = field(default_factory=list)
    operations: list[Key] = field(default_factory=list)
    reminders: list[tuple[Key, int]] = field(default_factory=list)
    escalations: list[tuple[Key, str, int]] = field(default_factory=list)
    assigned: dict[Key, Text] = field(default_factory=dict)
    owners: dict[Key, str] = field(default_factory=dict)

    @property
    def calendar(self) -> WorkCalendar:
        """The working calendar of the process."""
        return calendar(self.record.definition.calendar)

    def columns(self, key: Key) -> dict[str, Any]:
        """The columns of a round that this plan sets: of the new row, or of an update."""
        return self.opened[key] if key in self.opened else self.updates.setdefault(key, {})

    def step(self, key: Key) -> Step:
        """The definition of the step of a round."""
        return self.record.definition.by_key[key[0]]


def plan_of(
    record: CaseRecord,
    result: made.Changes,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Plan:
    """The rows of a move. Reads who may be given the steps that open, writes nothing."""
    plan = Plan(record, result, actor, now, reason, data)
    for change in result.items:
        _PLANNERS[type(change)](plan, change)
    return plan


def _opened(plan: Plan, change: made.StepOpened) -> None:
    key = (change.step, change.round)
    step = plan.step(key)
    plan.opened[key] = _new_row(plan, key, StepStatus.OPEN, change.ball.value)
    _transition(plan, key, "", StepStatus.OPEN)
    if step.owner.kind is OwnerKind.ROLE:
        plan.opened[key]["owner_id"] = _given_to(plan, key)


def _given_to(plan: Plan, key: Key) -> int | None:
    """The member who gets a round of a role's step, noted with the reason; None while nobody may."""
    step = plan.step(key)
    able = candidates(step.owner.role, plan.record.branch_id, plan.now)
    choice = choose(able, barred(step, plan.result.state))
    plan.owners[key] = next((one.name for one in able if one.reference == choice.owner), "")
    plan.assigned[key] = choice.reason
    return int(choice.owner.partition(":")[2]) if choice.owner else None


def refit(plan: Plan, key: Key, before: Step) -> None:
    """Puts an open round of the step `before` under the definition of the plan: stage, role, due time.

    Where the step has another role now, somebody of that role gets it.
    """
    step, columns = plan.step(key), plan.columns(key)
    columns.update(stage=step.stage, owner_role=step.owner.role)
    if step.owner.role != before.owner.role:
        columns["owner_id"] = _given_to(plan, key) if step.owner.kind is OwnerKind.ROLE else None
    if side_of(plan.result.state.steps[key[0]].ball) in step.counted_sides:
        ring_again(plan, key)
    else:
        columns.update(due_at=None, amber_at=None, escalate_at=None, ring_at=None)


def _new_row(plan: Plan, key: Key, status: StepStatus, ball: str) -> dict[str, Any]:
    record, step = plan.record, plan.step(key)
    return {
        "case_id": record.id,
        "process": record.process,
        "branch_id": record.branch_id,
        "value_fen": record.value_fen,
        "key": key[0],
        "stage": step.stage,
        "round": key[1],
        "status": status.value,
        "ball": ball,
        "owner_role": step.owner.role,
        "owner_id": None,
        "opened_at": plan.now,
        "amber_at": None,
        "due_at": None,
        "ring_at": None,
        "reminded": 0,
        "breached_at": None,
        "escalated": 0,
        "escalate_at": None,
        "has_run": False,
        "finished_at": None,
        "outcome": "",
        "done_by": "",
        "done_by_name": "",
        "done_for": "",
        "reason": "",
        "data": None,
    }


def _skipped(plan: Plan, change: made.StepSkipped) -> None:
    key = (change.step, change.round)
    row = _new_row(plan, key, StepStatus.SKIPPED, "us")
    plan.opened[key] = {**row, "finished_at": change.at, "reason": change.condition}
    _transition(plan, key, "", StepStatus.SKIPPED, change.condition)


def _finished(plan: Plan, change: made.StepFinished) -> None:
    key = (change.step, change.round)
    plan.columns(key).update(
        status=StepStatus.DONE.value,
        finished_at=change.at,
        outcome=change.outcome,
        done_by=change.by,
        done_by_name=change.by_name,
        done_for=change.for_whom,
        reason=change.reason,
    )
    if plan.data is not None:
        plan.columns(key)["data"] = dict(plan.data)
    _transition(plan, key, StepStatus.OPEN, StepStatus.DONE, change.reason or change.outcome)


def _superseded(plan: Plan, change: made.StepSuperseded) -> None:
    key = (change.step, change.round)
    before = plan.record.state.steps[change.step]
    columns = plan.columns(key)
    columns["status"] = StepStatus.SUPERSEDED.value
    if before.is_open:
        columns.setdefault("finished_at", change.at)
    _transition(plan, key, before.status, StepStatus.SUPERSEDED, change.because_of)


def _cancelled(plan: Plan, change: made.StepCancelled) -> None:
    key = (change.step, change.round)
    plan.columns(key).update(status=StepStatus.CANCELLED.value, finished_at=change.at)
    _transition(plan, key, StepStatus.OPEN, StepStatus.CANCELLED)


def _transition(plan: Plan, key: Key, before: str, after: str, reason: str = "") -> None:
    plan.transitions.append(
        {
            "case_id": plan.record.id,
            "step": key[0],
            "round": key[1],
            "before": str(before),
            "after": str(after),
            "actor": reference(plan.actor),
            "actor_name": plan.actor.name,
            "reason": reason,
            "at": plan.now,
        }
    )


def _clock_started(plan: Plan, change: made.ClockStarted) -> None:
    key = (change.step, change.round)
    plan.clocks_started.append((key, change.side.value, change.at))
    step = plan.step(key)
    intervals: list[Interval] = []
    if key in plan.record.row_ids:
        stored = intervals_of(plan.record.row_ids[key])
        intervals = [
            Interval(one.started_at, one.ended_at or change.at)
            for side, one in stored
            if side in step.counted_sides
        ]
    if change.side in step.counted_sides:
        intervals.append(Interval(change.at, None))
    set_clock(plan, key, tuple(intervals))


def set_clock(plan: Plan, key: Key, intervals: tuple[Interval, ...]) -> None:
    """Computes due, amber, the next level and the next ring of a round from the intervals that count."""
    step = plan.step(key)
    clock = Clock(intervals, step.target, plan.calendar)
    known = plan.result.state.steps[key[0]]
    due_at = clock.due_at()
    further_at = None
    if known.escalated < len(step.later_levels):
        further_at = clock.moment(step.later_levels[known.escalated])
    next_at = further_at if known.is_breached else due_at
    rings = [next_at] if next_at else []
    if known.reminded < len(step.remind):
        reminder = Clock(intervals, step.remind[known.reminded], plan.calendar).due_at()
        rings += [reminder] if reminder else []
    plan.columns(key).update(
        due_at=due_at,
        amber_at=clock.moment(AMBER_PERCENT),
        escalate_at=further_at,
        ring_at=min(rings, default=None),
    )


def _clock_ended(plan: Plan, change: made.ClockPaused | made.ClockStopped) -> None:
    key = (change.step, change.round)
    plan.clocks_ended.append(key)
    if isinstance(change, made.ClockPaused):
        plan.columns(key).update(due_at=None, amber_at=None, escalate_at=None, ring_at=None)


def _operation(plan: Plan, change: made.OperationDue) -> None:
    plan.operations.append((change.step, change.round))


def _ran(plan: Plan, change: made.OperationRan) -> None:
    columns = plan.columns((change.step, change.round))
    columns["has_run"] = True
    if plan.data is not None:
        columns["data"] = dict(plan.data)


def _owner(plan: Plan, change: made.OwnerSet) -> None:
    key = (change.step, change.round)
    plan.columns(key)["owner_id"] = int(change.owner.partition(":")[2]) if change.owner else None
    plan.owners[key] = change.owner_name


def _ball(plan: Plan, change: made.BallPassed) -> None:
    plan.columns((change.step, change.round))["ball"] = change.ball.value


def _reminder(plan: Plan, change: made.ReminderDue) -> None:
    key = (change.step, change.round)
    plan.reminders.append((key, change.place))
    plan.columns(key)["reminded"] = change.place + 1
    ring_again(plan, key)


def _breached(plan: Plan, change: made.TargetBreached) -> None:
    key = (change.step, change.round)
    plan.columns(key)["breached_at"] = change.at
    plan.escalations += [(key, one.role, 1) for one in change.actions if one.kind is BreachKind.ESCALATE]
    ring_again(plan, key)


def _escalated(plan: Plan, change: made.EscalatedFurther) -> None:
    key = (change.step, change.round)
    plan.columns(key)["escalated"] = change.place + 1
    plan.escalations += [(key, one.role, change.level) for one in change.actions]
    ring_again(plan, key)


def ring_again(plan: Plan, key: Key) -> None:
    """Computes the clock of a round that is there already, from its stored intervals."""
    step = plan.step(key)
    stored = intervals_of(plan.record.row_ids[key])
    set_clock(plan, key, tuple(one for side, one in stored if side in step.counted_sides))


def _closed(plan: Plan, change: made.CaseClosed) -> None:
    row = {"case_id": plan.record.id, "step": "", "round": 0, "before": OPEN, "after": change.status}
    who = {"actor": reference(plan.actor), "actor_name": plan.actor.name}
    plan.transitions.append({**row, **who, "reason": change.reason, "at": plan.now})


def _started(plan: Plan, _change: made.CaseStarted) -> None:
    row = {"case_id": plan.record.id, "step": "", "round": 0, "before": "", "after": OPEN}
    who = {"actor": reference(plan.actor), "actor_name": plan.actor.name}
    plan.transitions.append({**row, **who, "reason": plan.reason, "at": plan.now})


def _facts(_plan: Plan, _change: made.FactsSet) -> None:
    """The case row carries the facts of the resulting state."""


_PLANNERS: dict[type, Any] = {
    made.CaseStarted: _started,
    made.FactsSet: _facts,
    made.StepOpened: _opened,
    made.StepSkipped: _skipped,
    made.StepFinished: _finished,
    made.StepSuperseded: _superseded,
    made.StepCancelled: _cancelled,
    made.OperationDue: _operation,
    made.OperationRan: _ran,
    made.OwnerSet: _owner,
    made.BallPassed: _ball,
    made.ClockStarted: _clock_started,
    made.ClockPaused: _clock_ended,
    made.ClockStopped: _clock_ended,
    made.ReminderDue: _reminder,
    made.TargetBreached: _breached,
    made.EscalatedFurther: _escalated,
    made.CaseClosed: _closed,
}
