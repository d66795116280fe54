"""What a process is: stages that a customer sees, steps with owners, clocks and outcomes. All values.

A definition comes out of `loading.load`, which checks it whole; nobody builds one by hand. Steps run
beside each other unless `after` orders them. An outcome ends a step in one of three ways: the step is
done, the work goes back to an earlier step, or the case closes with a status.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from cheqi.core.base.durations import Duration
from cheqi.core.base.text import Text

FactValue = str | int | bool | None
"""A fact as it is given; None takes back what was known."""

Facts = Mapping[str, str | int | bool]
"""The facts that are known, as predicates see them."""


class FactKind(StrEnum):
    """What a declared fact may hold."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"


class Ball(StrEnum):
    """Who has to do something next: us, the customer, who signs beside them, or somebody outside."""

    US = "us"
    CUSTOMER = "customer"
    CO_SIGNER = "co_signer"
    REGISTRY = "registry"
    BANK = "bank"
    BUREAU = "bureau"
    INSURER = "insurer"
    DEALER = "dealer"
    PARTNER = "partner"


class Side(StrEnum):
    """Whose clock runs: ours while we have the ball, theirs while anybody else has it."""

    OURS = "OURS"
    THEIRS = "THEIRS"


class OwnerKind(StrEnum):
    """Who does a step: the customer, somebody who holds a role, or the system itself."""

    CUSTOMER = "CUSTOMER"
    ROLE = "ROLE"
    SYSTEM = "SYSTEM"


class Effect(StrEnum):
    """What an outcome does to the case."""

    DONE = "DONE"
    RETURN = "RETURN"
    CLOSE = "CLOSE"


AT_BREACH = 100
"""The share of the target, in per cent, at which it is missed."""


class BreachKind(StrEnum):
    """What happens when a target is missed."""

    NOTIFY_CUSTOMER = "NOTIFY_CUSTOMER"
    ESCALATE = "ESCALATE"


@dataclass(frozen=True, slots=True)
class Stage:
    """One station of the road as the customer sees it."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that predicates may look at; `values` lists the allowed words of a text."""

    key: str
    kind: FactKind
    values: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether the value is of this kind and among the allowed ones; None means not known yet."""
        if value is None:
            return True
        if self.kind is FactKind.BOOLEAN:
            return isinstance(value, bool)
        if self.kind is FactKind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, str) and (not self.values or value in self.values)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who does the step. `barred` are the steps whose doers may not (`creator`: who opened the case);
    `assisted_by` are the roles that may do a customer's step together with them at the desk."""

    kind: OwnerKind
    role: str = ""
    barred: tuple[str, ...] = ()
    assisted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a step can end. `target` is a step for RETURN and a status for CLOSE."""

    key: str
    effect: Effect
    target: str = ""
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Materials:
    """The step is complete when everything that this registered source asks for is there."""

    source: str


@dataclass(frozen=True, slots=True)
class BreachAction:
    """One thing to do when the target is missed; `role` is whom to escalate to, once `percent` of the
    target are used: the first level at all of it, higher levels later."""

    kind: BreachKind
    role: str = ""
    percent: int = AT_BREACH


@dataclass(frozen=True, slots=True)
class Condition:
    """A registered pure predicate over declared facts, or its opposite."""

    name: str
    function: Callable[[Facts], bool] = field(compare=False)
    is_negated: bool = False

    def holds(self, facts: Mapping[str, FactValue]) -> bool:
        """Whether the step is needed, as far as the facts are known."""
        known = {key: value for key, value in facts.items() if value is not None}
        return bool(self.function(known)) is not self.is_negated

    def __str__(self) -> str:
        return f"not {self.name}" if self.is_negated else self.name


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work. `run` names its automatic operation, `awaits` the outside event that ends it."""

    key: str
    title: Text
    stage: str
    owner: Owner
    target: Duration
    outcomes: tuple[Outcome, ...]
    after: tuple[str, ...] = ()
    when: Condition | None = None
    materials: Materials | None = None
    run: str = ""
    awaits: str = ""
    ball: Ball = Ball.US
    remind: tuple[Duration, ...] = ()
    on_breach: tuple[BreachAction, ...] = ()
    sentence: Text | None = None

    @property
    def later_levels(self) -> tuple[int, ...]:
        """The shares of the target, in per cent, at which it escalates again after it was missed."""
        return tuple(sorted({action.percent for action in self.on_breach} - {AT_BREACH}))

    def actions_at(self, percent: int) -> tuple[BreachAction, ...]:
        """What is done when that share of the target is used."""
        return tuple(action for action in self.on_breach if action.percent == percent)

    def outcome(self, key: str) -> Outcome | None:
        """The outcome of that name."""
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)

    @property
    def first_ball(self) -> Ball:
        """Who has the ball when the step opens; an operation of ours runs before we wait for others."""
        if self.owner.kind is OwnerKind.CUSTOMER:
            return Ball.CUSTOMER
        return self.ball if self.awaits and not self.run else Ball.US

    @property
    def counted_sides(self) -> frozenset[Side]:
        """Whose time counts towards the target: the owner's; both while somebody outside is awaited."""
        if self.awaits:
            return frozenset(Side)
        is_theirs = self.owner.kind is OwnerKind.CUSTOMER
        return frozenset({Side.THEIRS if is_theirs else Side.OURS})


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The customer may withdraw until that step is done; the case then closes with `status`."""

    until: str
    status: str


@dataclass(frozen=True)
class Definition:
    """A checked process. `steps` are in an order in which each comes behind what it is `after`."""

    process: str
    version: int
    effective_from: date
    title: Text
    number: str
    calendar: str
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    facts: Mapping[str, Fact]
    statuses: Mapping[str, Text]
    completes: str
    withdraw: Withdrawal | None
    content_hash: str

    @cached_property
    def by_key(self) -> dict[str, Step]:
        """The steps by key."""
        return {step.key: step for step in self.steps}

    @cached_property
    def dependents(self) -> dict[str, tuple[str, ...]]:
        """For each step all those that come behind it, near or far, in their order."""
        found: dict[str, set[str]] = {step.key: set() for step in self.steps}
        for step in reversed(self.steps):
            for before in step.after:
                found[before] |= {step.key} | found[step.key]
        return {key: tuple(s.key for s in self.steps if s.key in keys) for key, keys in found.items()}

    @cached_property
    def awaiting(self) -> dict[str, tuple[str, ...]]:
        """For each event from outside the steps that wait for it."""
        names = {step.awaits for step in self.steps if step.awaits}
        return {name: tuple(s.key for s in self.steps if s.awaits == name) for name in sorted(names)}

    @cached_property
    def stage_places(self) -> dict[str, int]:
        """Where each stage stands on the road, from 0."""
        return {stage.key: place for place, stage in enumerate(self.stages)}
