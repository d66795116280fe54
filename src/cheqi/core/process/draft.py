"""A case while one input is worked into it: collects changes and keeps the state behind them.

Holds what every input shares: opening what may open, finishing, sending back, closing, clocks.
"""

from collections.abc import Mapping
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.process import changes as made
from cheqi.core.process.definition import Ball, Definition, Effect, FactValue, Outcome, Side, Step
from cheqi.core.process.people import reference, references
from cheqi.core.process.state import SATISFIED, CaseState, StepState, StepStatus


def side_of(ball: Ball) -> Side:
    """Whose clock runs while that party has the ball."""
    return Side.OURS if ball is Ball.US else Side.THEIRS


class Draft:
    """The changes so far and the state they lead to."""

    def __init__(self, definition: Definition, state: CaseState, now: datetime) -> None:
        self.definition = definition
        self.state = state
        self.now = now
        self._items: list[made.Change] = []
        self._forced: set[str] = set()

    def put(self, change: made.Change) -> None:
        """Adds a change and follows it."""
        self._items.append(change)
        self.state = made.reduce(self.state, change)

    def changes(self) -> made.Changes:
        """Everything that changed."""
        return made.Changes(tuple(self._items), self.state)

    def settle(self) -> None:
        """Opens or skips every step whose turn it is, and closes a case in which nothing is left."""
        if not self.state.is_open:
            return
        for step in self.definition.steps:
            if self._is_due(step):
                self._begin(step)
        steps = self.state.steps
        if all(step.key in steps and steps[step.key].status in SATISFIED for step in self.definition.steps):
            self.put(made.CaseClosed(self.definition.completes, "", "", self.now))

    def set_facts(self, facts: Mapping[str, FactValue], because_of: str) -> None:
        """Notes the facts that differ, and takes back a skip that they contradict while that is possible."""
        known = self.state.facts
        new = {key: value for key, value in facts.items() if key not in known or known[key] != value}
        if not new:
            return
        self.put(made.FactsSet(new))
        for step in self.definition.steps:
            if self._was_skipped_wrongly(step):
                self._supersede((step.key, *self.definition.dependents[step.key]), because_of)

    def finish(self, step: StepState, outcome: Outcome, by: Actor, reason: str = "") -> None:
        """Ends the round and does what the outcome says."""
        self._stop_clock(step)
        self.put(
            made.StepFinished(
                step=step.key,
                round=step.round,
                outcome=outcome.key,
                by=reference(by),
                by_name=by.name,
                at=self.now,
                for_whom=",".join(sorted(references(by) - {reference(by)})),
                reason=reason,
            )
        )
        if outcome.effect is Effect.CLOSE:
            self.close(outcome.target, by, reason)
        elif outcome.effect is Effect.RETURN:
            target = outcome.target
            self._supersede((target, *self.definition.dependents[target]), step.key)
            self._forced.add(target)

    def close(self, status: str, by: Actor, reason: str) -> None:
        """Cancels every open step and closes the case."""
        for step in self.state.steps.values():
            if step.is_open:
                self._stop_clock(step)
                self.put(made.StepCancelled(step.key, step.round, self.now))
        self.put(made.CaseClosed(status, reference(by), reason, self.now))

    def pass_ball(self, step: StepState, ball: Ball) -> None:
        """Gives the ball on; where the side changes one clock pauses and the other starts."""
        before, after = side_of(step.ball), side_of(ball)
        if ball is step.ball:
            return
        if before is not after:
            self.put(made.ClockPaused(step.key, step.round, before, self.now))
        self.put(made.BallPassed(step.key, step.round, ball))
        if before is not after:
            self.put(made.ClockStarted(step.key, step.round, after, self.now))

    def _is_due(self, step: Step) -> bool:
        steps = self.state.steps
        current = steps.get(step.key)
        if current is not None and current.status is not StepStatus.SUPERSEDED:
            return False
        return all(key in steps and steps[key].status in SATISFIED for key in step.after)

    def _begin(self, step: Step) -> None:
        before = self.state.steps.get(step.key)
        number = before.round + 1 if before else 1
        if step.when and step.key not in self._forced and not step.when.holds(self.state.facts):
            self.put(made.StepSkipped(step.key, number, str(step.when), self.now))
            return
        ball = step.first_ball
        self.put(made.StepOpened(step.key, number, ball, self.now))
        self.put(made.ClockStarted(step.key, number, side_of(ball), self.now))
        if step.run:
            self.put(made.OperationDue(step.key, number, step.run))

    def _was_skipped_wrongly(self, step: Step) -> bool:
        steps = self.state.steps
        current = steps.get(step.key)
        if current is None or current.status is not StepStatus.SKIPPED or step.when is None:
            return False
        behind = (steps.get(key) for key in self.definition.dependents[step.key])
        has_begun = any(other and other.status in {StepStatus.OPEN, StepStatus.DONE} for other in behind)
        return not has_begun and step.when.holds(self.state.facts)

    def _supersede(self, keys: tuple[str, ...], because_of: str) -> None:
        for key in keys:
            step = self.state.steps.get(key)
            if step is None or step.status in {StepStatus.SUPERSEDED, StepStatus.CANCELLED}:
                continue
            if step.is_open:
                self._stop_clock(step)
            self.put(made.StepSuperseded(key, step.round, because_of, self.now))

    def _stop_clock(self, step: StepState) -> None:
        self.put(made.ClockStopped(step.key, step.round, side_of(step.ball), self.now))
