"""Loads a case with the state of its steps, and what an earlier use of a key answered: one statement.

The steps come as one JSON array: as rows of a join each would carry the whole case once more, and reading
that took longer than asking for it.
"""

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from cheqi.core.base.actors import Actor
from cheqi.core.process.clocks import Interval
from cheqi.core.process.definition import Ball
from cheqi.core.process.state import CaseState, StepState, StepStatus
from cheqi.foundation.eventlog.chains import Tail
from cheqi.foundation.prepared import on_postgres
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.definitions import by_hash
from cheqi.foundation.workflow.record import CaseRecord, sees

_CASE = """
SELECT c.id, c.number, c.process, d.content_hash, c.status, c.version, c.branch_id, c.party_id,
       c.subject_kind, c.subject_id, c.value_fen, c.facts, c.creators, c.created_by_name, c.opened_at,
       c.closed_at, r.fingerprint, r.answer,
       e.position, e.commitment,
       (SELECT {all_of}({list_of}(
            s.id, s.key, s.round, s.status, s.ball, s.owner_id, s.opened_at, s.finished_at, s.outcome,
            s.done_by, s.done_by_name, s.done_for, s.has_run, s.reminded, s.breached_at, s.data, s.due_at,
            m.name, s.escalated))
        FROM workflow_steprow s LEFT JOIN staff_member m ON m.id = s.owner_id AND s.status = 'OPEN'
        WHERE s.case_id = c.id)
FROM workflow_case c
JOIN workflow_definitionrow d ON d.id = c.definition_id
LEFT JOIN workflow_request r ON r.actor = %s AND r.key = %s
LEFT JOIN eventlog_eventrow e ON e.case_id = c.id
     AND e.position = (SELECT MAX(position) FROM eventlog_eventrow WHERE case_id = {which})
WHERE c.id = {which}
"""
_BY_NUMBER = "(SELECT id FROM workflow_case WHERE number = %s)"
_SQLITE = {"all_of": "json_group_array", "list_of": "json_array"}
_POSTGRES = {"all_of": "json_agg", "list_of": "json_build_array"}
_QUERIES = {
    (is_postgres, which): _CASE.format(which=which, **names)
    for is_postgres, names in ((False, _SQLITE), (True, _POSTGRES))
    for which in ("%s", _BY_NUMBER)
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The case, where its chain of events ends, and what a request that was answered before was told."""

    record: CaseRecord
    tail: Tail
    fingerprint: str | None
    answer: dict[str, Any] | None


def load_case(case_id: int, *, actor: str = "", key: str = "") -> Loaded | None:
    """The case, or nothing where there is none of that id."""
    found = rows.select(_QUERIES[on_postgres(), "%s"], [actor, key, case_id, case_id])
    return _loaded(found[0]) if found else None


def load_case_of(number: str, actor: Actor) -> Loaded | None:
    """The case with that number, or nothing where the actor may not see it or there is none."""
    found = rows.select(_QUERIES[on_postgres(), _BY_NUMBER], ["", "", number, number])
    loaded = _loaded(found[0]) if found else None
    if loaded is None:
        return None
    record = loaded.record
    is_seen = sees(actor, case_id=record.id, branch_id=record.branch_id, party_id=record.party_id)
    return loaded if is_seen else None


def _loaded(first: tuple[Any, ...]) -> Loaded:
    steps: dict[str, StepState] = {}
    past: list[StepState] = []
    ids: dict[tuple[str, int], int] = {}
    data: dict[tuple[str, int], dict[str, Any] | None] = {}
    due: dict[tuple[str, int], datetime | None] = {}
    owners: dict[tuple[str, int], str] = {}
    for row in sorted(rows.parsed(first[20]) or [], key=itemgetter(0)):
        step = _step(row)
        ids[step.key, step.round] = row[0]
        data[step.key, step.round] = rows.parsed(row[15])
        if step.is_open:
            due[step.key, step.round] = rows.moment(row[16])
            owners[step.key, step.round] = row[17] or ""
        if step.key in steps:
            past.append(steps[step.key])
        steps[step.key] = step
    state = CaseState(
        status=first[4],
        facts=rows.parsed(first[11]),
        creators=frozenset(first[12].split(",")),
        steps=steps,
        past=tuple(past),
        closed_at=rows.moment(first[15]),
    )
    tail = Tail(first[18] or 0, None if first[19] is None else bytes(first[19]))
    record = _record(first, state, (ids, data, due, owners))
    return Loaded(record, tail, first[16], rows.parsed(first[17]))


def intervals_of(step_id: int) -> list[tuple[str, Interval]]:
    """The clock intervals of a step row with their side, in order."""
    found = rows.select(
        "SELECT side, started_at, ended_at FROM workflow_clockinterval WHERE step_id = %s ORDER BY id",
        [step_id],
    )
    return [(side, Interval(_at(started_at), rows.moment(ended_at))) for side, started_at, ended_at in found]


def _step(row: list[Any]) -> StepState:
    return StepState(
        key=row[1],
        round=row[2],
        status=StepStatus(row[3]),
        ball=Ball(row[4]),
        owner=f"STAFF:{row[5]}" if row[5] is not None else "",
        opened_at=_at(row[6]),
        finished_at=rows.moment(row[7]),
        outcome=row[8],
        by=row[9],
        by_name=row[10],
        for_whom=row[11],
        has_run=bool(row[12]),
        reminded=row[13],
        is_breached=row[14] is not None,
        escalated=row[18],
    )


def _record(row: tuple[Any, ...], state: CaseState, by_round: tuple[Any, Any, Any, Any]) -> CaseRecord:
    ids, data, due, owners = by_round
    return CaseRecord(
        id=row[0],
        number=row[1],
        process=row[2],
        version=row[5],
        branch_id=row[6],
        party_id=row[7],
        subject_kind=row[8],
        subject_id=row[9],
        value_fen=row[10],
        opened_at=_at(row[14]),
        created_by_name=row[13],
        definition=by_hash(row[3]),
        state=state,
        row_ids=ids,
        data=data,
        due=due,
        owners=owners,
    )


def _at(value: Any) -> datetime:
    """A stored moment of a column that is never empty."""
    read = rows.moment(value)
    if read is None:
        raise ValueError("a moment that every row has is missing")
    return read
