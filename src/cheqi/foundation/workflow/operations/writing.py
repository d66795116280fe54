"""Writes a plan: compare-and-swap on the case, then steps, clocks, wake-ups, tracker and events.

Everything is written in the caller's transaction or nothing is. The swap comes first: when somebody else
moved the case in the meantime, nothing else has been written yet.
"""

from datetime import datetime
from typing import Any

from cheqi.core.process.people import reference
from cheqi.core.process.state import StepStatus
from cheqi.foundation.eventlog.operations import record_many
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.workflow import progress, rows
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations.planning import Key, Plan
from cheqi.foundation.workflow.operations.telling import entries_of

RUN_STEP = "workflow.run_step"

_SWAP = """
UPDATE workflow_case SET version = version + 1, status = %s, facts = %s, closed_at = %s
WHERE id = %s AND version = %s RETURNING version
"""
_PROGRESS = """
INSERT INTO workflow_progress (case_id, number, branch_id, party_id, etag, body, updated_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (case_id) DO UPDATE SET
    etag = excluded.etag, body = excluded.body, updated_at = excluded.updated_at
"""
_STOP_CLOCKS = """
UPDATE workflow_clockinterval SET ended_at = %s WHERE ended_at IS NULL AND step_id IN ({places})
"""


def swap(plan: Plan) -> bool:
    """Moves the case row on; false when somebody else moved it since it was read."""
    state, record = plan.result.state, plan.record
    values = [state.status, dict(state.facts), state.closed_at, record.id, record.version]
    return bool(rows.select(_SWAP, values))


def write(plan: Plan, *, key: str, fingerprint: str, backfilled: bool) -> CaseMoved:
    """Everything beside the case row, in a handful of statements; gives the caller's answer."""
    ids = _write_steps(plan)
    _write_clocks(plan, ids)
    if plan.transitions:
        rows.insert("workflow_transition", plan.transitions)
    _write_rings(plan, ids)
    answer = _answer(plan)
    if key:
        _write_request(plan, answer, key, fingerprint)
    write_progress(plan)
    for step, number in plan.operations:
        wake(RUN_STEP, f"{plan.record.id}:{step}:{number}", now=plan.now)
    entries = entries_of(plan)
    if entries:
        record_many(entries, actor=plan.actor, now=plan.now, backfilled=backfilled)
    return answer


def _write_steps(plan: Plan) -> dict[Key, int]:
    """Writes the step rows and gives the ids of all rounds of the case."""
    ids = dict(plan.record.row_ids)
    for key, columns in plan.updates.items():
        rows.update("workflow_steprow", ids[key], columns)
    if plan.opened:
        made = rows.insert("workflow_steprow", list(plan.opened.values()), "id, key, round")
        ids.update({(step, number): row_id for row_id, step, number in made})
    return ids


def _write_clocks(plan: Plan, ids: dict[Key, int]) -> None:
    if plan.clocks_ended:
        places = ", ".join(["%s"] * len(plan.clocks_ended))
        rows.execute(_STOP_CLOCKS.format(places=places), [plan.now, *(ids[key] for key in plan.clocks_ended)])
    if plan.clocks_started:
        started = [
            {"step_id": ids[key], "side": side, "started_at": at, "ended_at": None}
            for key, side, at in plan.clocks_started
        ]
        rows.insert("workflow_clockinterval", started)


def _write_rings(plan: Plan, ids: dict[Key, int]) -> None:
    """Reminders, escalations, and escalations that are settled because their step is over."""
    for key, place in plan.reminders:
        rows.insert("workflow_reminder", [{"step_id": ids[key], "place": place, "at": plan.now}])
    if plan.escalations:
        shared = {"case_id": plan.record.id, "branch_id": plan.record.branch_id, "at": plan.now}
        rows.insert(
            "workflow_escalation",
            [
                {"step_id": ids[key], "role": role, "settled_at": None, **shared}
                for key, role in plan.escalations
            ],
        )
    over = [
        key for key in plan.updates if plan.updates[key].get("status", StepStatus.OPEN) != StepStatus.OPEN
    ]
    for key in over:
        step = plan.record.state.steps.get(key[0])
        if step and step.round == key[1] and step.is_breached:
            rows.execute(
                "UPDATE workflow_escalation SET settled_at = %s WHERE step_id = %s AND settled_at IS NULL",
                [plan.now, ids[key]],
            )


def _answer(plan: Plan) -> CaseMoved:
    state, record = plan.result.state, plan.record
    return CaseMoved(
        case_id=record.id,
        number=record.number,
        process=record.process,
        status=state.status,
        version=record.version + 1,
        open_steps=tuple((step.key, step.round) for step in state.steps.values() if step.is_open),
    )


def _write_request(plan: Plan, answer: CaseMoved, key: str, fingerprint: str) -> None:
    rows.insert(
        "workflow_request",
        [
            {
                "actor": reference(plan.actor),
                "key": key,
                "fingerprint": fingerprint,
                "case_id": plan.record.id,
                "answer": answer.as_json(),
                "at": plan.now,
            }
        ],
    )


def write_progress(plan: Plan) -> None:
    """Prepares the tracker's answer; due times and owners come from this plan, or from the rows that it
    leaves alone."""
    record, state = plan.record, plan.result.state
    due: dict[str, datetime | None] = {}
    who: dict[str, str] = {}
    for step in state.steps.values():
        key = (step.key, step.round)
        if step.is_open:
            columns = plan.opened.get(key) or plan.updates.get(key, {})
            due[step.key] = columns["due_at"] if "due_at" in columns else record.due.get(key)
            who[step.key] = plan.owners.get(key, record.owners.get(key, ""))
    body, etag = progress.encode(
        progress.build(
            record.definition, state, number=record.number, opened_at=record.opened_at, due=due, who=who
        )
    )
    values: list[Any] = [record.id, record.number, record.branch_id, record.party_id, etag, body, plan.now]
    rows.execute(_PROGRESS, values)
