"""The run: a list of what happens next, in order of time, and the engine that says what follows from it.

Nothing here knows the rules of the process. An imagined person, customer or outside party finishes something;
`engine.advance` says which steps open, go back or end; whoever has them next is put on the list. People work
in working hours only: their work is added on the calendar, so whatever is begun in the evening ends tomorrow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import Refused
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process import changes as made
from cheqi.core.process import inputs
from cheqi.core.process.definition import Definition, FactValue, OwnerKind, Step
from cheqi.core.process.engine import advance
from cheqi.core.process.people import barred
from cheqi.core.process.simulation.assumptions import (
    ONE_MINUTE,
    Assumptions,
    Following,
    Span,
    completed,
)
from cheqi.core.process.simulation.desks import Desks, Person, Round
from cheqi.core.process.simulation.draws import Draws
from cheqi.core.process.simulation.figures import Report, Run, Seen, report_of
from cheqi.core.process.state import CaseState

CUSTOMER = Actor(ActorKind.CUSTOMER, "1", "客户", scope=Scope(everything=True))
PATIENCE_DAYS = 60
MOST_ROUNDS = 50
MARGIN = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """How many cases are measured, by which seed, and when the first one comes."""

    cases: int
    seed: int
    starts_at: datetime


@dataclass(slots=True)
class _Case:
    """A case under way with its open rounds."""

    seen: Seen
    state: CaseState = field(default_factory=CaseState)
    going: dict[tuple[str, int], Round] = field(default_factory=dict)


def simulate(definition: Definition, calendar: WorkCalendar, assumed: Assumptions, wish: Wish) -> Report:
    """Runs the cases through the process and reports on them.

    A fifth as many run before them, while lists fill up, and behind them, while the last ones finish; both
    count in no figure. It ends when all are closed, at the latest 60 working days after the last arrival.
    """
    return report_of(run_of(definition, calendar, assumed, wish))


def run_of(definition: Definition, calendar: WorkCalendar, assumed: Assumptions, wish: Wish) -> Run:
    """Everything that happens in such a run, not yet summed up."""
    whole = completed(assumed, definition, calendar)
    world = _World(definition, calendar, whole, wish)
    world.run()
    return Run(
        definition=definition,
        calendar=calendar,
        assumed=whole,
        seed=wish.seed,
        cases=tuple(case.seen for case in world.cases),
        left_out=wish.cases // MARGIN,
        rounds=tuple(world.rounds),
        people=tuple(world.desks.people),
        ended_at=world.now,
    )


class _World:
    """Everything that is under way."""

    def __init__(
        self, definition: Definition, calendar: WorkCalendar, assumed: Assumptions, wish: Wish
    ) -> None:
        self.definition = definition
        self.calendar = calendar
        self.assumed = assumed
        self.wish = wish
        self.now = wish.starts_at
        self.draws = Draws(wish.seed)
        self.desks = Desks(assumed.people)
        self.cases: list[_Case] = []
        self.rounds: list[Round] = []
        self._ahead: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = 0

    def run(self) -> None:
        """Lets everything happen."""
        last_at = self._plan_arrivals()
        until = self.calendar.add_working(last_at, self.calendar.working_day * PATIENCE_DAYS)
        while self._ahead and self._ahead[0][0] <= until:
            self.now, _, happen = heappop(self._ahead)
            happen()

    # --- cases come

    def _plan_arrivals(self) -> datetime:
        """Arrivals in working time, Poisson; who is not at the desk comes at any hour of day and night."""
        between = self.calendar.working_day / self.assumed.a_day
        at = self.wish.starts_at
        for number in range(self.wish.cases + 2 * (self.wish.cases // MARGIN)):
            at = self.calendar.add_working(at, self.draws.waiting(between, "arrival", number))
            facts = self._facts(self.assumed.facts, "facts", number)
            came_at = at if self._is_at_desk(facts) else self._at_any_hour(at, number)
            self.cases.append(_Case(Seen(number, came_at)))
            self._later(came_at, partial(self._arrive, number, facts))
        return at

    def _is_at_desk(self, facts: Mapping[str, FactValue]) -> bool:
        desk = self.assumed.desk
        return desk is None or facts.get(desk.fact) == desk.value

    def _at_any_hour(self, at: datetime, number: int) -> datetime:
        """A moment between the beginning of that working day and that of the next one."""
        day = self.calendar.working_day
        worked = self.calendar.working_between(self.wish.starts_at, at)
        begins = self.calendar.add_working(self.wish.starts_at, day * (worked // day) + timedelta(minutes=1))
        ends = self.calendar.add_working(begins, day)
        return begins + (ends - begins) * self.draws.share("hour", number)

    def _arrive(self, number: int, facts: Mapping[str, FactValue]) -> None:
        by, desk = CUSTOMER, self.assumed.desk
        if desk is not None and self._is_at_desk(facts):
            colleague = self.desks.choose(desk.role, frozenset())
            by = colleague.actor if colleague else CUSTOMER
        self._put(self.cases[number], inputs.OpenCase(by, facts))

    # --- what the engine says

    def _put(self, case: _Case, event: inputs.Input) -> None:
        """Gives the engine an input and follows what it changes."""
        answer = advance(self.definition, case.state, event, self.now)
        assert not isinstance(answer, Refused), f"{event} was refused: {answer}"
        case.state = answer.state
        opened, freed = [], []
        for change in answer.items:
            match change:
                case made.StepOpened():
                    opened.append(self._opened(case, change))
                case made.StepFinished():
                    self._over(case, change.step, change.round, change.outcome)
                case made.StepSuperseded() | made.StepCancelled():
                    freed.append(self._called_off(case, change.step, change.round))
                case made.CaseClosed():
                    case.seen.closed_at, case.seen.status = self.now, change.status
        for found in opened:
            if not found.is_off:
                self._begin(case, found)
        for person in freed:
            if person is not None:
                self._take_next(person)

    def _opened(self, case: _Case, change: made.StepOpened) -> Round:
        found = Round(case.seen.number, self.definition.by_key[change.step], change.round, self.now)
        case.going[change.step, change.round] = found
        self.rounds.append(found)
        return found

    def _over(self, case: _Case, key: str, number: int, outcome: str) -> None:
        found = case.going.pop((key, number))
        found.ended_at, found.outcome = self.now, outcome

    def _called_off(self, case: _Case, key: str, number: int) -> Person | None:
        """Takes a round off somebody's list; the person whose hands it leaves free, if any."""
        found = case.going.pop((key, number), None)
        if found is None:
            return None
        found.is_off, found.ended_at = True, self.now
        person = found.person
        if person is None:
            return None
        person.open_steps -= 1
        if person.at_work is not found:
            return None
        person.put_down(self.now)
        return person

    # --- work

    def _begin(self, case: _Case, found: Round) -> None:
        """Gives an opened round to whoever has to do something next."""
        if found.number > MOST_ROUNDS:
            case.seen.is_in_circles = True
            return
        step = found.step
        if step.owner.kind is OwnerKind.ROLE:
            self._hand_out(case, found)
            return
        found.started_at = self.now
        if step.run:
            self._later(self._after(ONE_MINUTE, case, found, "run"), partial(self._ran, case, found))
        else:
            self._later(
                self._after(self._span(step), case, found, "time"), partial(self._finish, case, found)
            )

    def _hand_out(self, case: _Case, found: Round) -> None:
        person = self.desks.choose(found.step.owner.role, barred(found.step, case.state))
        if person is None:
            case.seen.lacks_people = True
            return
        self._order += 1
        due_at = self.calendar.deadline(found.opened_at, found.step.target)
        self.desks.give(found, person, due_at, self._order)
        self._put(case, inputs.Assign(found.step.key, found.number, person.reference, SYSTEM))
        self._take_next(person)

    def _take_next(self, person: Person) -> None:
        """A free person takes up what is due first; what they may no longer do goes to somebody else."""
        while person.at_work is None and (found := self.desks.next_of(person)) is not None:
            case = self.cases[found.case]
            if person.reference in barred(found.step, case.state):
                person.open_steps -= 1
                self._hand_out(case, found)
                continue
            found.started_at, person.at_work = self.now, found
            at = self._after(self._span(found.step), case, found, "time")
            self._later(at, partial(self._finish, case, found))

    def _ran(self, case: _Case, found: Round) -> None:
        """An automatic operation came back: it ends the step, or the outside is waited for."""
        if found.is_off or not found.step.awaits:
            self._finish(case, found)
            return
        self._put(case, inputs.RanOperation(found.step.key, found.number, SYSTEM))
        at = self._after(self._span(found.step), case, found, "time")
        self._later(at, partial(self._finish, case, found))

    def _finish(self, case: _Case, found: Round) -> None:
        """The round ends with its outcome, unless it was called off meanwhile."""
        if found.is_off:
            return
        person = found.person
        outcome, facts = self._outcome(case, found)
        if person is not None:
            person.put_down(self.now)
        for event in _endings(found, person.actor if person else CUSTOMER, outcome, facts):
            self._put(case, event)
        if person is not None:
            person.open_steps -= 1
            self._take_next(person)

    def _outcome(self, case: _Case, found: Round) -> tuple[str, dict[str, FactValue]]:
        step, assumed = found.step, self.assumed.steps[found.step.key]
        name = (found.case, step.key, found.number)
        facts = self._facts(assumed.facts, *name)
        for rule in assumed.follows:
            if _holds(rule, case.state):
                return rule.outcome, {**facts, **rule.facts}
        return self.draws.pick(assumed.outcomes, *name, "outcome"), facts

    def _facts(
        self, weighted: Mapping[str, tuple[tuple[FactValue, float], ...]], *name: object
    ) -> dict[str, FactValue]:
        return {fact: self.draws.pick(values, *name, fact) for fact, values in weighted.items()}

    def _span(self, step: Step) -> Span:
        span = self.assumed.steps[step.key].span
        assert span is not None
        return span

    def _after(self, span: Span, case: _Case, found: Round, what: str) -> datetime:
        name = (case.seen.number, found.step.key, found.number, what)
        length = self.draws.length(span, self.calendar, *name)
        return self.calendar.add_working(self.now, length) if span.is_working else self.now + length

    def _later(self, at: datetime, happen: Callable[[], None]) -> None:
        self._order += 1
        heappush(self._ahead, (at, self._order, happen))


def _holds(rule: Following, state: CaseState) -> bool:
    return all(
        key in state.steps and state.steps[key].outcome == outcome for key, outcome in rule.after.items()
    )


def _endings(
    found: Round, by: Actor, outcome: str, facts: Mapping[str, FactValue]
) -> tuple[inputs.Input, ...]:
    """The inputs by which such a round ends in the product; materials say only that all are there."""
    step, key, number = found.step, found.step.key, found.number
    if step.materials is not None:
        given = (inputs.GiveFacts(SYSTEM, facts),) if facts else ()
        return (*given, inputs.CompleteMaterials(key, number, SYSTEM))
    if step.awaits:
        return (inputs.Signal(step.awaits, SYSTEM, outcome, facts, key, number),)
    if step.run:
        return (inputs.RanOperation(key, number, SYSTEM, outcome, facts),)
    return (inputs.FinishStep(key, number, by, outcome, facts=facts),)
