"""Forecasts hold against worked figures and against the events they claim to cover."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.process.forecast import (
    Forecast,
    NotEnoughHistory,
    Shortage,
    Spell,
    Usual,
    first_duration,
    remaining,
    survival,
    usual,
)

HUNDRED = [Spell(minutes, is_finished=True) for minutes in range(1, 101)]
spells = st.lists(st.builds(Spell, minutes=st.integers(0, 5_000), is_finished=st.booleans()), max_size=200)


def test_half_of_a_hundred_even_spells_is_over_at_fifty_minutes_and_four_fifths_at_eighty() -> None:
    assert remaining(HUNDRED, 0) == Forecast(p50_minutes=50, p80_minutes=80, finished=100, open=0)


def test_the_time_already_spent_moves_the_forecast_to_those_that_lasted_longer() -> None:
    assert remaining(HUNDRED, 60) == Forecast(p50_minutes=20, p80_minutes=32, finished=100, open=0)


def test_the_product_limit_curve_equals_the_worked_example() -> None:
    history = [Spell(6, True), Spell(6, False), Spell(7, True), Spell(9, False), Spell(10, True)]
    assert survival(history) == [(6, Fraction(4, 5)), (7, Fraction(8, 15)), (10, Fraction(0))]


def test_open_spells_lengthen_the_forecast_instead_of_being_left_out() -> None:
    still_open = [Spell(200, is_finished=False)] * 50
    only_finished, with_open = remaining(HUNDRED, 0), remaining(HUNDRED + still_open, 0)
    assert isinstance(only_finished, Forecast)
    assert with_open == NotEnoughHistory(100, Shortage.TOO_MANY_OPEN)
    some_open = remaining(HUNDRED + still_open[:20], 0)
    assert some_open == Forecast(p50_minutes=60, p80_minutes=96, finished=100, open=20)


@pytest.mark.parametrize(
    ("history", "elapsed", "expected"),
    [
        ([], 0, NotEnoughHistory(0, Shortage.FEW_FINISHED)),
        (HUNDRED[:29], 0, NotEnoughHistory(29, Shortage.FEW_FINISHED)),
        (HUNDRED, 91, NotEnoughHistory(100, Shortage.FEW_LASTED_SO_LONG)),
    ],
)
def test_too_little_history_says_so_and_why(
    history: list[Spell], elapsed: int, expected: NotEnoughHistory
) -> None:
    assert remaining(history, elapsed) == expected
    assert not expected


def test_what_a_step_usually_takes_is_the_middle_of_the_whole_history() -> None:
    assert usual(HUNDRED) == Usual(p20_minutes=20, p80_minutes=80, finished=100)
    assert usual(HUNDRED[:5]) == NotEnoughHistory(5, Shortage.FEW_FINISHED)


@given(spells, st.integers(0, 6_000))
def test_a_forecast_is_never_in_the_past_and_its_quantiles_are_ordered(
    history: list[Spell], elapsed: int
) -> None:
    forecast = remaining(history, elapsed)
    if isinstance(forecast, Forecast):
        assert 1 <= forecast.p50_minutes <= forecast.p80_minutes


@given(spells)
def test_the_share_unfinished_only_falls(history: list[Spell]) -> None:
    shares = [share for _, share in survival(history)]
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares, reverse=True)


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=200))
def test_without_open_spells_the_quantile_is_that_of_the_sample(minutes: list[int]) -> None:
    curve = survival([Spell(each, is_finished=True) for each in minutes])
    at = first_duration(curve, 0, Fraction(4, 5))
    assert at is not None
    assert sum(each <= at for each in minutes) >= 0.8 * len(minutes)
    assert sum(each < at for each in minutes) < 0.8 * len(minutes)
