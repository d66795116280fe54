"""Turns the parsed source of a process pack into a `Definition`, or names everything that is wrong.

The form is that of DESIGN section 4; beyond a step's fields it has `facts` (what predicates may look
at), `number` (prefix of the case number), `statuses`, `completes` (the status of a case whose steps
are all done) and `withdraw`. Publishing a pack with five mistakes gives five problems.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.process import graph
from cheqi.core.process.catalogue import Catalogue
from cheqi.core.process.definition import (
    Definition,
    Effect,
    Fact,
    FactKind,
    Stage,
    Step,
    Withdrawal,
)
from cheqi.core.process.loading_steps import Context, read_step
from cheqi.core.process.reading import Node

_STATUSES = {"DONE": Text("已完成", "Completed"), "WITHDRAWN": Text("已撤回", "Withdrawn")}
_RESERVED = frozenset({"OPEN", "NEW"})


def content_hash(source: Mapping[str, Any]) -> str:
    """The SHA-256 of the content in canonical form: comments and the order of keys do not matter."""
    text = json.dumps(source, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def load(source: Mapping[str, Any], catalogue: Catalogue) -> Definition | tuple[Problem, ...]:
    """The checked definition, or all problems at once, each with its path."""
    top = Node(source, "")
    top.only(
        "process", "version", "effective_from", "title", "number", "calendar", "source", "facts", "cases",
        "stages", "statuses", "completes", "withdraw", "steps",
    )  # fmt: skip
    process, version, title = top.text("process"), top.whole("version"), top.label("title")
    calendar = top.known("calendar", top.text("calendar"), catalogue.calendars, Text("工作日历", "calendar"))
    statuses = _statuses(top)
    stages = _stages(top)
    context = Context(catalogue, _facts(top), frozenset(stage.key for stage in stages), frozenset(statuses))
    steps = _steps(top, context)
    _check_stages(top, stages, steps)
    known = _known_step_keys(top)
    completes = top.known(
        "completes", top.text("completes", default="DONE"), context.statuses, Text("状态", "status")
    )
    withdraw = _withdraw(top, known, context.statuses)
    effective_from = _date(top)
    steps = _check_graph(top, steps, known)
    if top.problems or title is None:
        return tuple(top.problems)
    return Definition(
        process=process,
        version=version,
        effective_from=effective_from,
        title=title,
        number=top.text("number", default=process[:2].upper()),
        calendar=calendar,
        stages=stages,
        steps=steps,
        facts=context.facts,
        statuses=statuses,
        completes=completes,
        withdraw=withdraw,
        content_hash=content_hash(source),
    )


def _date(top: Node) -> date:
    value = top.values.get("effective_from")
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        top.say("effective_from", "须为生效日期", "must be a date")
        return date.min


def _section(top: Node, key: str) -> Node:
    value = top.values.get(key, {})
    if isinstance(value, Mapping):
        return Node(value, key, top.problems)
    top.say(key, "须为键值", "must be a mapping")
    return Node({}, key, top.problems)


def _statuses(top: Node) -> dict[str, Text]:
    given = _section(top, "statuses")
    found = dict(_STATUSES)
    for key in given.values:
        if key in _RESERVED or not key.isupper():
            given.say(key, "状态须为大写且不得为 OPEN 或 NEW", "a status is upper case, and not OPEN or NEW")
        if label := given.label(key):
            found[key] = label
    return found


def _facts(top: Node) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    section = _section(top, "facts")
    for key, value in section.values.items():
        node = Node(value if isinstance(value, Mapping) else {}, section.at(key), top.problems)
        node.only("kind", "values", "title")
        kind = node.text("kind")
        node.known("kind", kind, frozenset(FactKind), Text("事实类型", "kind of fact"))
        if kind in frozenset(FactKind):
            found[key] = Fact(key, FactKind(kind), node.names("values"))
    return found


def _stages(top: Node) -> tuple[Stage, ...]:
    found: dict[str, Stage] = {}
    for node in top.mappings("stages"):
        node.only("key", "title")
        key, title = node.text("key"), node.label("title")
        if key in found:
            node.say("key", f"阶段 {key} 重复", f"duplicate stage {key}")
        if key:
            found[key] = Stage(key, title or Text(key, key))
    return tuple(found.values())


def _known_step_keys(top: Node) -> frozenset[str]:
    """All keys that steps are given, whole or with mistakes, so that one mistake is reported once."""
    items = top.values.get("steps") or ()
    return frozenset(str(item.get("key")) for item in items if isinstance(item, Mapping))


def _steps(top: Node, context: Context) -> tuple[Step, ...]:
    found: dict[str, Step] = {}
    seen: set[str] = set()
    known = _known_step_keys(top)
    for node in top.mappings("steps"):
        key = node.text("key")
        if key in seen:
            node.say("key", f"步骤 {key} 重复", f"duplicate step {key}")
        seen.add(key)
        step = read_step(node, context, known)
        if step is not None:
            found.setdefault(key, step)
    return tuple(found.values())


def _withdraw(top: Node, known: frozenset[str], statuses: frozenset[str]) -> Withdrawal | None:
    if "withdraw" not in top.values:
        return None
    node = _section(top, "withdraw")
    node.only("until", "status")
    until = node.known("until", node.text("until"), known, Text("步骤", "step"))
    status = node.known("status", node.text("status", default="WITHDRAWN"), statuses, Text("状态", "status"))
    return Withdrawal(until, status)


def _check_stages(top: Node, stages: tuple[Stage, ...], steps: tuple[Step, ...]) -> None:
    used = {item.get("stage") for item in top.values.get("steps") or () if isinstance(item, Mapping)}
    for place, stage in enumerate(stages):
        if stage.key not in used and steps:
            top.say(f"stages[{place}]", f"阶段 {stage.key} 没有步骤", f"no step belongs to stage {stage.key}")


def _check_graph(top: Node, steps: tuple[Step, ...], known: frozenset[str]) -> tuple[Step, ...]:
    """Circles, steps that can never open, returns that do not lead back; gives the steps in order."""
    by_key = {step.key: step for step in steps}
    after = {step.key: tuple(key for key in step.after if key in by_key) for step in steps}
    place = {key: f"steps[{index}]" for index, key in enumerate(_given_order(top))}
    for circle in graph.cycles(after):
        names = " → ".join(circle)
        top.say(f"{place[circle[0]]}.after", f"步骤互相等待：{names}", f"steps wait for each other: {names}")
    dead_ends = {step.key for step in steps if step.when is None and not _can_be_done(step)}
    for key in graph.unreachable(after, dead_ends):
        top.say(
            place[key],
            f"步骤 {key} 永远不会开始",
            f"step {key} is unreachable: a step before it is never done",
        )
    for step in steps:
        _check_returns(top, step, graph.ancestors(after, step.key) | {step.key}, place[step.key])
    return tuple(by_key[key] for key in graph.ordered(after))


def _given_order(top: Node) -> list[str]:
    return [
        str(item.get("key")) if isinstance(item, Mapping) else "" for item in top.values.get("steps") or ()
    ]


def _can_be_done(step: Step) -> bool:
    return any(outcome.effect is Effect.DONE for outcome in step.outcomes)


def _check_returns(top: Node, step: Step, before: frozenset[str], path: str) -> None:
    known = _known_step_keys(top)
    for outcome in step.outcomes:
        if outcome.effect is Effect.RETURN and outcome.target in known - before:
            top.say(
                f"{path}.outcomes.{outcome.key}",
                f"只能退回到之前的步骤，{outcome.target} 不在 {step.key} 之前",
                f"can only return to an earlier step: {outcome.target} does not come before {step.key}",
            )
    for name in step.owner.barred:
        if name not in known | {"creator"}:
            top.say(f"{path}.owner.not", f"没有步骤 {name}", f"there is no step {name}")
