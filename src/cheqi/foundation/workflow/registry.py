"""What process packs may name: operations, predicates, sources of materials, guards, awaited events.

An area registers in its `predicates.py` and `processes.py`, which are loaded when the apps are ready:

    @operation("origination.enquire_credit")
    def enquire_credit(case: CaseRecord, actor: Actor, now: datetime) -> StepResult: ...

An operation runs from the task `workflow.run_step`, at least once for each round, so it must be
idempotent: `case.number`, step and round make a stable key. It is retried when it raises.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.core.process.catalogue import Catalogue, Predicate
from cheqi.core.process.definition import Facts, FactValue
from cheqi.foundation.staff.roles import ROLES
from cheqi.foundation.workflow.calendars import known_calendars
from cheqi.foundation.workflow.record import CaseRecord


@dataclass(frozen=True, slots=True)
class StepResult:
    """What an operation came to. An empty outcome means the step's only one, or that it now waits."""

    outcome: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """One thing that a step asks for: whether it is there, and why not when it was turned down."""

    key: str
    title: Text
    is_there: bool
    reason: Text | None = None


Operation = Callable[[CaseRecord, Actor, datetime], StepResult]
MaterialsSource = Callable[[CaseRecord], tuple[Material, ...]]
Guard = Callable[[CaseRecord, Actor, datetime], tuple[Finding, ...]]
PredicateFunction = Callable[[Facts], bool]

OPERATIONS: dict[str, Operation] = {}
PREDICATES: dict[str, Predicate] = {}
MATERIALS: dict[str, MaterialsSource] = {}
GUARDS: dict[str, Guard] = {}
AWAITED: set[str] = set()

F = TypeVar("F", bound=Callable[..., Any])


def operation(name: str) -> Callable[[Operation], Operation]:
    """Registers what `run: name` does. Raises ValueError for a name that is taken."""
    return _into(OPERATIONS, name)


def predicate(name: str, *, needs: tuple[str, ...] = ()) -> Callable[[PredicateFunction], PredicateFunction]:
    """Registers what `when: name` asks; `needs` are the facts it looks at, none named means all."""

    def register(function: PredicateFunction) -> PredicateFunction:
        if name in PREDICATES:
            raise ValueError(f"{name} is already registered")
        PREDICATES[name] = Predicate(function, needs)
        return function

    return register


def materials(name: str) -> Callable[[MaterialsSource], MaterialsSource]:
    """Registers what `materials: {from: name}` asks for."""
    return _into(MATERIALS, name)


def guard(name: str) -> Callable[[Guard], Guard]:
    """Registers why `process.step.outcome` (or every outcome: `process.step`) is not possible yet."""
    return _into(GUARDS, name)


def awaits(*names: str) -> None:
    """Registers events from outside that a step may wait for with `await: name`."""
    AWAITED.update(names)


def catalogue() -> Catalogue:
    """All names that a pack may use now."""
    return Catalogue(
        operations=frozenset(OPERATIONS),
        predicates=dict(PREDICATES),
        materials=frozenset(MATERIALS),
        roles=frozenset(ROLES),
        calendars=known_calendars(),
        awaited=frozenset(AWAITED),
    )


def findings_of(
    case: CaseRecord, step: str, outcome: str, actor: Actor, now: datetime
) -> tuple[Finding, ...]:
    """What the guards of a step and of its outcome object to."""
    names = (f"{case.process}.{step}", f"{case.process}.{step}.{outcome}")
    return tuple(finding for name in names if name in GUARDS for finding in GUARDS[name](case, actor, now))


def _into(table: dict[str, F], name: str) -> Callable[[F], F]:
    def register(function: F) -> F:
        if name in table:
            raise ValueError(f"{name} is already registered")
        table[name] = function
        return function

    return register
