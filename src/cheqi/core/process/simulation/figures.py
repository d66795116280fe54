"""What a run came to: endings, lead times, waiting and handling of each step, how busy people were.

All lengths are minutes of working time on the definition's calendar, so a night or a weekend is no wait.
Quantiles are the nearest rank: the smallest value that at least that share does not exceed.

>>> Times.of([10, 20, 30, 40, 1000])
Times(count=5, mean=220, median=30, p80=40)
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from cheqi.core.base.text import Text
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.clocks import Clock, Interval, Standing
from cheqi.core.process.definition import Definition, Effect, Step
from cheqi.core.process.simulation.assumptions import Assumptions
from cheqi.core.process.simulation.desks import Person, Round

_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Seen:
    """One case: when it came, how and when it ended, and why it may never end."""

    number: int
    came_at: datetime
    closed_at: datetime | None = None
    status: str = ""
    lacks_people: bool = False
    is_in_circles: bool = False


@dataclass(frozen=True)
class Run:
    """Everything that happened, to be reported on. `left_out` cases at either end are in no figure."""

    definition: Definition
    calendar: WorkCalendar
    assumed: Assumptions
    seed: int
    cases: Sequence[Seen]
    left_out: int
    rounds: Sequence[Round]
    people: Sequence[Person]
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Times:
    """Lengths in minutes of working time; zeros where there was none."""

    count: int
    mean: int
    median: int
    p80: int

    @staticmethod
    def of(minutes: Iterable[float]) -> "Times":
        """The figures of these lengths."""
        found = sorted(minutes)
        if not found:
            return Times(0, 0, 0, 0)
        median, p80 = (found[ceil(len(found) * share) - 1] for share in (0.5, 0.8))
        return Times(len(found), round(sum(found) / len(found)), round(median), round(p80))


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step: rounds that were finished, how long they waited and were worked on, how many were late, how
    many sent the work back, and how many were called off because another step sent it back."""

    key: str
    rounds: int
    waiting: Times
    handling: Times
    late_percent: int
    returns: int
    called_off: int
    waited_hours: int


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The people of one group: how much of the time they worked, how many rounds waited for them.

    The longest queue is most often that of a morning, when what came over night or over a holiday lies there.
    """

    group: str
    people: int
    busy_percent: int
    average_queue: float
    longest_queue: int


@dataclass(frozen=True, slots=True)
class Report:
    """What the simulation says. `measured` cases count; `left_out` at either end ran along."""

    process: str
    version: int
    assumptions: Text
    derived: tuple[str, ...]
    from_history: tuple[str, ...]
    seed: int
    a_day: float
    measured: int
    left_out: int
    from_at: datetime
    until_at: datetime
    endings: Mapping[str, int]
    open_at_end: int
    lacking_people: int
    in_circles: int
    lead: Times
    average_open: float
    returns: int
    steps: tuple[StepFigures, ...]
    groups: tuple[GroupFigures, ...]
    bottlenecks: tuple[str, ...]


def report_of(run: Run) -> Report:
    """The report on a run."""
    counted = run.cases[run.left_out : len(run.cases) - run.left_out]
    window = (min(one.came_at for one in counted), max(one.came_at for one in counted))
    numbers = {one.number for one in counted}
    rounds: dict[str, list[Round]] = {step.key: [] for step in run.definition.steps}
    for found in run.rounds:
        if found.case in numbers:
            rounds[found.step.key].append(found)
    steps = tuple(_step(step, rounds[step.key], run.calendar) for step in run.definition.steps)
    waits = sorted(steps, key=lambda one: -one.waited_hours)
    return Report(
        process=run.definition.process,
        version=run.definition.version,
        assumptions=run.assumed.title,
        derived=run.assumed.derived,
        from_history=run.assumed.measured,
        seed=run.seed,
        a_day=run.assumed.a_day,
        measured=len(counted),
        left_out=run.left_out,
        from_at=window[0],
        until_at=window[1],
        endings=dict(sorted(Counter(one.status for one in counted if one.status).items())),
        open_at_end=sum(one.closed_at is None for one in counted),
        lacking_people=sum(one.lacks_people for one in counted),
        in_circles=sum(one.is_in_circles for one in counted),
        lead=Times.of(_minutes(run.calendar, one.came_at, one.closed_at) for one in counted if one.closed_at),
        average_open=_average_open(run, window),
        returns=sum(one.returns for one in steps),
        steps=steps,
        groups=tuple(_group(name, run, window) for name in run.assumed.people),
        bottlenecks=tuple(one.key for one in waits if one.waited_hours),
    )


def _step(step: Step, rounds: Sequence[Round], calendar: WorkCalendar) -> StepFigures:
    done = [one for one in rounds if one.outcome and one.started_at and one.ended_at]
    waits, works, late = [], [], 0
    for one in done:
        assert one.started_at is not None
        assert one.ended_at is not None
        waits.append(_minutes(calendar, one.opened_at, one.started_at))
        works.append(_minutes(calendar, one.started_at, one.ended_at))
        clock = Clock((Interval(one.opened_at, one.ended_at),), step.target, calendar)
        late += clock.standing(one.ended_at) is Standing.BREACHED
    back = {outcome.key for outcome in step.outcomes if outcome.effect is Effect.RETURN}
    return StepFigures(
        key=step.key,
        rounds=len(done),
        waiting=Times.of(waits),
        handling=Times.of(works),
        late_percent=round(100 * late / len(done)) if done else 0,
        returns=sum(one.outcome in back for one in done),
        called_off=sum(one.is_off for one in rounds),
        waited_hours=round(sum(waits) / 60),
    )


def _group(name: str, run: Run, window: tuple[datetime, datetime]) -> GroupFigures:
    calendar, there = run.calendar, run.calendar.working_between(*window)
    people = [one for one in run.people if one.group == name]
    worked = [_shared(calendar, spell, window) for person in people for spell in person.worked]
    waits = [
        (one.opened_at, one.started_at or one.ended_at or run.ended_at)
        for one in run.rounds
        if one.person is not None and one.person.group == name
    ]
    waited = sum((_shared(calendar, one, window) for one in waits), timedelta())
    return GroupFigures(
        group=name,
        people=len(people),
        busy_percent=round(100 * (sum(worked, timedelta()) / (there * len(people)))) if there else 0,
        average_queue=round(waited / there, 1) if there else 0.0,
        longest_queue=_longest(waits, window),
    )


def _longest(waits: Iterable[tuple[datetime, datetime]], window: tuple[datetime, datetime]) -> int:
    """How many were waiting at once at most; what begins as it opens has not waited."""
    moves = [move for start, end in waits if end > start for move in ((start, 1), (end, -1))]
    longest = length = 0
    for at, step in sorted(moves):
        length += step
        if window[0] <= at <= window[1]:
            longest = max(longest, length)
    return longest


def _average_open(run: Run, window: tuple[datetime, datetime]) -> float:
    """How many cases were open on average in the window, over its working time."""
    spells = ((one.came_at, one.closed_at or run.ended_at) for one in run.cases)
    shared = sum((_shared(run.calendar, spell, window) for spell in spells), timedelta())
    length = run.calendar.working_between(*window)
    return round(shared / length, 1) if length else 0.0


def _shared(
    calendar: WorkCalendar, spell: tuple[datetime, datetime], window: tuple[datetime, datetime]
) -> timedelta:
    start_at, end_at = max(spell[0], window[0]), min(spell[1], window[1])
    return calendar.working_between(start_at, end_at) if start_at < end_at else timedelta()


def _minutes(calendar: WorkCalendar, start_at: datetime, end_at: datetime) -> float:
    return calendar.working_between(start_at, end_at) / _MINUTE
