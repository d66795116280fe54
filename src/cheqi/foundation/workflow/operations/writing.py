"""Writes a plan: compare-and-swap on the case, then steps, clocks, wake-ups, tracker and events.

A plan becomes a script of statements before the transaction begins, so that locks are held for writing only.
All of it is written in the caller's transaction or nothing is. The swap comes first, and its answer is read
last, when PostgreSQL has been sent everything: one wait for a whole move.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cheqi.core.process.people import reference
from cheqi.core.process.state import StepStatus
from cheqi.foundation.eventlog.chains import Tail
from cheqi.foundation.eventlog.operations import Draft, append, draft
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.workflow import progress, rows
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations.planning import Plan
from cheqi.foundation.workflow.operations.telling import entries_of
from cheqi.foundation.workflow.rows import Statement

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
_START_CLOCK = """
INSERT INTO workflow_clockinterval (step_id, side, started_at, ended_at)
SELECT id, %s, %s, NULL FROM workflow_steprow WHERE case_id = %s AND key = %s AND round = %s
"""
_SETTLE = "UPDATE workflow_escalation SET settled_at = %s WHERE step_id = %s AND settled_at IS NULL"


class MovedMeanwhile(RuntimeError):
    """Somebody else moved the case since it was read; the transaction has to end without a commit."""


@dataclass(frozen=True, slots=True)
class Script:
    """A plan as statements: the swap, the rest in order, the steps to run, the events, and the answer."""

    swap: Statement
    statements: list[Statement]
    wakes: list[str]
    events: Draft | None
    answer: CaseMoved
    now: datetime


def script_of(
    plan: Plan, tail: Tail, *, key: str = "", fingerprint: str = "", backfilled: bool = False
) -> Script:
    """The statements of a plan; `tail` is where the case's events end. Reads and writes nothing."""
    state, record = plan.result.state, plan.record
    swap = [state.status, dict(state.facts), state.closed_at, record.id, record.version]
    answer = _answer(plan)
    statements = [*_steps(plan), *_clocks(plan), *_rings(plan)]
    if plan.transitions:
        statements.append(rows.insertion("workflow_transition", plan.transitions))
    if key:
        statements.append(_request(plan, answer, key, fingerprint))
    statements.append(_progress(plan))
    entries = entries_of(plan)
    return Script(
        swap=rows.statement(_SWAP, swap),
        statements=statements,
        wakes=[f"{record.id}:{step}:{number}" for step, number in plan.operations],
        events=draft(
            entries, case_id=record.id, tail=tail, actor=plan.actor, now=plan.now, backfilled=backfilled
        )
        if entries
        else None,
        answer=answer,
        now=plan.now,
    )


def write(script: Script) -> CaseMoved:
    """Runs a script in the caller's transaction and gives the caller's answer.

    Raises MovedMeanwhile, or IntegrityError where a rival's rows are there already: then nothing may stay.
    """
    swapped = rows.ask(script.swap)
    rows.run(script.statements)
    for key in script.wakes:
        wake(RUN_STEP, key, now=script.now)
    if script.events:
        append(script.events)
    if not swapped():
        raise MovedMeanwhile(f"case {script.answer.case_id} was moved by somebody else")
    return script.answer


def _steps(plan: Plan) -> Iterator[Statement]:
    for key, columns in plan.updates.items():
        yield rows.change("workflow_steprow", plan.record.row_ids[key], columns)
    if plan.opened:
        yield rows.insertion("workflow_steprow", list(plan.opened.values()))


def _clocks(plan: Plan) -> Iterator[Statement]:
    ids = plan.record.row_ids
    if plan.clocks_ended:
        places = ", ".join(["%s"] * len(plan.clocks_ended))
        ended = [plan.now, *(ids[key] for key in plan.clocks_ended)]
        yield rows.statement(_STOP_CLOCKS.format(places=places), ended)
    for key, side, at in plan.clocks_started:
        yield rows.statement(_START_CLOCK, [side, at, plan.record.id, *key])


def _rings(plan: Plan) -> Iterator[Statement]:
    """Reminders, escalations, and escalations that are settled because their step is over."""
    ids = plan.record.row_ids
    for key, place in plan.reminders:
        yield rows.insertion("workflow_reminder", [{"step_id": ids[key], "place": place, "at": plan.now}])
    if plan.escalations:
        shared = {"case_id": plan.record.id, "branch_id": plan.record.branch_id, "at": plan.now}
        escalations = [
            {"step_id": ids[key], "role": role, "settled_at": None, **shared}
            for key, role in plan.escalations
        ]
        yield rows.insertion("workflow_escalation", escalations)
    for key, columns in plan.updates.items():
        step = plan.record.state.steps.get(key[0])
        is_over = columns.get("status", StepStatus.OPEN) != StepStatus.OPEN
        if is_over and step and step.round == key[1] and step.is_breached:
            yield rows.statement(_SETTLE, [plan.now, ids[key]])


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


def _request(plan: Plan, answer: CaseMoved, key: str, fingerprint: str) -> Statement:
    columns = {
        "actor": reference(plan.actor),
        "key": key,
        "fingerprint": fingerprint,
        "case_id": plan.record.id,
        "answer": answer.as_json(),
        "at": plan.now,
    }
    return rows.insertion("workflow_request", [columns])


def _progress(plan: Plan) -> Statement:
    """The tracker's answer; due times and owners come from this plan, or from rows that it leaves alone."""
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
    values = [record.id, record.number, record.branch_id, record.party_id, etag, body, plan.now]
    return rows.statement(_PROGRESS, values)
