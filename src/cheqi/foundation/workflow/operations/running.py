"""What happens to cases by themselves: operations that run, reminders and missed targets."""

from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import Refused
from cheqi.core.process import inputs
from cheqi.core.process.state import StepState
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations.moving import move
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import OPERATIONS
from cheqi.foundation.workflow.store import load_case

RING = "workflow.ring"
MAX_RINGS = 500

_DUE = """
SELECT s.id, s.case_id, s.key, s.round FROM workflow_steprow s
WHERE s.status = 'OPEN' AND s.ring_at <= %s ORDER BY s.ring_at, s.id LIMIT %s
"""
_STEP = """
SELECT case_id, key, round, due_at, breached_at, ring_at, reminded, escalate_at, escalated
FROM workflow_steprow
WHERE id = %s AND status = 'OPEN'
"""


class OperationWasRefused(RuntimeError):
    """An operation came back with an outcome or facts that the process does not take."""


def run_step(case_id: int, step: str, round: int, *, now: datetime) -> None:  # noqa: A002 (the field's name)
    """Runs the operation of an open step and moves the case by what it came to.

    Nothing happens when the step is over, or has run and waits. Raises what the operation raises, so
    that the wake-up is tried again, and OperationWasRefused.
    """
    loaded = load_case(case_id)
    if loaded is None:
        return
    current = loaded.record.state.steps.get(step)
    if current is None or not _is_to_run(loaded.record, current, round):
        return
    name = loaded.record.definition.by_key[step].run
    result = OPERATIONS[name](loaded.record, SYSTEM, now)
    answer = move(
        case_id,
        lambda case, here: inputs.RanOperation(step, round, here, result.outcome, result.facts),
        actor=SYSTEM,
        now=now,
        key=f"run:{case_id}:{step}:{round}",
        what=("ran", step, round),
        data=result.data,
    )
    if isinstance(answer, Refused):
        raise OperationWasRefused(f"{name}: {answer.findings[0].message.en}")


def _is_to_run(record: CaseRecord, current: StepState, number: int) -> bool:
    return record.state.is_open and current.is_open and current.round == number and not current.has_run


def ring_due(*, now: datetime) -> int:
    """Wakes every step whose reminder or target is due; gives how many."""
    found = rows.select(_DUE, [now, MAX_RINGS])
    with transaction.atomic():
        for row_id, *_ in found:
            wake(RING, str(row_id), now=now)
    return len(found)


def ring(step_id: int, *, now: datetime) -> int:
    """Sends what is due on a step, each reminder, the breach and each level once; gives how many moves."""
    moves = 0
    while (event := _next_ring(step_id, now)) is not None:
        case_id, asked = event
        answer = move(
            case_id,
            lambda *_, asked=asked: asked,
            actor=SYSTEM,
            now=now,
            key=f"ring:{step_id}:{asked.moment}:{asked.place}",
            what=("ring", step_id, asked.moment, asked.place),
        )
        if not isinstance(answer, CaseMoved):
            return moves
        moves += 1
    return moves


def _next_ring(step_id: int, now: datetime) -> tuple[int, inputs.ReachTime] | None:
    """The case and what rings next on an open step, or nothing when nothing is due."""
    found = rows.select(_STEP, [step_id])
    if not found:
        return None
    case_id, key, number, due_at, breached_at, ring_at, reminded, escalate_at, escalated = found[0]
    rings_at, due = rows.moment(ring_at), rows.moment(due_at)
    if rings_at is None or rings_at > now:
        return None
    if breached_at is None and due is not None and due <= now and rings_at == due:
        return case_id, inputs.ReachTime(key, number, inputs.Moment.BREACH)
    if breached_at is not None and rings_at == rows.moment(escalate_at):
        return case_id, inputs.ReachTime(key, number, inputs.Moment.ESCALATION, escalated)
    return case_id, inputs.ReachTime(key, number, inputs.Moment.REMINDER, reminded)
