"""Puts walked cases into the rows that the operations would have left: cases, steps, clocks, transitions,
reminders, escalations, trackers, and the events of each move, marked as backfilled."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.process import changes as made
from cheqi.core.process.definition import AT_BREACH, BreachKind
from cheqi.core.process.people import reference
from cheqi.core.process.state import CaseState, StepState
from cheqi.demo.history.books import Entry
from cheqi.demo.history.walk import Key, Move, Walk
from cheqi.foundation.eventlog.operations import Entry as LogEntry
from cheqi.foundation.eventlog.operations import record_many
from cheqi.foundation.workflow import progress, rows
from cheqi.foundation.workflow.models import Case, DefinitionRow, Progress
from cheqi.foundation.workflow.operations.opening import next_number
from cheqi.foundation.workflow.operations.planning import Plan
from cheqi.foundation.workflow.operations.telling import entries_of
from cheqi.foundation.workflow.record import CaseRecord

AT_ONCE = 400
EVENTS_AT_ONCE = 1000


def write_cases(entries: Sequence[Entry], row: DefinitionRow) -> list[Case]:
    """The case rows, numbered in the order in which they were opened."""
    return Case.objects.bulk_create(_case(entry, row) for entry in entries)


def write_steps(entries: Sequence[Entry], cases: Sequence[Case]) -> None:
    """Steps with their clocks, transitions, reminders and escalations."""
    steps: list[dict[str, Any]] = []
    for entry, case in zip(entries, cases, strict=True):
        steps += [_step(entry.walk, case, step) for step in entry.walk.state.rounds]
    ids: dict[tuple[int, str, int], int] = {}
    for chunk in chunks(steps):
        made_rows = rows.insert("workflow_steprow", chunk, "id, case_id, key, round")
        ids.update({(case_id, key, number): row_id for row_id, case_id, key, number in made_rows})
    clocks, moves, reminders, escalations = [], [], [], []
    for entry, case in zip(entries, cases, strict=True):
        walk = entry.walk
        clocks += [
            {"step_id": ids[case.pk, *key], "side": side, "started_at": start, "ended_at": end}
            for key, side, start, end in walk.intervals
        ]
        moves += [line for move in walk.moves for line in _transitions(move, walk, case, entry)]
        for key, timing in walk.timing.items():
            reminders += [
                {"step_id": ids[case.pk, *key], "place": place, "at": at}
                for place, at in enumerate(timing.reminders)
            ]
        escalations += _escalations(walk, case, ids)
    for table, lines in (
        ("workflow_clockinterval", clocks),
        ("workflow_transition", moves),
        ("workflow_reminder", reminders),
        ("workflow_escalation", escalations),
    ):
        for chunk in chunks(lines):
            rows.insert(table, chunk)


def write_trackers(entries: Sequence[Entry], cases: Sequence[Case]) -> None:
    """The tracker's answer of each case."""
    answers = []
    for entry, case in zip(entries, cases, strict=True):
        walk, state = entry.walk, entry.walk.state
        open_keys = {step.key: (step.key, step.round) for step in state.steps.values() if step.is_open}
        body, etag = progress.encode(
            progress.build(
                walk.definition,
                state,
                number=case.number,
                opened_at=walk.opened_at,
                due={step: _due(walk, key) for step, key in open_keys.items()},
                who={step: walk.choices[key].name for step, key in open_keys.items() if key in walk.choices},
            )
        )
        answers.append(
            Progress(
                case=case,
                number=case.number,
                branch_id=case.branch_id,
                party_id=case.party_id,
                etag=etag,
                body=body,
                updated_at=walk.moves[-1].at,
            )
        )
    Progress.objects.bulk_create(answers, batch_size=AT_ONCE)


def write_events(entries: Sequence[Entry], cases: Sequence[Case], now: datetime) -> int:
    """The events of all moves in the order in which they happened. Returns how many."""
    told: list[tuple[datetime, LogEntry]] = []
    for entry, case in zip(entries, cases, strict=True):
        before = CaseState()
        for move in entry.walk.moves:
            plan = _plan(entry, case, move, before)
            told += [
                (move.at, replace(one, occurred_at=move.at, actor=plan.actor)) for one in entries_of(plan)
            ]
            before = move.result.state
    told.sort(key=lambda pair: pair[0])
    lines = [line for _, line in told]
    for place in range(0, len(lines), EVENTS_AT_ONCE):
        record_many(lines[place : place + EVENTS_AT_ONCE], actor=SYSTEM, now=now, backfilled=True)
    return len(lines)


def chunks(lines: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """The lines, so many at once."""
    for place in range(0, len(lines), AT_ONCE):
        yield lines[place : place + AT_ONCE]


def who(actor: Actor, entry: Entry) -> Actor:
    """The walk's nameless customer is the party of this case."""
    if actor.kind is ActorKind.CUSTOMER:
        return replace(actor, id=str(entry.party.pk))
    return actor


def _case(entry: Entry, row: DefinitionRow) -> Case:
    walk = entry.walk
    opener = who(walk.moves[0].actor, entry)
    return Case(
        number=next_number(walk.definition.number, walk.opened_at),
        process=walk.definition.process,
        definition=row,
        status=walk.state.status,
        version=len(walk.moves),
        branch_id=entry.branch.pk,
        party_id=entry.party.pk,
        subject_kind="application",
        value_fen=int(walk.shape.facts["amount_fen"] or 0),
        facts=dict(walk.state.facts),
        creators=reference(opener),
        created_by_name=opener.name,
        opened_at=walk.opened_at,
        closed_at=walk.state.closed_at,
    )


def _due(walk: Walk, key: Key) -> datetime | None:
    return walk.timing[key].due_at if key in walk.timing else None


def _step(walk: Walk, case: Case, step: StepState) -> dict[str, Any]:
    key, found = (step.key, step.round), walk.definition.by_key[step.key]
    timing, chosen = walk.timing.get(key), walk.choices.get(key)
    owner = chosen.owner.partition(":")[2] if chosen else ""
    by = f"CUSTOMER:{case.party_id}" if step.by.startswith("CUSTOMER:") else step.by
    is_rung = timing is not None and timing.breached_at is not None
    due_at = timing.due_at if timing else None
    further_at = next(iter(timing.levels_at[step.escalated :]), None) if timing else None
    return {
        "case_id": case.pk,
        "process": case.process,
        "branch_id": case.branch_id,
        "value_fen": case.value_fen,
        "key": step.key,
        "stage": found.stage,
        "round": step.round,
        "status": step.status.value,
        "ball": step.ball.value,
        "owner_role": found.owner.role,
        "owner_id": int(owner) if owner else None,
        "opened_at": step.opened_at,
        "amber_at": timing.amber_at if timing else None,
        "due_at": due_at,
        "ring_at": (further_at if is_rung else due_at) if step.is_open else None,
        "reminded": step.reminded,
        "breached_at": timing.breached_at if timing else None,
        "escalated": step.escalated,
        "escalate_at": further_at if step.is_open else None,
        "has_run": step.has_run,
        "finished_at": step.finished_at,
        "outcome": step.outcome,
        "done_by": by,
        "done_by_name": step.by_name,
        "done_for": "",
        "reason": "",
        "data": None,
    }


def _transitions(move: Move, walk: Walk, case: Case, entry: Entry) -> Iterator[dict[str, Any]]:
    actor = who(move.actor, entry)
    for change in move.result.items:
        told = _told(change)
        if told is not None:
            step, number, before, after, reason = told
            yield {
                "case_id": case.pk,
                "step": step,
                "round": number,
                "before": before,
                "after": after,
                "actor": reference(actor),
                "actor_name": actor.name,
                "reason": reason,
                "at": move.at,
            }


def _told(change: made.Change) -> tuple[str, int, str, str, str] | None:
    """Step, round, before, after and reason of a status change; nothing for other changes."""
    match change:
        case made.CaseStarted():
            return "", 0, "", "OPEN", ""
        case made.CaseClosed():
            return "", 0, "OPEN", change.status, change.reason
        case made.StepOpened():
            return change.step, change.round, "", "OPEN", ""
        case made.StepSkipped():
            return change.step, change.round, "", "SKIPPED", change.condition
        case made.StepFinished():
            return change.step, change.round, "OPEN", "DONE", change.reason
        case made.StepSuperseded():
            return change.step, change.round, "DONE", "SUPERSEDED", change.because_of
        case made.StepCancelled():
            return change.step, change.round, "OPEN", "CANCELLED", ""
        case _:
            return None


def _escalations(walk: Walk, case: Case, ids: dict[tuple[int, str, int], int]) -> list[dict[str, Any]]:
    ended = {(step.key, step.round): step.finished_at for step in walk.state.rounds}
    found = []
    for key, timing in walk.timing.items():
        step = walk.definition.by_key[key[0]]
        rang = [timing.breached_at, *timing.further] if timing.breached_at else []
        for level, (at, percent) in enumerate(zip(rang, (AT_BREACH, *step.later_levels), strict=False), 1):
            for action in step.actions_at(percent):
                if action.kind is BreachKind.ESCALATE:
                    line = {
                        "step_id": ids[case.pk, *key],
                        "case_id": case.pk,
                        "branch_id": case.branch_id,
                        "role": action.role,
                        "level": level,
                        "at": at,
                        "settled_at": ended[key],
                    }
                    found.append(line)
    return found


def _plan(entry: Entry, case: Case, move: Move, before: CaseState) -> Plan:
    """As much of a plan as telling its events needs."""
    walk = entry.walk
    record = CaseRecord(
        id=case.pk,
        number=case.number,
        process=case.process,
        version=0,
        branch_id=case.branch_id,
        party_id=case.party_id,
        subject_kind="application",
        subject_id=None,
        value_fen=case.value_fen,
        opened_at=walk.opened_at,
        created_by_name=case.created_by_name,
        definition=walk.definition,
        state=before,
        row_ids={},
        data={},
        due={},
        owners={},
    )
    plan = Plan(record, move.result, who(move.actor, entry), move.at)
    for change in move.result.items:
        if isinstance(change, made.StepOpened):
            key = (change.step, change.round)
            chosen = walk.choices.get(key)
            owner = chosen.owner.partition(":")[2] if chosen else ""
            plan.opened[key] = {
                "owner_role": walk.definition.by_key[change.step].owner.role,
                "owner_id": int(owner) if owner else None,
                "due_at": _due(walk, key),
            }
            if chosen is not None:
                plan.assigned[key] = chosen.reason
    return plan
