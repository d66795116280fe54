"""Reads the parsed source of assumptions against a definition, or names everything that is wrong with it.

process: application
title: {zh: 基线假设, en: Baseline assumptions}
a_day: 20                                          # cases a working day
desk: {fact: started_by, value: STAFF, role: client_manager}
facts: {started_by: {CUSTOMER: 7, STAFF: 3}, four_eyes_above_fen: 20000000}
people: {reviewer: 3, back_office+registry_clerk: 1}
steps:
  review: {work: 25min, outcomes: {approve: 8, refuse: 1, return: 1}}
  collect_materials: {takes: {mean: 20ch, spread: wide}, facts: {fields_for_clerk: {0: 7, 2: 3}}}
  decide:
    follows: [{after: {review: approve, second_review: refuse}, outcome: split, facts: {decision: SPLIT}}]
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.core.process.definition import Definition, FactValue, OwnerKind, Step
from cheqi.core.process.reading import Node
from cheqi.core.process.simulation.assumptions import (
    A_DAY,
    Assumptions,
    Desk,
    Following,
    Span,
    Spread,
    StepAssumption,
    Weighted,
)

_STEP, _FACT, _ROLE = Text("步骤", "step"), Text("事实", "fact"), Text("角色", "role")
_OUTCOME = Text("结果", "outcome")


def read(source: Any, definition: Definition) -> Assumptions | tuple[Problem, ...]:
    """The assumptions for that definition, or all problems at once, each with its path."""
    if not isinstance(source, Mapping):
        return (Problem("", Text("须为键值", "must be a mapping")),)
    top = Node(source, "")
    top.only("process", "version", "title", "note", "a_day", "desk", "facts", "people", "steps")
    process, title = top.text("process"), top.label("title")
    if process and process != definition.process:
        top.say("process", f"须为 {definition.process}", f"must be {definition.process}")
    a_day = _number(top, "a_day", top.values.get("a_day", A_DAY))
    found = Assumptions(
        process=process,
        title=title or Text(process or "?", process or "?"),
        a_day=a_day or A_DAY,
        facts=_facts(_section(top, "facts"), definition),
        people=_people(_section(top, "people"), definition),
        steps=_steps(_section(top, "steps"), definition),
        desk=_desk(top, definition),
    )
    return tuple(top.problems) if top.problems else found


def roles_of(definition: Definition) -> frozenset[str]:
    """Every role that does or helps with a step."""
    owners = {step.owner.role for step in definition.steps if step.owner.role}
    return frozenset(owners.union(*(step.owner.assisted_by for step in definition.steps)))


def _section(top: Node, key: str) -> Node:
    value = top.values.get(key, {})
    if not isinstance(value, Mapping):
        top.say(key, "须为键值", "must be a mapping")
        value = {}
    return Node({str(name): inner for name, inner in value.items()}, top.at(key), top.problems)


def _number(node: Node, key: str, value: object) -> float:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and value > 0:
        return float(value)
    node.say(key, "须为正数", "must be a number above 0")
    return 0.0


def _desk(top: Node, definition: Definition) -> Desk | None:
    if "desk" not in top.values:
        return None
    node = _section(top, "desk")
    node.only("fact", "value", "role")
    fact = node.known("fact", node.text("fact"), frozenset(definition.facts), _FACT)
    role = node.known("role", node.text("role"), roles_of(definition), _ROLE)
    value = _value(node, "value", fact, node.values.get("value"), definition)
    return Desk(fact, value, role)


def _value(node: Node, key: str, fact: str, value: object, definition: Definition) -> FactValue:
    known = definition.facts.get(fact)
    if known is not None and not known.accepts(value):
        node.say(key, f"事实 {fact} 不能是 {value}", f"the fact {fact} cannot be {value}")
    return value if isinstance(value, str | int | bool) else None


def _facts(node: Node, definition: Definition) -> dict[str, Weighted]:
    """Each fact as a constant or as values with weights."""
    found: dict[str, Weighted] = {}
    for fact, given in node.values.items():
        node.known(fact, fact, frozenset(definition.facts), _FACT)
        if not isinstance(given, Mapping):
            found[fact] = ((_value(node, fact, fact, given, definition), 1.0),)
            continue
        if not given:
            node.say(fact, "至少须有一个取值", "needs at least one value")
        found[fact] = tuple(
            (
                _value(node, f"{fact}.{value}", fact, value, definition),
                _number(node, f"{fact}.{value}", weight),
            )
            for value, weight in given.items()
        )
    return found


def _people(node: Node, definition: Definition) -> dict[str, int]:
    roles = roles_of(definition)
    for group in node.values:
        for role in group.split("+"):
            node.known(group, role, roles, _ROLE)
    return {group: node.whole(group) for group in node.values}


def _steps(node: Node, definition: Definition) -> dict[str, StepAssumption]:
    found = {}
    for key in node.values:
        node.known(key, key, frozenset(definition.by_key), _STEP)
        if key in definition.by_key:
            found[key] = _step(_section(node, key), definition.by_key[key], definition)
    return found


def _step(node: Node, step: Step, definition: Definition) -> StepAssumption:
    node.only("work", "takes", "outcomes", "facts", "follows")
    is_ours = step.owner.kind is OwnerKind.ROLE
    mine, other = ("work", "takes") if is_ours else ("takes", "work")
    if other in node.values:
        node.say(other, f"此步骤用 {mine}", f"this step has {mine} instead")
    return StepAssumption(
        span=_span(node, mine, Spread.NARROW if is_ours else Spread.WIDE) if mine in node.values else None,
        outcomes=_outcomes(_section(node, "outcomes"), step),
        facts=_facts(_section(node, "facts"), definition),
        follows=tuple(_following(one, step, definition) for one in _list(node, "follows")),
    )


def _list(node: Node, key: str) -> list[Node]:
    return list(node.mappings(key)) if key in node.values else []


def _span(node: Node, key: str, usual: Spread) -> Span | None:
    given, spread = node.values[key], usual
    if isinstance(given, Mapping):
        inner = _section(node, key)
        inner.only("mean", "spread")
        name = inner.text("spread", default=usual.value)
        inner.known("spread", name, frozenset(Spread), Text("离散程度", "spread"))
        spread = Spread(name) if name in frozenset(Spread) else usual
        mean = inner.duration("mean", inner.values.get("mean"))
    else:
        mean = node.duration(key, given)
    return Span(mean, spread) if mean else None


def _outcomes(node: Node, step: Step) -> tuple[tuple[str, float], ...]:
    names = frozenset(outcome.key for outcome in step.outcomes)
    return tuple(
        (node.known(key, key, names, _OUTCOME), _number(node, key, weight))
        for key, weight in node.values.items()
    )


def _following(node: Node, step: Step, definition: Definition) -> Following:
    node.only("after", "outcome", "facts")
    after = _section(node, "after")
    for key, outcome in after.values.items():
        after.known(key, key, frozenset(definition.by_key), _STEP)
        if key in definition.by_key:
            names = frozenset(one.key for one in definition.by_key[key].outcomes)
            after.known(key, str(outcome), names, _OUTCOME)
    facts = _section(node, "facts")
    for fact, value in facts.values.items():
        facts.known(fact, fact, frozenset(definition.facts), _FACT)
        _value(facts, fact, fact, value, definition)
    names = frozenset(one.key for one in step.outcomes)
    return Following(
        after={key: str(outcome) for key, outcome in after.values.items()},
        outcome=node.known("outcome", node.text("outcome"), names, _OUTCOME),
        facts=dict(facts.values),
    )
