"""Reads one step of a process pack. Every problem is noted with its path; a hopeless step gives None."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cheqi.core.base.durations import Duration, Unit
from cheqi.core.base.text import Text
from cheqi.core.process.catalogue import Catalogue
from cheqi.core.process.definition import (
    AT_BREACH,
    Ball,
    BreachAction,
    BreachKind,
    Condition,
    Effect,
    Fact,
    Materials,
    Outcome,
    Owner,
    OwnerKind,
    Step,
)
from cheqi.core.process.reading import Node

_CLOSE = re.compile(r"close\(([A-Z_]+)\)")
_DONE = (Outcome("done", Effect.DONE),)
_ONE_DAY = Duration(1, Unit.DAY)
_OUTSIDE = frozenset(Ball) - {Ball.US, Ball.CUSTOMER}


@dataclass(frozen=True, slots=True)
class Context:
    """What the other parts of the pack have declared."""

    catalogue: Catalogue
    facts: Mapping[str, Fact]
    stages: frozenset[str]
    statuses: frozenset[str]


def read_step(node: Node, context: Context, known: frozenset[str]) -> Step | None:
    """The step, or None where it cannot be made sense of; problems are noted on the node."""
    node.only(
        "key", "title", "sentence", "stage", "after", "when", "owner", "assisted_by", "materials", "run",
        "await", "ball", "target", "remind", "on_breach", "outcomes",
    )  # fmt: skip
    key, title = node.text("key"), node.label("title")
    stage = node.known("stage", node.text("stage"), context.stages, Text("阶段", "stage"))
    after = tuple(node.known("after", name, known, Text("步骤", "step")) for name in node.names("after"))
    owner = _owner(node, context.catalogue)
    target = _target(node)
    run = _registered(node, "run", context.catalogue.operations, Text("登记的操作", "operation"))
    awaits = _registered(node, "await", context.catalogue.awaited, Text("等待的事件", "awaited event"))
    rest: dict[str, Any] = {
        "when": _condition(node, context),
        "materials": _materials(node, context.catalogue),
        "ball": _ball(node, has_await=bool(awaits)),
        "remind": _reminders(node),
        "on_breach": _breach_actions(node, context.catalogue),
        "outcomes": _outcomes(node, known, context.statuses),
        "sentence": node.label("sentence", is_needed=False),
    }
    if not key:
        return None
    return Step(
        key, title or Text(key, key), stage, owner, target, after=after, run=run, awaits=awaits, **rest
    )


def _registered(node: Node, key: str, names: frozenset[str], kind: Text) -> str:
    return node.known(key, node.text(key), names, kind) if key in node.values else ""


def _owner(node: Node, catalogue: Catalogue) -> Owner:
    given = node.values.get("owner")
    is_automatic = "run" in node.values or "await" in node.values
    system = Owner(OwnerKind.SYSTEM)
    if "assisted_by" in node.values and given != "customer":
        node.say("assisted_by", "只有客户的步骤可由员工协助", "only a customer's step is assisted")
    if given is None:
        if not is_automatic:
            node.say("owner", "缺少负责人（owner、run 或 await）", "missing owner (owner, run or await)")
        return system
    if is_automatic:
        node.say("owner", "自动步骤不另设负责人", "an automatic step has no owner of its own")
        return system
    if given == "customer":
        return Owner(OwnerKind.CUSTOMER, assisted_by=_roles(node, "assisted_by", catalogue))
    if not isinstance(given, Mapping):
        node.say("owner", "须为 customer 或 {role: …}", "must be customer or {role: …}")
        return system
    inner = Node(given, node.at("owner"), node.problems)
    inner.only("role", "not")
    role = inner.known("role", inner.text("role"), catalogue.roles, Text("角色", "role"))
    return Owner(OwnerKind.ROLE, role, inner.names("not"))


def _roles(node: Node, key: str, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(node.known(key, name, catalogue.roles, Text("角色", "role")) for name in node.names(key))


def _target(node: Node) -> Duration:
    if "target" not in node.values:
        node.say("target", "缺少时限", "missing target")
        return _ONE_DAY
    return node.duration("target", node.values["target"]) or _ONE_DAY


def _condition(node: Node, context: Context) -> Condition | None:
    given = node.values.get("when")
    if given is None:
        return None
    is_negated = isinstance(given, Mapping) and set(given) == {"not"}
    name = given["not"] if isinstance(given, Mapping) and is_negated else given
    predicates = context.catalogue.predicates
    if not isinstance(name, str):
        node.say("when", "须为条件名称或 {not: 条件}", "must be a predicate or {not: predicate}")
        return None
    node.known("when", name, frozenset(predicates), Text("登记的条件", "predicate"))
    if name not in predicates:
        return None
    for fact in predicates[name].needs:
        node.known(
            "when", fact, frozenset(context.facts), Text(f"条件 {name} 需要的事实", f"fact for {name}:")
        )
    return Condition(name, predicates[name], is_negated)


def _materials(node: Node, catalogue: Catalogue) -> Materials | None:
    given = node.values.get("materials")
    if given is None:
        return None
    inner = Node(given if isinstance(given, Mapping) else {}, node.at("materials"), node.problems)
    inner.only("from")
    return Materials(
        inner.known("from", inner.text("from"), catalogue.materials, Text("材料来源", "materials source"))
    )


def _ball(node: Node, *, has_await: bool) -> Ball:
    if not has_await:
        if "ball" in node.values:
            node.say("ball", "只有等待外部的步骤才有 ball", "only a step with await has a ball")
        return Ball.US
    name = node.known(
        "ball", node.text("ball", default="partner"), _OUTSIDE, Text("外部机构", "outside party")
    )
    return Ball(name) if name in _OUTSIDE else Ball.PARTNER


def _reminders(node: Node) -> tuple[Duration, ...]:
    found = [node.duration(f"remind[{place}]", value) for place, value in enumerate(node.names("remind"))]
    return tuple(duration for duration in found if duration)


def _breach_actions(node: Node, catalogue: Catalogue) -> tuple[BreachAction, ...]:
    given = node.values.get("on_breach", ())
    found: list[BreachAction] = []
    for place, item in enumerate(given if isinstance(given, list | tuple) else [given]):
        path = f"on_breach[{place}]"
        if item == "notify_customer":
            found.append(BreachAction(BreachKind.NOTIFY_CUSTOMER))
        elif (
            isinstance(item, Mapping)
            and {"escalate"} <= set(item) <= {"escalate", "at"}
            and isinstance(item["escalate"], str)
        ):
            role = node.known(path, item["escalate"], catalogue.roles, Text("角色", "role"))
            found.append(BreachAction(BreachKind.ESCALATE, role, _level(node, path, item)))
        else:
            node.say(
                path,
                "须为 notify_customer 或 {escalate: 角色, at: 150%}",
                "must be notify_customer or {escalate: role, at: 150%}",
            )
    _check_levels(node, found)
    return tuple(found)


def _level(node: Node, path: str, item: Mapping[str, object]) -> int:
    """The share of the target at which it escalates: all of it, or what `at` says."""
    given = item.get("at", f"{AT_BREACH}%")
    match = re.fullmatch(r"([1-9][0-9]{2,3})%", given) if isinstance(given, str) else None
    if match is None:
        node.say(
            f"{path}.at",
            f"升级时点 {given!r} 须写成 100% 至 9999% 的百分比",
            f"bad level {given!r}: write a share of the target from 100% to 9999%",
        )
        return AT_BREACH
    return int(match[1])


def _check_levels(node: Node, actions: Sequence[BreachAction]) -> None:
    """Levels rise from the missed target on, and nobody is told twice."""
    levels = [action.percent for action in actions if action.kind is BreachKind.ESCALATE]
    if levels and (levels != sorted(levels) or levels[0] != AT_BREACH):
        node.say(
            "on_breach",
            "升级须从 100% 开始，并按时点从低到高排列",
            "escalations begin at 100% and are listed from the lowest level to the highest",
        )
    roles = [action.role for action in actions if action.role]
    for role in sorted({role for role in roles if roles.count(role) > 1}):
        node.say("on_breach", f"同一角色 {role} 只能升级一次", f"{role} is escalated to more than once")


def _outcomes(node: Node, known: frozenset[str], statuses: frozenset[str]) -> tuple[Outcome, ...]:
    if "outcomes" not in node.values:
        return _DONE
    given = node.values["outcomes"]
    if not isinstance(given, Mapping) or not given:
        node.say("outcomes", "须为 结果: 去向", "must map each outcome to where it leads")
        return _DONE
    inner = Node(given, node.at("outcomes"), node.problems)
    return tuple(_outcome(inner, str(key), known, statuses) for key in given)


def _outcome(node: Node, key: str, known: frozenset[str], statuses: frozenset[str]) -> Outcome:
    given, title = node.values[key], None
    if isinstance(given, Mapping):
        long = Node(given, node.at(key), node.problems)
        long.only("to", "title")
        given, title = long.text("to"), long.label("title", is_needed=False)
    if given == "done":
        return Outcome(key, Effect.DONE, title=title)
    if close := _CLOSE.fullmatch(str(given)):
        node.known(key, close[1], statuses, Text("状态", "status"))
        return Outcome(key, Effect.CLOSE, close[1], title)
    node.known(key, str(given), known, Text("步骤", "step"))
    return Outcome(key, Effect.RETURN, str(given), title)
