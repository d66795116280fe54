"""Clocks are recomputed from intervals: pauses, amber, breach, and a calendar that changed."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.durations import Duration, Unit
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.clocks import Clock, Interval, Standing

WEEK = dict.fromkeys(range(5), (("09:00", "12:00"), ("13:00", "18:00")))
PLAIN = WorkCalendar("cn", "Asia/Shanghai", WEEK, 2026, 2026)
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in China (the 23rd is a Monday)."""
    return datetime.fromisoformat(f"2026-11-{day:02}T{hour:02}:{minute:02}:00+08:00")


def test_a_step_turns_amber_at_half_of_its_target_and_is_breached_at_all_of_it() -> None:
    clock = Clock((Interval(at(23, 9), None),), Duration(4, Unit.HOUR), PLAIN)
    assert clock.due_at() == at(23, 14)
    assert clock.standing(at(23, 10, 59)) is Standing.ON_TIME
    assert clock.standing(at(23, 11)) is Standing.AMBER
    assert clock.standing(at(23, 13, 59)) is Standing.AMBER
    assert clock.standing(at(23, 14)) is Standing.BREACHED
    assert (clock.percent(at(23, 16)), clock.moment(50), clock.moment(150)) == (150, at(23, 11), at(23, 16))


def test_a_pause_is_not_counted_and_moves_the_due_time() -> None:
    clock = Clock((Interval(at(23, 9), at(23, 10)), Interval(at(24, 9), None)), Duration(4, Unit.HOUR), PLAIN)
    assert clock.elapsed(at(24, 10)) == 2 * HOUR
    assert clock.due_at() == at(24, 12)


def test_a_clock_that_stands_still_has_no_due_time() -> None:
    clock = Clock((Interval(at(23, 9), at(23, 10)),), Duration(4, Unit.HOUR), PLAIN)
    assert clock.due_at() is None
    assert clock.elapsed(at(27, 9)) == HOUR
    assert clock.moment(25) == at(23, 10)


def test_a_clock_that_stopped_too_late_keeps_the_moment_of_its_breach() -> None:
    clock = Clock((Interval(at(23, 9), at(23, 17)),), Duration(4, Unit.HOUR), PLAIN)
    assert clock.due_at() == at(23, 14)
    assert clock.standing(at(30, 9)) is Standing.BREACHED


def test_calendar_time_goes_on_at_night_and_on_sunday() -> None:
    clock = Clock((Interval(at(21, 20), None),), Duration(2, Unit.CALENDAR_DAY), PLAIN)
    assert clock.due_at() == at(23, 20)
    assert clock.elapsed(at(22, 20)) == timedelta(days=1)


def test_a_holiday_that_is_published_late_moves_the_due_time() -> None:
    later = WorkCalendar("cn", "Asia/Shanghai", WEEK, 2026, 2026, holidays=frozenset({date(2026, 11, 24)}))
    intervals = (Interval(at(23, 17), None),)
    target = Duration(1, Unit.DAY)
    assert Clock(intervals, target, PLAIN).due_at() == at(24, 17)
    assert Clock(intervals, target, later).due_at() == at(25, 17)


def test_a_due_time_in_an_unpublished_year_says_so() -> None:
    start_at = datetime(2026, 12, 30, 2, tzinfo=UTC)
    assert Clock((Interval(start_at, None),), Duration(3, Unit.DAY), PLAIN).is_assumed()
    assert not Clock((Interval(start_at, None),), Duration(1, Unit.DAY), PLAIN).is_assumed()


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=7), st.integers(1, 60), st.integers(0, 60_000))
def test_at_the_due_time_exactly_the_target_is_used(edges: list[int], hours: int, minutes: int) -> None:
    moments = [at(2, 9) + timedelta(minutes=edge) for edge in sorted(set(edges))]
    pairs = zip(moments[::2], [*moments[1::2], None], strict=False)
    clock = Clock(tuple(Interval(*pair) for pair in pairs), Duration(hours, Unit.HOUR), PLAIN)
    due_at = clock.due_at()
    if due_at is not None:
        assert clock.elapsed(due_at) == clock.allowed()
        assert clock.standing(due_at) is Standing.BREACHED
    else:
        assert clock.elapsed(at(2, 9) + timedelta(minutes=minutes)) < clock.allowed()
