"""What an accepted input changes, as typed values that the persistence layer applies and logs.

`reduce` says what each of them does to a state; a state is the fold of all its changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cheqi.core.process.definition import Ball, BreachAction, FactValue, Side
from cheqi.core.process.state import OPEN, CaseState, StepState, StepStatus


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """The case exists."""

    creators: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class FactsSet:
    """These facts have these values now; only the ones that differ are named."""

    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class StepOpened:
    """A round of a step begins."""

    step: str
    round: int
    ball: Ball
    at: datetime


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """The step is not needed because its condition does not hold."""

    step: str
    round: int
    condition: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A round ended with an outcome; `automatic` when no person did it."""

    step: str
    round: int
    outcome: str
    by: str
    by_name: str
    at: datetime
    for_whom: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StepSuperseded:
    """A later round will stand in for this one: `because_of` is the step that sent the work back."""

    step: str
    round: int
    because_of: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepCancelled:
    """The case closed while this step was open."""

    step: str
    round: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OperationDue:
    """The registered operation has to run for this step."""

    step: str
    round: int
    operation: str


@dataclass(frozen=True, slots=True)
class OperationRan:
    """The operation came back; what it asked for is awaited from outside now."""

    step: str
    round: int


@dataclass(frozen=True, slots=True)
class OwnerSet:
    """The step has this owner now, and why."""

    step: str
    round: int
    owner: str
    owner_name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BallPassed:
    """Somebody else has to act now."""

    step: str
    round: int
    ball: Ball


@dataclass(frozen=True, slots=True)
class ClockStarted:
    """The clock of that side runs from here."""

    step: str
    round: int
    side: Side
    at: datetime


@dataclass(frozen=True, slots=True)
class ClockPaused:
    """The clock of that side stands still; the step goes on."""

    step: str
    round: int
    side: Side
    at: datetime


@dataclass(frozen=True, slots=True)
class ClockStopped:
    """The clock of that side has run for the last time in this round."""

    step: str
    round: int
    side: Side
    at: datetime


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """The owner is to be reminded: `place` is which reminder, from 0."""

    step: str
    round: int
    place: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TargetBreached:
    """The target was missed; these actions follow."""

    step: str
    round: int
    actions: tuple[BreachAction, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class EscalatedFurther:
    """The step is still open long after its target: it goes to the next level (`place`, from 0)."""

    step: str
    round: int
    place: int
    percent: int
    actions: tuple[BreachAction, ...]
    at: datetime

    @property
    def level(self) -> int:
        """The level as people count: the breach itself is the first."""
        return self.place + 2


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case is over."""

    status: str
    by: str
    reason: str
    at: datetime


Change = (
    CaseStarted
    | FactsSet
    | StepOpened
    | StepSkipped
    | StepFinished
    | StepSuperseded
    | StepCancelled
    | OperationDue
    | OperationRan
    | OwnerSet
    | BallPassed
    | ClockStarted
    | ClockPaused
    | ClockStopped
    | ReminderDue
    | TargetBreached
    | EscalatedFurther
    | CaseClosed
)


@dataclass(frozen=True, slots=True)
class Changes:
    """The answer to an accepted input: what changed, in order, and the state behind it."""

    items: tuple[Change, ...]
    state: CaseState


def reduce(state: CaseState, change: Change) -> CaseState:
    """The state after one change."""
    match change:
        case CaseStarted():
            return replace(state, status=OPEN, creators=change.creators)
        case FactsSet():
            return replace(state, facts={**state.facts, **change.facts})
        case CaseClosed():
            return replace(state, status=change.status, closed_at=change.at)
        case OperationDue() | ClockStarted() | ClockPaused() | ClockStopped():
            return state
        case StepOpened():
            opened = StepState(change.step, change.round, StepStatus.OPEN, change.ball, change.at)
            return _begin(state, opened)
        case StepSkipped():
            skipped = StepState(change.step, change.round, StepStatus.SKIPPED, Ball.US, change.at)
            return _begin(state, replace(skipped, finished_at=change.at))
    step = _reduce_step(state.steps[change.step], change)
    return replace(state, steps={**state.steps, change.step: step})


def _begin(state: CaseState, step: StepState) -> CaseState:
    before = state.steps.get(step.key)
    past = (*state.past, before) if before else state.past
    return replace(state, steps={**state.steps, step.key: step}, past=past)


def _reduce_step(
    step: StepState,
    change: StepFinished
    | StepSuperseded
    | StepCancelled
    | OperationRan
    | OwnerSet
    | BallPassed
    | ReminderDue
    | TargetBreached
    | EscalatedFurther,
) -> StepState:
    match change:
        case StepFinished():
            return replace(
                step,
                status=StepStatus.DONE,
                outcome=change.outcome,
                by=change.by,
                by_name=change.by_name,
                for_whom=change.for_whom,
                finished_at=change.at,
            )
        case StepSuperseded():
            return replace(step, status=StepStatus.SUPERSEDED, finished_at=step.finished_at or change.at)
        case StepCancelled():
            return replace(step, status=StepStatus.CANCELLED, finished_at=change.at)
        case OperationRan():
            return replace(step, has_run=True)
        case OwnerSet():
            return replace(step, owner=change.owner)
        case BallPassed():
            return replace(step, ball=change.ball)
        case ReminderDue():
            return replace(step, reminded=change.place + 1)
        case TargetBreached():
            return replace(step, is_breached=True)
        case EscalatedFurther():
            return replace(step, escalated=change.place + 1)
