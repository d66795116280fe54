"""How long a step has taken and when it is due, recomputed from stored intervals and a calendar.

A clock is the list of intervals in which one side had the ball. Nothing that is derived from a calendar
is stored as truth: when the calendar changes, elapsed and due time change with it, honestly.

>>> from cheqi.core.base.durations import Duration, Unit
>>> cn = WorkCalendar("cn", "UTC", {0: (("09:00", "17:00"),)}, 2026, 2026)
>>> at = lambda hour: datetime(2026, 11, 23, hour, tzinfo=UTC)
>>> clock = Clock((Interval(at(9), at(11)), Interval(at(13), None)), Duration(4, Unit.HOUR), cn)
>>> clock.elapsed(at(14)), clock.due_at(), clock.standing(at(14))
(datetime.timedelta(seconds=10800), datetime.datetime(2026, 11, 23, 15, 0, tzinfo=datetime.timezone.utc), \
<Standing.AMBER: 'AMBER'>)
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cheqi.core.base.durations import Duration
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.definition import AT_BREACH

AMBER_PERCENT = 50
BREACH_PERCENT = AT_BREACH
"""The shares of the target at which a step turns amber and is breached; what follows the breach, and when
it goes another level up, is named by the step (`on_breach`)."""


class Standing(StrEnum):
    """How a step stands against its target."""

    ON_TIME = "ON_TIME"
    AMBER = "AMBER"
    BREACHED = "BREACHED"


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open time in which the clock ran; open-ended while it still runs."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The intervals that count towards a target, in order, and the calendar that measures them."""

    intervals: tuple[Interval, ...]
    target: Duration
    calendar: WorkCalendar

    def elapsed(self, now: datetime) -> timedelta:
        """The time used, in the target's kind of time: working time, or time on the wall."""
        return sum((self._length(one, now) for one in self.intervals), timedelta())

    def allowed(self) -> timedelta:
        """The whole target as a length of its kind of time."""
        return self.calendar.length_of(self.target)

    def percent(self, now: datetime) -> int:
        """The share of the target that is used, rounded down; above 100 it is breached."""
        return self.elapsed(now) * 100 // self.allowed()

    def standing(self, now: datetime) -> Standing:
        """On time, amber from half of the target, breached from all of it."""
        percent = self.percent(now)
        if percent >= BREACH_PERCENT:
            return Standing.BREACHED
        return Standing.AMBER if percent >= AMBER_PERCENT else Standing.ON_TIME

    def due_at(self) -> datetime | None:
        """When the target is used up if the clock goes on; None while it stands still with time left."""
        return self.moment(BREACH_PERCENT)

    def moment(self, percent: int) -> datetime | None:
        """When that share of the target is used up; None while the clock stands still before it."""
        if percent == BREACH_PERCENT and len(self.intervals) == 1 and self.intervals[0].ended_at is None:
            return self.calendar.deadline(self.intervals[0].started_at, self.target)
        return self.reach(self.allowed() * percent // 100)

    def reach(self, length: timedelta) -> datetime | None:
        """When that much time has been used; None while the clock stands still before it."""
        left = length
        for one in self.intervals:
            at = self._after(one.started_at, left)
            if one.ended_at is None or at <= one.ended_at:
                return at
            left -= self._length(one, one.ended_at)
        return None

    def is_assumed(self) -> bool:
        """Whether the due date relies on a year whose holidays are not published."""
        due_at = self.due_at()
        return due_at is not None and self.calendar.assumes(self.intervals[0].started_at, due_at)

    def _length(self, one: Interval, now: datetime) -> timedelta:
        end_at = max(one.started_at, min(one.ended_at or now, now))
        if self.target.is_working:
            return self.calendar.working_between(one.started_at, end_at)
        return end_at - one.started_at

    def _after(self, start_at: datetime, length: timedelta) -> datetime:
        if self.target.is_working:
            return self.calendar.add_working(start_at, length)
        return (start_at + length).astimezone(UTC)
