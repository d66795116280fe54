"""What the tracker shows of a case, prepared when the case moves: where it is, whose turn, since, until.

Both languages are inside, so that one stored body answers everybody who may see the case.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from cheqi.core.base.text import Text
from cheqi.core.process.definition import Ball, Definition, Step
from cheqi.core.process.state import OPEN, SATISFIED, CaseState, StepState


def build(
    definition: Definition,
    state: CaseState,
    *,
    number: str,
    opened_at: datetime,
    due: dict[str, datetime | None],
    who: dict[str, str],
) -> dict[str, Any]:
    """The tracker's answer as JSON can hold it; `due` and `who` are of the open steps, by key."""
    open_steps = [
        step for step in definition.steps if step.key in state.steps and state.steps[step.key].is_open
    ]
    now = [
        _open_step(step, state.steps[step.key], due.get(step.key), who.get(step.key, ""))
        for step in open_steps
    ]
    return {
        "number": number,
        "process": definition.process,
        "title": _both(definition.title),
        "status": {"key": state.status, **_both(_status(definition, state))},
        "is_open": state.is_open,
        "ball": _ball(now),
        "stages": _stages(definition, state),
        "now": now,
        "next": [{"step": step.key, **_both(step.title)} for step in _next_steps(definition, state)],
        "opened_at": opened_at.isoformat(),
        "closed_at": state.closed_at.isoformat() if state.closed_at else None,
    }


def encode(answer: dict[str, Any]) -> tuple[bytes, str]:
    """The body and its tag: the same answer always has the same tag."""
    body = msgspec.json.encode(answer)
    return body, hashlib.blake2b(body, digest_size=12).hexdigest()


def encode_expected(expected: Mapping[str, Any]) -> tuple[str, str]:
    """What is expected, by `step:round`, and its tag; nothing expected is empty."""
    if not expected:
        return "", ""
    text = msgspec.json.encode(expected)
    return text.decode(), hashlib.blake2b(text, digest_size=6).hexdigest()


def with_expected(body: bytes, etag: str, expected: str, tag: str) -> tuple[bytes, str]:
    """The whole answer: the case and, as its last member, what is expected.

    >>> with_expected(b'{"ball":"us"}', "ab", '{"review:1":{}}', "cd")
    (b'{"ball":"us","expected":{"review:1":{}}}', 'ab-cd')
    """
    if not expected:
        return body, etag
    return body[:-1] + b',"expected":' + expected.encode() + b"}", f"{etag}-{tag}"


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _status(definition: Definition, state: CaseState) -> Text:
    return Text("办理中", "In progress") if state.status == OPEN else definition.statuses[state.status]


def _open_step(step: Step, state: StepState, due_at: datetime | None, who: str) -> dict[str, Any]:
    return {
        "step": step.key,
        "round": state.round,
        "stage": step.stage,
        "title": _both(step.title),
        "sentence": _both(step.sentence or step.title),
        "ball": state.ball.value,
        "who": who if state.ball is Ball.US else "",
        "since": state.opened_at.isoformat(),
        "due_at": due_at.isoformat() if due_at else None,
    }


def _ball(now: list[dict[str, Any]]) -> str:
    """Who has the ball for the whole case: the customer if anything waits for them, else us, else outside."""
    balls = [step["ball"] for step in now]
    return next((ball for ball in ("customer", "us", *balls) if ball in balls), "")


def _stages(definition: Definition, state: CaseState) -> list[dict[str, Any]]:
    found = []
    for stage in definition.stages:
        mine = [state.steps.get(step.key) for step in definition.steps if step.stage == stage.key]
        if any(step and step.is_open for step in mine):
            standing = "CURRENT"
        elif all(step and step.status in SATISFIED for step in mine):
            standing = "DONE"
        else:
            standing = "TODO"
        found.append({"key": stage.key, **_both(stage.title), "standing": standing})
    return found


def _next_steps(definition: Definition, state: CaseState) -> list[Step]:
    """The steps that may open when the open ones are done, conditions as far as they are known."""
    if not state.is_open:
        return []
    satisfied = {key for key, step in state.steps.items() if step.is_open or step.status in SATISFIED}
    return [
        step
        for step in definition.steps
        if step.key not in satisfied
        and all(key in satisfied for key in step.after)
        and (step.when is None or step.when.holds(state.facts))
    ][:3]
