"""Replays an event log in time order and compares what would have been promised with what happened.

An event log says when an activity was completed, so a spell of an activity runs from the event before it in
the case to its own completion. At every day that begins, each activity's history is what was known then:
spells that began in the window, the unfinished ones as open spells. A spell that begins on that day is
promised from it, and judged by when it really ended. Nothing of the future is used.

>>> day = datetime(2026, 1, 1, tzinfo=UTC)
>>> log = [Event("1", "a", day), Event("1", "b", day + timedelta(hours=2))]
>>> [(one.activity, one.minutes) for one in spells_of(log)]
[('b', 120)]
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

from cheqi.core.process.forecast import Forecast, Spell, remaining
from cheqi.insight.estimates.history import LARGEST, WINDOW

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One completed activity."""

    case: str
    activity: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Timed:
    """One spell: the activity that ended it, and from when to when."""

    activity: str
    began_at: datetime
    ended_at: datetime

    @property
    def minutes(self) -> int:
        """How long it took on the wall: the calendars of these logs are not known."""
        return (self.ended_at - self.began_at) // MINUTE


@dataclass
class Score:
    """What came of the promises of one activity; errors in minutes, ours and the baseline's."""

    promised: int = 0
    silent: int = 0
    by_p50: int = 0
    by_p80: int = 0
    by_plain_p80: int = 0
    errors: list[int] = field(default_factory=list)
    plain_errors: list[int] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Takes another score in."""
        for name in ("promised", "silent", "by_p50", "by_p80", "by_plain_p80"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.errors += other.errors
        self.plain_errors += other.plain_errors


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of an activity on a day: our forecast, and median and P80 of the finished ones."""

    forecast: Forecast | None
    plain_p50: int = 0
    plain_p80: int = 0


def read_log(path: Path) -> list[Event]:
    """The events of a CSV: columns named as XES exports name them, else the first three."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        places = _places(next(rows))
        return [
            Event(row[places[0]], row[places[1]], _moment(row[places[2]]))
            for row in rows
            if len(row) > max(places)
        ]


def spells_of(events: Iterable[Event]) -> list[Timed]:
    """The spells of a log, in the order in which they began."""
    by_case: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_case[event.case].append(event)
    found = []
    for case in by_case.values():
        case.sort(key=lambda event: event.at)
        found += [Timed(one.activity, before.at, one.at) for before, one in pairwise(case)]
    return sorted(found, key=lambda spell: (spell.began_at, spell.activity, spell.ended_at))


def replay(spells: Sequence[Timed]) -> Mapping[str, Score]:
    """The score of each activity."""
    by_activity: defaultdict[str, list[Timed]] = defaultdict(list)
    for spell in spells:
        by_activity[spell.activity].append(spell)
    return {name: _score(of_one) for name, of_one in sorted(by_activity.items())}


def _score(spells: Sequence[Timed]) -> Score:
    score, known, day = Score(), Known(None), datetime.min.replace(tzinfo=UTC)
    first = 0
    for place, spell in enumerate(spells):
        today = spell.began_at.replace(hour=0, minute=0, second=0, microsecond=0)
        if today != day:
            day = today
            while spells[first].began_at < today - WINDOW:
                first += 1
            known = known_on(spells[first:place], today)
        if known.forecast is None:
            score.silent += 1
            continue
        score.promised += 1
        score.by_p50 += spell.minutes <= known.forecast.p50_minutes
        score.by_p80 += spell.minutes <= known.forecast.p80_minutes
        score.by_plain_p80 += spell.minutes <= known.plain_p80
        score.errors.append(abs(spell.minutes - known.forecast.p50_minutes))
        score.plain_errors.append(abs(spell.minutes - known.plain_p50))
    return score


def known_on(spells: Sequence[Timed], day: datetime) -> Known:
    """What these spells, which began before that day, tell on its morning."""
    earlier = [one for one in spells if one.began_at < day]
    sample = earlier[:: max(1, -(-len(earlier) // LARGEST))]
    history = [
        Spell((min(one.ended_at, day) - one.began_at) // MINUTE, one.ended_at <= day) for one in sample
    ]
    forecast = remaining(history, 0)
    if not isinstance(forecast, Forecast):
        return Known(None)
    finished = sorted(spell.minutes for spell in history if spell.is_finished)
    return Known(forecast, round(median(finished)), finished[len(finished) * 4 // 5])


def _places(header: Sequence[str]) -> tuple[int, int, int]:
    names = ("case:concept:name", "concept:name", "time:timestamp")
    if all(name in header for name in names):
        case, activity, at = (header.index(name) for name in names)
        return case, activity, at
    return 0, 1, 2


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text.strip().replace("/", "-").replace("Z", "+00:00"))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
