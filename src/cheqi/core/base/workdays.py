"""Working calendars: which moments count as working time, and when a deadline falls.

A calendar is data: weekly hours with their breaks, public holidays, and weekend days that are worked
in exchange for them (调休). A year whose holidays have not been published falls back to plain weekly
hours, and says so: `is_assumed(date)` is true there, so that a page can warn. Periods are half-open.

>>> week = {day: (("09:00", "12:00"), ("13:00", "18:00")) for day in range(5)}
>>> cn = WorkCalendar("cn", "Asia/Shanghai", week, 2026, 2026, holidays=frozenset({date(2026, 10, 1)}))
>>> cn.add_working(datetime(2026, 9, 30, 9, 0, tzinfo=UTC), timedelta(hours=2)).isoformat()  # 17:00 there
'2026-10-02T02:00:00+00:00'
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cheqi.core.base.durations import Duration, Unit
from cheqi.core.base.problems import Problem
from cheqi.core.base.workdays_pack import CalendarData, Hours, read

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WALL = {
    Unit.CALENDAR_MINUTE: timedelta(minutes=1),
    Unit.CALENDAR_HOUR: timedelta(hours=1),
    Unit.CALENDAR_DAY: timedelta(days=1),
}


class _Year(NamedTuple):
    """The windows of one year in microseconds UTC, and the working time up to the end of each."""

    starts: list[int]
    worked: list[int]
    lengths: list[int]
    total: int


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Weekly hours (0 is Monday), holidays and worked weekend days of the published years.

    Raises ValueError when it has no working time at all, or hours that overlap or run backwards.
    """

    key: str
    timezone: str
    weekly: Mapping[int, Hours]
    published_from: int
    published_until: int
    holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not any(self.weekly.values()):
            raise ValueError(f"calendar {self.key} has no working time")
        for hours in self.weekly.values():
            edges = [time.fromisoformat(edge) for period in hours for edge in period]
            if edges != sorted(set(edges)):
                raise ValueError(f"calendar {self.key}: hours must run forwards without overlap: {hours}")
        ZoneInfo(self.timezone)

    @staticmethod
    def from_pack(source: Mapping[str, Any]) -> "WorkCalendar | tuple[Problem, ...]":
        """The calendar of a parsed pack, or everything that is wrong with it.

        The pack gives `key`, `timezone`, `weekly` (`mon: ["09:00-12:00", "13:00-18:00"]`),
        `published_from`, `published_until` (years), `holidays` (`{from, to}` with both days off)
        and `extra_workdays`.
        """
        data = read(source)
        return WorkCalendar(*data) if isinstance(data, CalendarData) else data

    # --- days

    def is_assumed(self, day: date) -> bool:
        """Whether the holidays of that year are not published, so that plain weekly hours are assumed."""
        return not self.published_from <= day.year <= self.published_until

    def is_workday(self, day: date) -> bool:
        """Whether any of that day is working time."""
        return bool(self.hours_on(day))

    def hours_on(self, day: date) -> Hours:
        """The working periods of that day; a worked weekend day has the hours of a normal weekday."""
        if day in self.holidays:
            return ()
        if day in self.extra_workdays:
            return self._normal_hours
        return self.weekly.get(day.weekday(), ())

    def assumes(self, start_at: datetime, end_at: datetime) -> bool:
        """Whether any day of the period lies in a year whose holidays are not published."""
        zone = ZoneInfo(self.timezone)
        days = (start_at.astimezone(zone).date(), end_at.astimezone(zone).date())
        return any(self.is_assumed(day) for day in days)

    # --- time

    @property
    def working_day(self) -> timedelta:
        """The working time of a normal weekday: what one `d` is worth."""
        return sum((_length(period) for period in self._normal_hours), timedelta())

    def length_of(self, duration: Duration) -> timedelta:
        """Working time of a working duration; time on the wall of a calendar one."""
        if not duration.is_working:
            return _WALL[duration.unit] * duration.amount
        if duration.unit is Unit.DAY:
            return self.working_day * duration.amount
        return timedelta(minutes=duration.amount * (60 if duration.unit is Unit.HOUR else 1))

    def deadline(self, start_at: datetime, duration: Duration) -> datetime:
        """When a duration that begins at `start_at` is used up, in UTC.

        Calendar days keep the local time of day, also across a change of the clocks.
        """
        if duration.is_working:
            return self.add_working(start_at, self.length_of(duration))
        if duration.unit is not Unit.CALENDAR_DAY:
            return (start_at + self.length_of(duration)).astimezone(UTC)
        local = start_at.astimezone(ZoneInfo(self.timezone))
        wall = local.replace(tzinfo=None) + timedelta(days=duration.amount)
        return wall.replace(tzinfo=local.tzinfo).astimezone(UTC)

    def add_working(self, start_at: datetime, length: timedelta) -> datetime:
        """The first moment by which `length` of working time has passed since `start_at`, in UTC.

        Raises ValueError for a negative length or a datetime without a zone.
        """
        if length < timedelta():
            raise ValueError(f"cannot add {length} of working time")
        start = _instant(start_at)
        if not length:
            return _EPOCH + timedelta(microseconds=start)
        year = self._year_of(start_at)
        need = self._worked_until(year, start) + length // _MICROSECOND
        while need > (table := self._year(year)).total:
            need -= table.total
            year += 1
        place = bisect_left(table.worked, need)
        end = table.starts[place] + table.lengths[place] - (table.worked[place] - need)
        return _EPOCH + timedelta(microseconds=end)

    def working_between(self, start_at: datetime, end_at: datetime) -> timedelta:
        """The working time in the half-open period; negative when it runs backwards."""
        if end_at < start_at:
            return -self.working_between(end_at, start_at)
        first, last = self._year_of(start_at), self._year_of(end_at)
        worked = self._worked_until(last, _instant(end_at)) - self._worked_until(first, _instant(start_at))
        worked += sum(self._year(year).total for year in range(first, last))
        return timedelta(microseconds=worked)

    # --- the day table: one bisection inside a year, one addition for each whole year

    @property
    def _normal_hours(self) -> Hours:
        return next(hours for _, hours in sorted(self.weekly.items()) if hours)

    def _year_of(self, moment: datetime) -> int:
        return moment.astimezone(ZoneInfo(self.timezone)).year

    def _worked_until(self, year: int, instant: int) -> int:
        table = self._year(year)
        place = bisect_right(table.starts, instant) - 1
        if place < 0:
            return 0
        left = max(0, table.starts[place] + table.lengths[place] - instant)
        return table.worked[place] - left

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            self._years[year] = self._build(year)
        return self._years[year]

    def _build(self, year: int) -> _Year:
        zone = ZoneInfo(self.timezone)
        starts: list[int] = []
        worked: list[int] = []
        lengths: list[int] = []
        total = 0
        day = date(year, 1, 1)
        while day.year == year:
            for opens, closes in self.hours_on(day):
                start = _instant(datetime.combine(day, time.fromisoformat(opens), zone))
                end = _instant(datetime.combine(day, time.fromisoformat(closes), zone))
                if end > start:
                    total += end - start
                    starts.append(start)
                    lengths.append(end - start)
                    worked.append(total)
            if day == date.max:
                break
            day += timedelta(days=1)
        return _Year(starts, worked, lengths, total)


def _instant(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"a datetime needs a time zone: {moment}")
    return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND


def _length(period: tuple[str, str]) -> timedelta:
    opens, closes = (datetime.combine(date.min, time.fromisoformat(edge)) for edge in period)
    return closes - opens
