"""From a plan to the events of the log, one for each change that somebody may want to read."""

from collections.abc import Callable
from typing import Any

from cheqi.core.base.text import Text
from cheqi.core.events import process as told
from cheqi.core.events.base import Event
from cheqi.core.process import changes as made
from cheqi.core.process.definition import BreachKind
from cheqi.foundation.eventlog.operations import Entry
from cheqi.foundation.workflow.operations.planning import Plan


def entries_of(plan: Plan) -> list[Entry]:
    """The events of a move, in order."""
    found = []
    for change in plan.result.items:
        tell = _TELLERS.get(type(change))
        if tell is not None:
            found.append(
                Entry(event=tell(plan, change), case_id=plan.record.id, party_id=plan.record.party_id)
            )
    return found


def _title(plan: Plan, step: str) -> str:
    return plan.record.definition.by_key[step].title.zh


def _case_opened(plan: Plan, _change: made.CaseStarted) -> Event:
    definition = plan.record.definition
    return told.CaseOpened(
        number=plan.record.number,
        process=definition.process,
        definition=definition.content_hash,
        title=definition.title.zh,
    )


def _step_opened(plan: Plan, change: made.StepOpened) -> Event:
    key = (change.step, change.round)
    row = plan.opened[key]
    owner, why = row["owner_id"], plan.assigned.get(key)
    return told.StepOpened(
        step=change.step,
        round=change.round,
        title=_title(plan, change.step),
        ball=change.ball.value,
        role=row["owner_role"],
        owner=f"STAFF:{owner}" if owner is not None else "",
        assigned=why.zh if why else "",
        assigned_en=why.en if why else "",
        due_at=row["due_at"],
    )


def _step_skipped(plan: Plan, change: made.StepSkipped) -> Event:
    return told.StepSkipped(
        step=change.step, round=change.round, title=_title(plan, change.step), condition=change.condition
    )


def _step_finished(plan: Plan, change: made.StepFinished) -> Event:
    outcome = plan.record.definition.by_key[change.step].outcome(change.outcome)
    label = outcome.title.zh if outcome and outcome.title else "完成"
    return told.StepFinished(
        step=change.step,
        round=change.round,
        title=_title(plan, change.step),
        outcome=label,
        reason=change.reason,
    )


def _superseded(plan: Plan, change: made.StepSuperseded) -> Event:
    because_of = _title(plan, change.because_of) if change.because_of else ""
    return told.StepSuperseded(
        step=change.step, round=change.round, title=_title(plan, change.step), because_of=because_of
    )


def _owner_set(plan: Plan, change: made.OwnerSet) -> Event:
    return told.StepAssigned(
        step=change.step,
        round=change.round,
        title=_title(plan, change.step),
        owner=change.owner,
        owner_name=change.owner_name,
        reason=change.reason,
    )


def _ball_passed(plan: Plan, change: made.BallPassed) -> Event:
    return told.BallPassed(
        step=change.step, round=change.round, title=_title(plan, change.step), ball=change.ball.value
    )


def _facts_set(_plan: Plan, change: made.FactsSet) -> Event:
    return told.FactsGiven(names="、".join(sorted(change.facts)), facts=dict(change.facts))


def _reminder(plan: Plan, change: made.ReminderDue) -> Event:
    return told.ReminderDue(
        step=change.step,
        round=change.round,
        title=_title(plan, change.step),
        ball=plan.result.state.steps[change.step].ball.value,
        number=change.place + 1,
    )


def _breached(plan: Plan, change: made.TargetBreached) -> Event:
    roles = [one.role for one in change.actions if one.kind is BreachKind.ESCALATE]
    return told.TargetBreached(
        step=change.step,
        round=change.round,
        title=_title(plan, change.step),
        escalated_to="、".join(roles),
        tells_customer=any(one.kind is BreachKind.NOTIFY_CUSTOMER for one in change.actions),
    )


def _escalated(plan: Plan, change: made.EscalatedFurther) -> Event:
    return told.EscalatedFurther(
        step=change.step,
        round=change.round,
        title=_title(plan, change.step),
        escalated_to="、".join(one.role for one in change.actions),
        level=change.level,
        percent=change.percent,
    )


def _closed(plan: Plan, change: made.CaseClosed) -> Event:
    label = plan.record.definition.statuses.get(change.status, Text(change.status, change.status))
    return told.CaseClosed(status=change.status, title=label.zh, reason=change.reason)


_TELLERS: dict[type, Callable[[Plan, Any], Event]] = {
    made.CaseStarted: _case_opened,
    made.FactsSet: _facts_set,
    made.StepOpened: _step_opened,
    made.StepSkipped: _step_skipped,
    made.StepFinished: _step_finished,
    made.StepSuperseded: _superseded,
    made.OwnerSet: _owner_set,
    made.BallPassed: _ball_passed,
    made.ReminderDue: _reminder,
    made.TargetBreached: _breached,
    made.EscalatedFurther: _escalated,
    made.CaseClosed: _closed,
}
