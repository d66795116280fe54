"""Sends one case through the process with the real engine, step by step, until it ends or until now.

Pure: the same shape, people and times give the same walk. What the engine changes is kept move by move, so
rows and events can be written as if the operations had made them.
"""

import heapq
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import Refused
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process import changes as made
from cheqi.core.process import inputs
from cheqi.core.process.assignment import Choice
from cheqi.core.process.changes import Changes
from cheqi.core.process.clocks import AMBER_PERCENT, Clock, Interval
from cheqi.core.process.definition import Definition, FactValue, OwnerKind, Step
from cheqi.core.process.engine import advance
from cheqi.core.process.state import CaseState
from cheqi.demo.history.desk import Desk
from cheqi.demo.history.shapes import Shape, minutes_for

Key = tuple[str, int]
CUSTOMER = Actor(ActorKind.CUSTOMER, "0", "客户")
_REASONS = {"return": "照片不清晰，请重新拍摄", "refuse": "收入不足以支付月供"}


@dataclass(frozen=True, slots=True)
class Move:
    """One accepted input: when, by whom, and what it changed."""

    at: datetime
    actor: Actor
    result: Changes


@dataclass
class Timing:
    """The clock of one round: when it is due and goes to each later level, and what rang."""

    due_at: datetime | None = None
    amber_at: datetime | None = None
    breached_at: datetime | None = None
    levels_at: list[datetime] = field(default_factory=list)
    further: list[datetime] = field(default_factory=list)
    reminders: list[datetime] = field(default_factory=list)


@dataclass
class Walk:
    """A case on its way. `queue` holds what happens next: (when, order, what, step, round)."""

    definition: Definition
    shape: Shape
    desk: Desk
    hours: WorkCalendar
    opened_at: datetime
    dice: random.Random
    state: CaseState = field(default_factory=CaseState)
    moves: list[Move] = field(default_factory=list)
    choices: dict[Key, Choice] = field(default_factory=dict)
    timing: dict[Key, Timing] = field(default_factory=dict)
    intervals: list[tuple[Key, str, datetime, datetime | None]] = field(default_factory=list)
    queue: list[tuple[datetime, int, str, str, int]] = field(default_factory=list)

    def go(self, until: datetime) -> "Walk":
        """Opens the case and lets everything happen that happens before `until`."""
        opener = CUSTOMER if self.shape.by_customer else self.desk.manager()
        self._move(inputs.OpenCase(opener, self.shape.facts), opener, self.opened_at)
        if self.shape.gives_up_after:
            leaves_at = self.hours.add_working(
                self.opened_at, self.hours.working_day * self.shape.gives_up_after
            )
            self._later(leaves_at, "withdraw", "", 0)
        while self.queue and self.state.is_open:
            at, _, what, step, number = heapq.heappop(self.queue)
            if at >= until:
                break
            self._happen(at, what, step, number)
        return self

    def _later(self, at: datetime, what: str, step: str, number: int) -> None:
        heapq.heappush(self.queue, (at, len(self.moves) * 1000 + len(self.queue), what, step, number))

    def _happen(self, at: datetime, what: str, key: str, number: int) -> None:
        if what == "withdraw":
            if not any(step.key == "disburse" for step in self.state.steps.values()):
                self._move(inputs.Withdraw(CUSTOMER, "已改为全款购车"), CUSTOMER, at)
            return
        current = self.state.steps.get(key)
        if current is None or not current.is_open or current.round != number:
            return
        step = self.definition.by_key[key]
        if what == "breach":
            self.timing[key, number].breached_at = at
            self._move(inputs.ReachTime(key, number, inputs.Moment.BREACH), SYSTEM, at)
        elif what == "further":
            place = len(self.timing[key, number].further)
            self.timing[key, number].further.append(at)
            self._move(inputs.ReachTime(key, number, inputs.Moment.ESCALATION, place), SYSTEM, at)
        elif what == "remind":
            place = len(self.timing[key, number].reminders)
            self.timing[key, number].reminders.append(at)
            self._move(inputs.ReachTime(key, number, inputs.Moment.REMINDER, place), SYSTEM, at)
        elif what == "run":
            self._move(inputs.RanOperation(key, number, SYSTEM), SYSTEM, at)
        else:
            self._finish(at, step, number)

    def _finish(self, at: datetime, step: Step, number: int) -> None:
        outcome, facts = self._ending(step, number)
        if step.awaits:
            self._move(inputs.Signal(step.awaits, SYSTEM, outcome, facts, step.key, number), SYSTEM, at)
        elif step.run:
            self._move(inputs.RanOperation(step.key, number, SYSTEM, outcome, facts), SYSTEM, at)
        else:
            by = CUSTOMER
            if step.owner.kind is OwnerKind.ROLE:
                by = self.desk.actor(self.choices[step.key, number].owner, step.owner.role)
            reason = _REASONS.get(outcome, "")
            self._move(inputs.FinishStep(step.key, number, by, outcome, reason, facts), by, at)

    def _ending(self, step: Step, number: int) -> tuple[str, dict[str, FactValue]]:
        """How the step ends this time."""
        shape, key = self.shape, step.key
        if key == "verify_payee":
            return "", {"payee_matches": not (shape.payee_differs and number == 1)}
        if key == shape.returns and number == 1:
            return "return", {}
        if key == "review":
            return ("refuse" if shape.refuses else "approve"), {}
        if key == "second_review":
            return ("refuse" if shape.refuses is not shape.splits else "approve"), {}
        if key == "decide":
            return self._decision()
        if key == "register_lien":
            return ("returned" if shape.registry_returns and number == 1 else "registered"), {}
        if key == "sign_contract" and shape.declines:
            return "decline", {}
        return next((one.key for one in step.outcomes), ""), {}

    def _decision(self) -> tuple[str, dict[str, FactValue]]:
        words = {
            self.state.steps[key].outcome
            for key in ("review", "second_review")
            if key in self.state.steps and self.state.steps[key].outcome
        }
        if words == {"approve"}:
            return "approved", {"decision": "APPROVED"}
        if words == {"refuse"}:
            return "refused", {"decision": "REFUSED"}
        return "split", {"decision": "SPLIT"}

    def _move(self, event: inputs.Input, actor: Actor, at: datetime) -> None:
        result = advance(self.definition, self.state, event, at)
        assert not isinstance(result, Refused), (event, [one.message.zh for one in result.findings])
        self.state = result.state
        self.moves.append(Move(at, actor, result))
        for change in result.items:
            if isinstance(change, made.StepOpened):
                self._opened(change)
            elif isinstance(change, made.ClockStarted):
                self.intervals.append(((change.step, change.round), change.side.value, change.at, None))
            elif isinstance(change, made.ClockPaused | made.ClockStopped):
                self._stop((change.step, change.round), change.at)

    def _stop(self, key: Key, at: datetime) -> None:
        self.intervals = [
            (one, side, start, at if one == key and end is None else end)
            for one, side, start, end in self.intervals
        ]

    def _opened(self, change: made.StepOpened) -> None:
        key, step = (change.step, change.round), self.definition.by_key[change.step]
        if step.owner.kind is OwnerKind.ROLE:
            self.choices[key] = self.desk.choose(step, self.state)
        clock = Clock((Interval(change.at, None),), step.target, self.hours)
        timing = self.timing[key] = Timing(clock.due_at(), clock.moment(AMBER_PERCENT))
        done_at = self.hours.add_working(change.at, timedelta(minutes=minutes_for(step.key, self.dice)))
        done_at = max(done_at, change.at + timedelta(seconds=self.dice.randrange(4, 50)))
        if step.run and step.awaits:
            self._later(change.at + timedelta(seconds=2), "run", *key)
        if step.owner.kind is OwnerKind.ROLE and not self.choices[key].owner:
            return  # nobody may do it: it stays open
        self._later(done_at, "finish", *key)
        if timing.due_at is not None and timing.due_at < done_at:
            self._later(timing.due_at, "breach", *key)
        levels = [clock.moment(percent) for percent in step.later_levels]
        timing.levels_at = [level_at for level_at in levels if level_at is not None]
        for level_at in timing.levels_at:
            if level_at < done_at:
                self._later(level_at, "further", *key)
        for after in step.remind:
            at = Clock((Interval(change.at, None),), after, self.hours).due_at()
            if at is not None and at < done_at:
                self._later(at, "remind", *key)


def walked(
    shapes: Iterable[tuple[Shape, Desk, datetime]],
    definition: Definition,
    hours: WorkCalendar,
    until: datetime,
) -> list[Walk]:
    """The walks of these shapes, oldest first."""
    found = [
        Walk(definition, shape, desk, hours, at, random.Random(f"walk {shape.seed}")).go(until)
        for shape, desk, at in shapes
    ]
    return sorted(found, key=lambda walk: (walk.opened_at, walk.shape.seed))
