"""Ranges are rounded up, never in the past, and do not jitter."""

from datetime import UTC, datetime, timedelta

import pytest

from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.forecast import Forecast
from cheqi.insight.estimates.domain import Range, from_now_on, has_moved, is_passing, range_of, was_kept

CALENDAR = WorkCalendar(
    "cn",
    "UTC",
    dict.fromkeys(range(5), (("09:00", "12:00"), ("13:00", "18:00"))),
    2026,
    2026,
)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    """A moment of the week that begins on Monday, 23 November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("p50", "p80", "now", "low_at", "high_at"),
    [
        (20, 50, at(9), at(9, 30), at(10)),
        (30, 60, at(9), at(9, 30), at(10)),
        (1, 1, at(9), at(9, 15), at(9, 30)),
        (170, 190, at(9), at(12), at(13, 15)),
        (30, 120, at(17), at(17, 30), at(10, 0, day=24)),
        (60, 120, at(20), at(10, 0, day=24), at(11, 0, day=24)),
    ],
)
def test_a_range_is_working_time_rounded_up_to_quarters(
    p50: int, p80: int, now: datetime, low_at: datetime, high_at: datetime
) -> None:
    assert range_of(Forecast(p50, p80, 40, 0), now, CALENDAR) == Range(low_at, high_at)


@pytest.mark.parametrize(
    ("shown_until", "fresh_until", "moves"),
    [
        (at(11), at(11, 30), False),  # half an hour is not more than half an hour
        (at(11), at(11, 45), True),
        (at(10), at(9, 30), False),
        (at(11), at(10, 15), True),
        (at(18), at(16), False),  # two of eight hours: a quarter is not more than a quarter
        (at(18), at(15, 45), True),
        (at(12), at(13), False),  # the lunch hour is no working time
    ],
)
def test_a_range_moves_by_more_than_half_an_hour_and_a_quarter_of_what_was_left(
    shown_until: datetime, fresh_until: datetime, moves: bool
) -> None:
    shown, fresh = Range(at(9), shown_until), Range(at(9), fresh_until)
    assert has_moved(shown, fresh, at(9), CALENDAR) is moves


def test_a_range_is_about_to_pass_two_minutes_before_its_end() -> None:
    shown = Range(at(9), at(10))
    assert not is_passing(shown, at(9, 57))
    assert is_passing(shown, at(9, 58))


def test_nothing_of_a_shown_range_lies_in_the_past() -> None:
    shown = Range(at(9), at(10))
    assert from_now_on(shown, at(8)) == shown
    assert from_now_on(shown, at(9, 20)) == Range(at(9, 30), at(10))
    assert from_now_on(shown, at(9, 50)) == Range(at(10), at(10))
    assert from_now_on(shown, at(10)) is None


def test_a_promise_is_kept_up_to_its_last_moment() -> None:
    promised = Range(at(9), at(10))
    assert was_kept(at(8), promised)
    assert was_kept(at(10), promised)
    assert not was_kept(at(10) + timedelta(seconds=1), promised)
