"""Working calendars: the published Chinese years, breaks, unpublished years, clock changes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import cheqi
from cheqi.core.base.durations import parse
from cheqi.core.base.workdays import WorkCalendar

PACK = Path(cheqi.__file__).parent / "rules" / "packs" / "house" / "cn_business_calendar.yaml"


def source() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(PACK.read_text(encoding="utf-8"))
    return loaded


def china() -> WorkCalendar:
    calendar = WorkCalendar.from_pack(source())
    assert isinstance(calendar, WorkCalendar)
    return calendar


CHINA = china()

BERLIN = WorkCalendar("de", "Europe/Berlin", dict.fromkeys(range(7), (("00:30", "04:30"),)), 2026, 2026)
moments = st.datetimes(datetime(2024, 6, 1), datetime(2028, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.timedeltas(timedelta(), timedelta(days=400))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize("case", source()["cases"], ids=lambda case: str(case["zh"]))
def test_every_case_of_the_pack_holds(case: dict[str, str]) -> None:
    duration = parse(case["add"])
    assert duration is not None
    assert CHINA.deadline(datetime.fromisoformat(case["start"]), duration) == datetime.fromisoformat(
        case["gives"]
    )


@pytest.mark.parametrize(("year", "workdays"), [(2025, 248), (2026, 248)])
def test_a_published_year_has_as_many_workdays_as_the_notice_leaves(year: int, workdays: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=place) for place in range(365)]
    assert sum(CHINA.is_workday(day) for day in days) == workdays
    assert not any(CHINA.is_assumed(day) for day in days)


def test_the_saturday_before_the_spring_festival_is_worked() -> None:
    assert CHINA.is_workday(date(2026, 2, 14))
    assert not CHINA.is_workday(date(2026, 2, 16))
    assert not CHINA.is_workday(date(2026, 3, 7))


def test_an_unpublished_year_uses_plain_weekdays_and_says_so() -> None:
    assert CHINA.is_workday(date(2027, 1, 1))
    assert CHINA.is_assumed(date(2027, 1, 1))
    assert CHINA.assumes(at("2026-12-30T10:00"), at("2027-01-04T10:00"))
    assert not CHINA.assumes(at("2026-12-01T10:00"), at("2026-12-04T10:00"))


def test_the_lunch_break_is_not_working_time() -> None:
    assert CHINA.add_working(at("2026-11-23T11:30"), timedelta(hours=1)) == at("2026-11-23T13:30")
    assert CHINA.working_between(at("2026-11-23T11:00"), at("2026-11-23T14:00")) == timedelta(hours=2)


def test_a_deadline_falls_on_the_end_of_a_day_rather_than_the_start_of_the_next() -> None:
    assert CHINA.add_working(at("2026-11-23T09:00"), timedelta(hours=8)) == at("2026-11-23T18:00")


def test_work_handed_in_at_night_starts_in_the_morning() -> None:
    assert CHINA.add_working(at("2026-11-20T23:00"), timedelta(hours=1)) == at("2026-11-23T10:00")


def test_a_day_with_a_clock_change_counts_the_hours_that_were_there() -> None:
    assert BERLIN.working_between(
        datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 29, 20, tzinfo=UTC)
    ) == (timedelta(hours=3))
    assert BERLIN.working_between(
        datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 20, tzinfo=UTC)
    ) == (timedelta(hours=5))


def test_a_calendar_day_keeps_the_time_of_day_over_a_clock_change() -> None:
    one_day = parse("1cd")
    assert one_day is not None
    assert BERLIN.deadline(datetime(2026, 3, 28, 12, tzinfo=UTC), one_day) == datetime(
        2026, 3, 29, 11, tzinfo=UTC
    )


@given(moments, lengths)
def test_adding_working_time_and_measuring_it_gives_it_back(start_at: datetime, length: timedelta) -> None:
    for calendar in (CHINA, BERLIN):
        assert calendar.working_between(start_at, calendar.add_working(start_at, length)) == length


@given(moments, moments, lengths, lengths)
def test_later_starts_and_longer_work_never_end_earlier(
    start_at: datetime, other_at: datetime, length: timedelta, more: timedelta
) -> None:
    first, second = sorted((start_at, other_at))
    assert CHINA.add_working(first, length) <= CHINA.add_working(second, length)
    assert CHINA.add_working(first, length) <= CHINA.add_working(first, length + more)


@given(moments, moments, moments)
def test_parts_of_a_period_add_up_to_the_whole(a: datetime, b: datetime, c: datetime) -> None:
    first, middle, last = sorted((a, b, c))
    whole = CHINA.working_between(first, middle) + CHINA.working_between(middle, last)
    assert CHINA.working_between(first, last) == whole
    assert CHINA.working_between(last, first) == -whole


def test_a_moment_without_a_zone_is_a_broken_assumption() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CHINA.add_working(datetime(2026, 1, 1), timedelta(hours=1))  # noqa: DTZ001


def test_a_calendar_with_mistakes_names_all_of_them() -> None:
    problems = WorkCalendar.from_pack(
        {
            "timezone": "Mars/Olympus",
            "weekly": {"mon": ["12:00-09:00"], "someday": ["09:00-10:00"]},
            "published_from": 2026,
            "published_until": "soon",
            "holidays": [{"from": "2026-13-01"}, {"from": "2026-01-01", "to": "2026-01-02"}],
            "extra_workdays": ["2026-01-02", "never"],
        }
    )
    assert isinstance(problems, tuple)
    assert sorted(problem.path for problem in problems) == [
        "2026-01-02",
        "extra_workdays[1]",
        "holidays[0]",
        "key",
        "published_until",
        "timezone",
        "weekly.mon",
        "weekly.someday",
    ]
