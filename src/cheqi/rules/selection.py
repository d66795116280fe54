"""Which version of a pack counts on a day, and whether its cases hold."""

from collections.abc import Iterable
from datetime import date

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text
from cheqi.rules.evaluation import WrongInputs, evaluate_all
from cheqi.rules.model import Case, Pack


def pick(packs: Iterable[Pack], name: str, on: date) -> Pack | None:
    """The version in force on a day: the latest to take effect by then, and of these the highest."""
    in_force = [pack for pack in packs if pack.name == name and pack.effective_from <= on]
    return max(in_force, key=lambda pack: (pack.effective_from, pack.version), default=None)


def run_cases(pack: Pack) -> tuple[Problem, ...]:
    """The cases that do not hold, each with what came out instead."""
    found = ((case, _difference(pack, case)) for case in pack.cases)
    return tuple(Problem(f"cases.{case.name}", text) for case, text in found if text)


def _difference(pack: Pack, case: Case) -> Text | None:
    if case.parameter:
        try:
            value = pack.value(case.parameter, case.on or pack.effective_from)
        except KeyError as error:
            return Text(str(error), str(error))
        return None if value == case.value else _instead(case.value, value)
    try:
        decisions = evaluate_all(pack, case.given, decision=case.decision)
    except WrongInputs as error:
        return Text(f"输入不符:{error}", str(error))
    rows = tuple(decision.rule.rsplit(".", 1)[1] for decision in decisions)
    if rows != case.rows:
        return _instead(", ".join(case.rows), ", ".join(rows))
    for name, value in case.expect.items():
        if [decision.value.get(name) for decision in decisions] != [value] * len(decisions):
            return _instead(f"{name} = {value}", [decision.value.get(name) for decision in decisions])
    return None


def _instead(expected: object, found: object) -> Text:
    return Text(f"应为 {expected},实为 {found}", f"expected {expected}, found {found}")
