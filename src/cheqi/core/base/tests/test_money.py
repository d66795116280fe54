"""Money: rounding, splitting, reading and writing amounts."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.base.money import (
    Rounding,
    divide_round,
    format_yuan,
    in_capitals,
    parse_yuan,
    round_to_unit,
    split,
)

DECIMAL_MODE = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.UP: ROUND_UP,
}


@pytest.mark.parametrize(
    ("numerator", "half_up", "half_even", "down", "up"),
    [
        (5, 3, 2, 2, 3),
        (7, 4, 4, 3, 4),
        (-5, -3, -2, -2, -3),
        (4, 2, 2, 2, 2),
        (0, 0, 0, 0, 0),
        (1, 1, 0, 0, 1),
    ],
)
def test_a_tie_goes_where_its_mode_says(
    numerator: int, half_up: int, half_even: int, down: int, up: int
) -> None:
    modes = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.DOWN, Rounding.UP)
    assert [divide_round(numerator, 2, mode) for mode in modes] == [half_up, half_even, down, up]


@given(
    st.integers(-(10**24), 10**24),
    st.integers(-(10**12), 10**12).filter(bool),
    st.sampled_from(list(Rounding)),
)
def test_integer_division_rounds_like_exact_decimals(
    numerator: int, denominator: int, mode: Rounding
) -> None:
    with localcontext() as context:
        context.prec = 80
        expected = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), DECIMAL_MODE[mode])
    assert divide_round(numerator, denominator, mode) == expected


def test_dividing_by_zero_is_a_broken_assumption() -> None:
    with pytest.raises(ZeroDivisionError):
        divide_round(1, 0, Rounding.DOWN)


def test_a_unit_of_a_hundred_fen_pays_whole_yuan() -> None:
    assert round_to_unit(304_219, 1, Rounding.UP, 100) == 304_300
    assert round_to_unit(304_219, 1, Rounding.DOWN, 100) == 304_200
    with pytest.raises(ValueError, match="at least one fen"):
        round_to_unit(1, 1, Rounding.UP, 0)


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any),
)
def test_shares_sum_back_to_the_whole_and_stay_within_a_fen(total: int, weights: list[int]) -> None:
    shares = split(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - total * weight) < sum(weights)


def test_a_share_without_weight_gets_nothing() -> None:
    assert split(100, (0, 3, 0)) == (0, 100, 0)
    assert split(-10, (1, 1, 1)) == (-4, -3, -3)


@pytest.mark.parametrize("weights", [(), (0, 0), (1, -1)])
def test_weights_that_cannot_share_are_refused(weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


def test_amounts_are_written_with_commas_and_two_places() -> None:
    assert [format_yuan(fen) for fen in (0, 5, 123_456_789, -5)] == [
        "¥0.00",
        "¥0.05",
        "¥1,234,567.89",
        "-¥0.05",
    ]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12345", 1_234_500),
        ("¥ 1,234.5", 123_450),
        ("¥1,234.56元", 123_456),
        ("12.5万", 12_500_000),
        ("12.345678万元", 12_345_678),
        ("0.01", 1),
        ("-20", -2_000),
        ("-¥20", -2_000),
        ("人民币100元整", 10_000),
        ("1.500", 150),
        ("￥１，２３４．５", 123_450),
    ],
)
def test_what_people_type_becomes_fen(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,23",
        "1.234",
        "1.2.3",
        "--1",
        "-¥-1",
        "1万2",
        "0.0000001万",
        "٣",
        "1e3",
        "9" * 41,
        "元",
        ".5",
    ],
)
def test_what_is_not_an_amount_is_none(text: str) -> None:
    assert parse_yuan(text) is None


@given(st.integers(-(10**14), 10**14))
def test_an_amount_that_was_written_is_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (10_005_020, "壹拾万零伍拾元贰角整"),
        (12_345_678, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
        (100_000_000, "壹佰万元整"),
        (1_000_000_100, "壹仟万零壹元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_010_000, "壹亿零壹佰元整"),
        (100_500_000, "壹佰万零伍仟元整"),
        (12 * 10**14 + 5_000_000, "壹拾贰万亿零伍万元整"),
        (10_500_000_000, "壹亿零伍佰万元整"),
    ],
)
def test_contracts_write_amounts_in_capital_figures(fen: int, words: str) -> None:
    assert in_capitals(fen) == words


def test_a_negative_amount_has_no_capital_figures() -> None:
    with pytest.raises(ValueError, match="no capital figures"):
        in_capitals(-1)
