"""Named processes and people that the tests of the engine share."""

from datetime import UTC, datetime
from typing import Any

import yaml

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import Refused
from cheqi.core.process import inputs
from cheqi.core.process.catalogue import Catalogue, Predicate
from cheqi.core.process.changes import Changes
from cheqi.core.process.definition import Definition, Facts, FactValue
from cheqi.core.process.engine import advance
from cheqi.core.process.loading import load
from cheqi.core.process.state import CaseState

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

LIEN_RELEASE = """
process: lien_release
version: 3
effective_from: 2026-12-01
title: {zh: 车辆解押, en: Lien release}
calendar: cn_business
facts:
  disputed: {kind: boolean}
stages:
  - {key: payoff,   title: {zh: 结清确认, en: Payoff}}
  - {key: approval, title: {zh: 内部审核, en: Approval}}
  - {key: registry, title: {zh: 车管所办理, en: Registry}}
statuses:
  RELEASED: {zh: 已解押, en: Released}
  REFUSED: {zh: 已拒绝, en: Refused}
completes: RELEASED
withdraw: {until: file_at_registry}
steps:
  - key: confirm_payoff
    title: {zh: 确认结清, en: Confirm payoff}
    stage: payoff
    run: loans.confirm_settled
    target: 10min
  - key: collect_materials
    title: {zh: 提交材料, en: Send documents}
    stage: payoff
    owner: customer
    assisted_by: [client_manager]
    materials: {from: region}
    target: 3d
    remind: [1d, 3d]
  - key: finance_approval
    title: {zh: 财务审核, en: Finance approval}
    stage: approval
    after: [confirm_payoff, collect_materials]
    owner: {role: finance, not: [creator]}
    target: 4h
    outcomes: {approve: done, return: collect_materials, refuse: close(REFUSED)}
  - key: risk_approval
    title: {zh: 风控审核, en: Risk approval}
    stage: approval
    after: [confirm_payoff, collect_materials]
    when: has_open_dispute
    owner: {role: risk, not: [finance_approval]}
    target: 4h
    outcomes: {approve: done, hold: confirm_payoff}
  - key: file_at_registry
    title: {zh: 提交车管所, en: File at registry}
    stage: registry
    after: [finance_approval, risk_approval]
    run: registry.file_release
    await: registry.result
    ball: registry
    target: 1d
    on_breach: [notify_customer, {escalate: operations_manager}]
"""


def _is_disputed(facts: Facts) -> bool:
    return facts.get("disputed") is True


CATALOGUE = Catalogue(
    operations=frozenset({"loans.confirm_settled", "registry.file_release"}),
    predicates={"has_open_dispute": Predicate(_is_disputed, ("disputed",))},
    materials=frozenset({"region"}),
    roles=frozenset({"finance", "risk", "client_manager", "operations_manager"}),
    calendars=frozenset({"cn_business"}),
    awaited=frozenset({"registry.result"}),
)


def staff(number: str, *roles: str, name: str = "陈静", acting_for: str | None = None) -> Actor:
    """A colleague with roles."""
    return Actor(ActorKind.STAFF, number, name, frozenset(roles), acting_for=acting_for)


CUSTOMER = Actor(ActorKind.CUSTOMER, "77", "王小明")
MANAGER = staff("1", "client_manager", name="李雷")
FINANCE = staff("2", "finance", name="韩梅")
RISK = staff("3", "risk", name="赵敏")


def source_of(text: str = LIEN_RELEASE) -> dict[str, Any]:
    """The parsed source of a pack."""
    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed


def lien_release() -> Definition:
    """The checked process of DESIGN section 4."""
    definition = load(source_of(), CATALOGUE)
    assert isinstance(definition, Definition), definition
    return definition


class Walk:
    """A case on its way through a definition; remembers the last answer."""

    def __init__(self, definition: Definition, *, by: Actor = CUSTOMER, **facts: FactValue) -> None:
        self.definition = definition
        self.state = CaseState()
        self.answer: Changes | Refused = self.send(inputs.OpenCase(by, facts))

    def send(self, event: inputs.Input, now: datetime = NOW) -> Changes | Refused:
        """One input; a refusal leaves the state alone."""
        self.answer = advance(self.definition, self.state, event, now)
        if isinstance(self.answer, Changes):
            self.state = self.answer.state
        return self.answer

    def finish(self, step: str, by: Actor, outcome: str = "", **rest: Any) -> Changes | Refused:
        """Finishes the current round of a step."""
        current = self.state.steps.get(step)
        return self.send(inputs.FinishStep(step, current.round if current else 1, by, outcome, **rest))

    def ran(self, step: str, outcome: str = "", **facts: FactValue) -> Changes | Refused:
        """The operation of a step came back."""
        return self.send(inputs.RanOperation(step, self.state.steps[step].round, SYSTEM, outcome, facts))

    def statuses(self) -> dict[str, str]:
        """The status of each step that was reached."""
        return {key: step.status.value for key, step in self.state.steps.items()}
