"""Money, moments and durations as people read them, in the language of the page.

With `now` on Thursday 26 November 2026 at 10:00 in Shanghai, 14:30 that day reads 今天 14:30, the day
before 昨天 14:30, another day 11月20日 周五 14:30, and one of last year 2025年11月20日 周四 14:30.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cheqi.core.base.money import format_yuan

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
MONTHS = (
    gettext_lazy("1月"),
    gettext_lazy("2月"),
    gettext_lazy("3月"),
    gettext_lazy("4月"),
    gettext_lazy("5月"),
    gettext_lazy("6月"),
    gettext_lazy("7月"),
    gettext_lazy("8月"),
    gettext_lazy("9月"),
    gettext_lazy("10月"),
    gettext_lazy("11月"),
    gettext_lazy("12月"),
)
MINUTES_A_DAY = 24 * 60


def money(fen: int | None) -> str:
    """`¥128,600.00`; a dash where there is no amount."""
    return "—" if fen is None else format_yuan(fen)


def day(on_date: date, today: date) -> str:
    """今天, 明天, 昨天, or the date with its weekday; the year only where it is another."""
    near = {0: _("今天"), 1: _("明天"), -1: _("昨天")}.get((on_date - today).days)
    if near is not None:
        return near
    parts = {
        "year": on_date.year,
        "month": MONTHS[on_date.month - 1],
        "day": on_date.day,
        "weekday": WEEKDAYS[on_date.weekday()],
    }
    if on_date.year == today.year:
        return _("{month}{day}日 {weekday}").format(**parts)
    return _("{year}年{month}{day}日 {weekday}").format(**parts)


def moment(at: datetime, now: datetime) -> str:
    """A point in time on the lender's clock, such as 今天 14:30."""
    local = timezone.localtime(at)
    return f"{day(local.date(), timezone.localtime(now).date())} {local:%H:%M}"


def span(start: datetime, end: datetime, now: datetime) -> str:
    """A range on the lender's clock; a day that both share is said once: 今天 14:30 至 16:00."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    until = f"{last:%H:%M}" if first.date() == last.date() else moment(end, now)
    return _("{start} 至 {end}").format(start=moment(start, now), end=until)


def full_moment(at: datetime) -> str:
    """The whole of it, for a tooltip: 2026-11-26 14:30:05 +08:00."""
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds")


def duration(length: timedelta, working_day: timedelta | None = None) -> str:
    """The two largest units: 2 小时 15 分, 3 天 4 小时; under a minute 不到 1 分钟. The sign is dropped.

    Working time says the length of its days and is counted in them: 24 hours of it are 3 个工作日 of eight.
    """
    minutes = abs(int(length.total_seconds())) // 60
    if minutes == 0:
        return _("不到 1 分钟")
    days, rest = divmod(minutes, int(working_day.total_seconds()) // 60 if working_day else MINUTES_A_DAY)
    hours, left = divmod(rest, 60)
    if working_day:
        day_words = ngettext("{n} 个工作日", "{n} 个工作日", days)
    else:
        day_words = ngettext("{n} 天", "{n} 天", days)
    units = [
        day_words.format(n=days) if days else "",
        _("{n} 小时").format(n=hours) if hours else "",
        _("{n} 分").format(n=left) if left and not days else "",
    ]
    return " ".join(unit for unit in units if unit)
