"""From working minutes to the range of moments that is shown, and when a range is worth changing.

    range_of(20, 50, now=09:00, calendar)   → 09:30 to 10:00      (up to the next quarter of an hour)

A range is rounded up, so it is never earlier than computed, ends after `now` and is at least a quarter
of an hour long. It moves only when its end moves by more than half an hour of working time and more than
a quarter of the time that was left: people plan by it, so it does not jitter.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.forecast import Forecast

QUARTER = timedelta(minutes=15)
SMALLEST_MOVE = timedelta(minutes=30)
MARGIN = timedelta(minutes=2)
"""A range that ends within this time is about to pass: the worker looks every minute."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Range:
    """Half of such steps are done by `low_at`, four in five by `high_at`."""

    low_at: datetime
    high_at: datetime


def range_of(forecast: Forecast, now: datetime, calendar: WorkCalendar) -> Range:
    """The forecast from `now` on, as moments of the working calendar."""
    low_at = _rounded(calendar.add_working(now, timedelta(minutes=forecast.p50_minutes)))
    high_at = _rounded(calendar.add_working(now, timedelta(minutes=forecast.p80_minutes)))
    if high_at <= low_at:
        high_at = _rounded(calendar.add_working(low_at, QUARTER))
    return Range(low_at, high_at)


def is_passing(shown: Range, now: datetime) -> bool:
    """Whether the range ends so soon that it must be replaced."""
    return shown.high_at <= now + MARGIN


def has_moved(shown: Range, fresh: Range, now: datetime, calendar: WorkCalendar) -> bool:
    """Whether the fresh range differs so much from what is shown that people should know."""
    change = abs(calendar.working_between(shown.high_at, fresh.high_at))
    left = calendar.working_between(now, shown.high_at)
    return change > SMALLEST_MOVE and change * 4 > left


def from_now_on(shown: Range, now: datetime) -> Range | None:
    """What may be said of a range at `now`: nothing of it lies in the past; None when it is over."""
    if shown.high_at <= now:
        return None
    return Range(max(shown.low_at, min(_rounded(now), shown.high_at)), shown.high_at)


def was_kept(finished_at: datetime, promised: Range) -> bool:
    """Whether the step was done by the end of the range."""
    return finished_at <= promised.high_at


def _rounded(moment: datetime) -> datetime:
    """The next full quarter of an hour; one that is full already stays."""
    return _EPOCH - (_EPOCH - moment) // QUARTER * QUARTER
