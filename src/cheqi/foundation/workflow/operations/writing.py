"""Writes a plan: compare-and-swap on the case, then steps, clocks, wake-ups, tracker and events.

A plan becomes a script of statements before the transaction begins, so that locks are held for writing only.
All of it is written in the caller's transaction or nothing is. PostgreSQL gets what does not depend on each
other as one statement, and is asked last whether the swap was won: three statements and one wait for a move.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from cheqi.core.process.people import reference
from cheqi.core.process.state import StepStatus
from cheqi.foundation.eventlog.chains import Tail
from cheqi.foundation.eventlog.locks import holding
from cheqi.foundation.eventlog.operations import NotInATransaction, draft
from cheqi.foundation.jobs.operations import waking
from cheqi.foundation.prepared import Statement
from cheqi.foundation.workflow import progress, rows
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations.planning import Key, Plan
from cheqi.foundation.workflow.operations.telling import entries_of

RUN_STEP = "workflow.run_step"

_SWAP = """
UPDATE workflow_case SET version = version + 1, status = %s, facts = %s, closed_at = %s
WHERE id = %s AND version = %s RETURNING version, {held}
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
    """A plan as statements in three parts, each sent together, and the answer of the move.

    `changed` are rows that are there already, with the swap as the last; it holds the case's events.
    `added` are new rows; `clocks` start on steps that are among them.
    """

    changed: list[Statement]
    added: list[Statement]
    clocks: list[Statement]
    answer: CaseMoved


def script_of(
    plan: Plan, tail: Tail, *, key: str = "", fingerprint: str = "", backfilled: bool = False
) -> Script:
    """The statements of a plan; `tail` is where the case's events end. Reads and writes nothing."""
    answer = _answer(plan)
    added = list(_additions(plan))
    if key:
        added.append(_request(plan, answer, key, fingerprint))
    added.append(_progress(plan))
    if entries := entries_of(plan):
        case_id, actor, now = plan.record.id, plan.actor, plan.now
        added.append(draft(entries, case_id=case_id, tail=tail, actor=actor, now=now, backfilled=backfilled))
    return Script(
        changed=[*_changes(plan), _swap(plan)],
        added=added,
        clocks=[_started(plan, *started) for started in plan.clocks_started],
        answer=answer,
    )


def write(script: Script) -> CaseMoved:
    """Runs a script in the caller's transaction and gives the caller's answer.

    Raises MovedMeanwhile, or IntegrityError where a rival's rows are there already: then nothing may stay;
    NotInATransaction where there is none.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction("log an event inside the transaction that it tells of")
    with rows.pipelined():
        swapped = rows.ask(script.changed)
        rows.run(script.added)
        rows.run(script.clocks)
    if not swapped():
        raise MovedMeanwhile(f"case {script.answer.case_id} was moved by somebody else")
    return script.answer


def _swap(plan: Plan) -> Statement:
    state, record = plan.result.state, plan.record
    values = [state.status, dict(state.facts), state.closed_at, record.id, record.version]
    return rows.statement(_SWAP.format(held=holding("id")), values)


def _changes(plan: Plan) -> Iterator[Statement]:
    """Steps and clocks that end, and escalations that are settled because their step is over."""
    ids = plan.record.row_ids
    for key, columns in plan.updates.items():
        yield rows.change("workflow_steprow", ids[key], columns)
    if plan.clocks_ended:
        places = ", ".join(["%s"] * len(plan.clocks_ended))
        ended = [plan.now, *(ids[key] for key in plan.clocks_ended)]
        yield rows.statement(_STOP_CLOCKS.format(places=places), ended)
    for key, columns in plan.updates.items():
        step = plan.record.state.steps.get(key[0])
        is_over = columns.get("status", StepStatus.OPEN) != StepStatus.OPEN
        if is_over and step and step.round == key[1] and step.is_breached:
            yield rows.statement(_SETTLE, [plan.now, ids[key]])


def _additions(plan: Plan) -> Iterator[Statement]:
    """Steps that open, with what runs, and reminders and escalations of those that are open."""
    ids, record = plan.record.row_ids, plan.record
    if plan.opened:
        yield rows.insertion("workflow_steprow", list(plan.opened.values()))
    for key, place in plan.reminders:
        yield rows.insertion("workflow_reminder", [{"step_id": ids[key], "place": place, "at": plan.now}])
    if plan.escalations:
        shared = {"case_id": record.id, "branch_id": record.branch_id, "at": plan.now}
        escalations = [
            {"step_id": ids[key], "role": role, "level": level, "settled_at": None, **shared}
            for key, role, level in plan.escalations
        ]
        yield rows.insertion("workflow_escalation", escalations)
    if plan.transitions:
        yield rows.insertion("workflow_transition", plan.transitions)
    for step, number in plan.operations:
        yield waking(RUN_STEP, f"{record.id}:{step}:{number}", now=plan.now)


def _started(plan: Plan, key: Key, side: str, at: datetime) -> Statement:
    return rows.statement(_START_CLOCK, [side, at, plan.record.id, *key])


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
