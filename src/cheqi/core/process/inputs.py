"""What can happen to a case: the requests that `engine.advance` accepts or refuses.

Each names the round it means, so that an answer to an older round does nothing to the newer one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cheqi.core.base.actors import Actor
from cheqi.core.process.definition import Ball, FactValue


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The case begins, with what is known at that time."""

    by: Actor
    facts: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FinishStep:
    """Somebody finished a step. An empty outcome means its only one; `missing` what materials lack."""

    step: str
    round: int
    by: Actor
    outcome: str = ""
    reason: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RanOperation:
    """The automatic operation of a step came back: it ends the step, or starts the wait for the outside."""

    step: str
    round: int
    by: Actor
    outcome: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signal:
    """An awaited event came from outside, with its outcome where the step has several.

    `step` and `round` say which request it answers; without them every step that waits for it is meant.
    """

    awaited: str
    by: Actor
    outcome: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    step: str = ""
    round: int = 0


@dataclass(frozen=True, slots=True)
class CompleteMaterials:
    """Everything that the step asks for is there: it is done without anybody pressing a button."""

    step: str
    round: int
    by: Actor


@dataclass(frozen=True, slots=True)
class GiveFacts:
    """Facts became known, or changed."""

    by: Actor
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Assign:
    """The step gets an owner, a reference such as `STAFF:12`."""

    step: str
    round: int
    owner: str
    by: Actor
    reason: str = ""
    owner_name: str = ""


@dataclass(frozen=True, slots=True)
class PassBall:
    """Somebody else has to act before the owner can go on, as the owner or the system says; US gives the
    ball back."""

    step: str
    round: int
    ball: Ball
    by: Actor


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The customer gives up the request."""

    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """A manager ends the case with one of its final statuses."""

    by: Actor
    status: str
    reason: str = ""


class Moment(StrEnum):
    """Why the clock rings."""

    REMINDER = "REMINDER"
    BREACH = "BREACH"
    ESCALATION = "ESCALATION"


@dataclass(frozen=True, slots=True)
class ReachTime:
    """A clock rang: `place` is which of the step's reminders, or of its later escalations, from 0."""

    step: str
    round: int
    moment: Moment
    place: int = 0


Input = (
    OpenCase
    | FinishStep
    | RanOperation
    | Signal
    | CompleteMaterials
    | GiveFacts
    | Assign
    | PassBall
    | Withdraw
    | Close
    | ReachTime
)
