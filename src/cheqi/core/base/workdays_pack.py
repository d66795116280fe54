"""Reads a working calendar out of a parsed pack, and names everything that is wrong with it.

>>> [str(problem) for problem in read({"key": "cn", "timezone": "Mars/Olympus"})][-1:]
['timezone: there is no time zone Mars/Olympus']
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cheqi.core.base.problems import Problem
from cheqi.core.base.text import Text

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


Hours = tuple[tuple[str, str], ...]
"""The working periods of one day in local time, such as `(("09:00", "12:00"), ("13:00", "18:00"))`."""


class CalendarData(NamedTuple):
    """What a pack says, checked: the arguments of a `WorkCalendar`, in its order."""

    key: str
    timezone: str
    weekly: Mapping[int, Hours]
    published_from: int
    published_until: int
    holidays: frozenset[date]
    extra_workdays: frozenset[date]


def read(source: Mapping[str, Any]) -> CalendarData | tuple[Problem, ...]:
    """What the pack says, or all problems at once; see `WorkCalendar.from_pack` for the form."""
    reader = _Reader(source)
    weekly = reader.weekly()
    first, last = reader.year("published_from"), reader.year("published_until")
    holidays, extra = reader.holidays(), reader.extra_workdays()
    if not isinstance(source.get("key"), str):
        reader.say("key", "缺少日历代码", "the calendar needs a key")
    reader.zone()
    for day in sorted(holidays | extra):
        if first and last and not first <= day.year <= last:
            reader.say(str(day), "不在已公布年份之内", "lies outside the published years")
    for day in sorted(holidays & extra):
        reader.say(str(day), "既是假日又是补班日", "is both a holiday and an extra workday")
    if reader.problems:
        return tuple(reader.problems)
    return CalendarData(source["key"], source["timezone"], weekly, first, last, holidays, extra)


@dataclass
class _Reader:
    source: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def say(self, path: str, zh: str, en: str) -> None:
        self.problems.append(Problem(path, Text(zh, en)))

    def zone(self) -> None:
        name = self.source.get("timezone")
        try:
            ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError):
            self.say("timezone", f"没有时区 {name}", f"there is no time zone {name}")

    def year(self, key: str) -> int:
        value = self.source.get(key)
        if isinstance(value, int) and 1970 <= value <= 9000:
            return value
        self.say(key, "须为年份", "must be a year")
        return 0

    def weekly(self) -> dict[int, Hours]:
        given = self.source.get("weekly")
        if not isinstance(given, Mapping) or not any(given.values()):
            self.say("weekly", "缺少每周工作时间", "the calendar needs weekly hours")
            return {}
        for name in given:
            if name not in DAYS:
                self.say(f"weekly.{name}", "不是星期", f"is not one of {', '.join(DAYS)}")
        return {place: self._hours(name, given.get(name) or ()) for place, name in enumerate(DAYS)}

    def _hours(self, name: str, periods: Any) -> Hours:
        try:
            hours = tuple(_period(text) for text in periods)
            edges = [edge for period in hours for edge in period]
            if edges == sorted(set(edges)):
                return hours
        except ValueError:
            pass
        self.say(
            f"weekly.{name}",
            "须按先后写成 09:00-12:00 的形式且不重叠",
            "must be periods such as 09:00-12:00, in order and without overlap",
        )
        return ()

    def holidays(self) -> frozenset[date]:
        found: set[date] = set()
        for place, item in enumerate(self.source.get("holidays") or ()):
            path = f"holidays[{place}]"
            first = _date(item.get("from")) if isinstance(item, Mapping) else None
            last = _date(item.get("to", item.get("from"))) if isinstance(item, Mapping) else None
            if first is None or last is None or last < first or (last - first).days > 60:
                self.say(path, "须有起止日期", "needs the dates from and to")
                continue
            found.update(_days(first, last))
        return frozenset(found)

    def extra_workdays(self) -> frozenset[date]:
        found: set[date] = set()
        for place, item in enumerate(self.source.get("extra_workdays") or ()):
            day = _date(item)
            if day is None:
                self.say(f"extra_workdays[{place}]", "须为日期", "must be a date")
            else:
                found.add(day)
        return frozenset(found)


def _period(text: Any) -> tuple[str, str]:
    opens, closes = (time.fromisoformat(edge.strip()) for edge in str(text).split("-"))
    return opens.isoformat("minutes"), closes.isoformat("minutes")


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=place) for place in range((last - first).days + 1))
