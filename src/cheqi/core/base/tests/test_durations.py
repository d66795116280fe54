"""Durations as people write them in packs."""

import pytest

from cheqi.core.base.durations import Duration, Unit, parse


@pytest.mark.parametrize(
    ("text", "amount", "unit", "is_working"),
    [
        ("4h", 4, Unit.HOUR, True),
        ("10min", 10, Unit.MINUTE, True),
        ("3d", 3, Unit.DAY, True),
        ("1cd", 1, Unit.CALENDAR_DAY, False),
        ("2ch", 2, Unit.CALENDAR_HOUR, False),
        ("5cmin", 5, Unit.CALENDAR_MINUTE, False),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, amount: int, unit: Unit, is_working: bool) -> None:
    duration = parse(text)
    assert duration == Duration(amount, unit)
    assert duration.is_working is is_working
    assert str(duration) == text


@pytest.mark.parametrize("text", ["", "4", "h", "0d", "-1d", "1.5h", "4 h", "3days", "1w", "123456d"])
def test_anything_else_is_no_duration(text: str) -> None:
    assert parse(text) is None
