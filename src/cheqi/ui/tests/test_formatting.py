"""Amounts, moments and lengths as people read them, in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from cheqi.ui import formatting

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)  # Thursday 10:00 in Shanghai


def test_an_amount_has_its_sign_and_two_places_and_none_is_a_dash() -> None:
    assert formatting.money(12_860_000) == "¥128,600.00"
    assert formatting.money(None) == "—"


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (datetime(2026, 11, 26, 6, 30, tzinfo=UTC), "今天 14:30", "Today 14:30"),
        (datetime(2026, 11, 26, 16, 5, tzinfo=UTC), "明天 00:05", "Tomorrow 00:05"),
        (datetime(2026, 11, 25, 15, 59, tzinfo=UTC), "昨天 23:59", "Yesterday 23:59"),
        (datetime(2026, 11, 20, 6, 30, tzinfo=UTC), "11月20日 周五 14:30", "Fri 20 Nov 14:30"),
        (datetime(2025, 11, 20, 6, 30, tzinfo=UTC), "2025年11月20日 周四 14:30", "Thu 20 Nov 2025 14:30"),
    ],
)
def test_a_moment_is_said_on_the_lenders_clock(at: datetime, zh: str, en: str) -> None:
    assert formatting.moment(at, NOW) == zh
    with translation.override("en"):
        assert formatting.moment(at, NOW) == en


def test_the_whole_moment_says_zone_and_seconds() -> None:
    assert formatting.full_moment(NOW) == "2026-11-26 10:00:00+08:00"


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "不到 1 分钟", "less than a minute"),
        (15, "15 分", "15 min"),
        (135, "2 小时 15 分", "2 h 15 min"),
        (120, "2 小时", "2 h"),
        (24 * 60, "1 天", "1 day"),
        (3 * 24 * 60 + 4 * 60 + 59, "3 天 4 小时", "3 days 4 h"),
        (-26, "26 分", "26 min"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(minutes: int, zh: str, en: str) -> None:
    assert formatting.duration(timedelta(minutes=minutes)) == zh
    with translation.override("en"):
        assert formatting.duration(timedelta(minutes=minutes)) == en


def test_a_day_alone_is_named_too() -> None:
    assert formatting.day(date(2026, 11, 27), date(2026, 11, 26)) == "明天"
