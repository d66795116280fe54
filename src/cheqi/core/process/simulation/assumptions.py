"""What a simulation assumes beyond the definition, and the defaults of what nobody has said.

How long something takes is a `Span`: a mean with a spread, or the minutes that finished cases took. A step of
a role has touch time (`work`); waiting comes out of the simulation. A step of the customer or of somebody
outside `takes` its time. Defaults are derived from the step's target, so that a definition can be simulated
before anybody has measured anything; the report names what was derived.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from math import ceil

from cheqi.core.base.durations import Duration, Unit
from cheqi.core.base.text import Text
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.definition import Definition, Effect, FactValue, OwnerKind, Step

A_DAY = 20.0
WORK_SHARE = 8
TAKES_SHARE = 2
BUSY_SHARE = 0.8
MIN_MEASURED = 30
Weighted = tuple[tuple[FactValue, float], ...]


class Spread(StrEnum):
    """How far single times lie from the mean: not at all, half of it, as much as it (standard deviation)."""

    FIXED = "fixed"
    NARROW = "narrow"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something takes: `minutes` of working time that were measured, or a mean and a spread."""

    mean: Duration
    spread: Spread
    minutes: tuple[int, ...] = ()

    @property
    def is_working(self) -> bool:
        """Whether it is working time rather than time on the wall."""
        return bool(self.minutes) or self.mean.is_working


ONE_MINUTE = Span(Duration(1, Unit.CALENDAR_MINUTE), Spread.FIXED)


@dataclass(frozen=True, slots=True)
class Following:
    """An outcome that follows from how other steps ended: `after` are their outcomes."""

    after: Mapping[str, str]
    outcome: str
    facts: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepAssumption:
    """One step: its touch time or how long it takes, its outcomes by weight, the facts that it brings.

    The first of `follows` whose steps ended so decides the outcome; without one the weights do.
    """

    span: Span | None = None
    outcomes: tuple[tuple[str, float], ...] = ()
    facts: Mapping[str, Weighted] = field(default_factory=dict)
    follows: tuple[Following, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Cases with this fact are opened by a colleague of this role, in working hours."""

    fact: str
    value: FactValue
    role: str


@dataclass(frozen=True)
class Assumptions:
    """`a_day` cases a working day; `people` by the roles of one group, as `back_office+registry_clerk`.

    `derived` names what nobody has said and comes from the targets, `measured` the steps of which finished
    cases have told something.
    """

    process: str
    title: Text
    a_day: float = A_DAY
    facts: Mapping[str, Weighted] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    steps: Mapping[str, StepAssumption] = field(default_factory=dict)
    desk: Desk | None = None
    derived: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What finished rounds of a step were like: working minutes, and how often each outcome came."""

    minutes: tuple[int, ...]
    outcomes: Mapping[str, int]


def completed(assumed: Assumptions, definition: Definition, calendar: WorkCalendar) -> Assumptions:
    """The assumptions with a value for everything.

    Touch time is an eighth of the target, a customer's or outside step takes half of it, an automatic one a
    minute; the outcome is the first that leads on; there are as many people of a role as keep them busy four
    fifths of the day when each case passes each of their steps once.
    """
    derived: list[str] = []
    steps = {}
    for step in definition.steps:
        given = assumed.steps.get(step.key, StepAssumption())
        span, outcomes = given.span, given.outcomes
        if span is None:
            span = _usual(step, calendar)
            if span is not ONE_MINUTE:
                derived.append(f"steps.{step.key}")
        if not outcomes:
            outcomes = ((_first(step), 1.0),)
            if len(step.outcomes) > 1 and not given.follows:
                derived.append(f"steps.{step.key}.outcomes")
        steps[step.key] = replace(given, span=span, outcomes=outcomes)
    people = dict(assumed.people)
    staffed = {role for group in people for role in group.split("+")}
    for role in sorted(_roles(definition) - staffed):
        people[role] = _enough(role, definition, steps, assumed.a_day, calendar)
        derived.append(f"people.{role}")
    return replace(assumed, steps=steps, people=people, derived=tuple(derived))


def with_history(
    assumed: Assumptions, definition: Definition, measured: Mapping[str, Measured]
) -> Assumptions:
    """Measured times and shares of outcomes instead of the assumed ones, from 30 finished rounds on.

    A step of a role keeps its assumed touch time: what was measured there is waiting and work together, and
    the simulation makes the waiting itself.
    """
    steps, known = dict(assumed.steps), []
    for step in definition.steps:
        found = measured.get(step.key, Measured((), {}))
        counts = [(one.key, found.outcomes.get(one.key, 0)) for one in step.outcomes]
        if sum(count for _, count in counts) < MIN_MEASURED:
            continue
        shares = tuple((key, float(count)) for key, count in counts if count)
        given = replace(steps.get(step.key, StepAssumption()), outcomes=shares)
        if step.owner.kind is not OwnerKind.ROLE and (step.awaits or not step.run):
            given = replace(given, span=Span(step.target, Spread.FIXED, found.minutes))
        steps[step.key] = given
        known.append(step.key)
    return replace(assumed, steps=steps, measured=tuple(known))


def _usual(step: Step, calendar: WorkCalendar) -> Span:
    if step.run and not step.awaits:
        return ONE_MINUTE
    is_ours = step.owner.kind is OwnerKind.ROLE
    share = WORK_SHARE if is_ours else TAKES_SHARE
    minutes = calendar.length_of(step.target) // timedelta(minutes=share)
    unit = Unit.MINUTE if is_ours or step.target.is_working else Unit.CALENDAR_MINUTE
    return Span(Duration(max(1, minutes), unit), Spread.NARROW if is_ours else Spread.WIDE)


def _first(step: Step) -> str:
    leading_on = [outcome.key for outcome in step.outcomes if outcome.effect is Effect.DONE]
    return (leading_on or [outcome.key for outcome in step.outcomes])[0]


def _roles(definition: Definition) -> frozenset[str]:
    return frozenset(step.owner.role for step in definition.steps if step.owner.kind is OwnerKind.ROLE)


def _enough(
    role: str,
    definition: Definition,
    steps: Mapping[str, StepAssumption],
    a_day: float,
    calendar: WorkCalendar,
) -> int:
    once = sum((calendar.length_of(mean) for mean in _means(role, definition, steps)), timedelta())
    return max(1, ceil(a_day * (once / calendar.working_day) / BUSY_SHARE))


def _means(role: str, definition: Definition, steps: Mapping[str, StepAssumption]) -> Iterator[Duration]:
    for step in definition.steps:
        span = steps[step.key].span
        if step.owner.role == role and span is not None:
            yield span.mean
