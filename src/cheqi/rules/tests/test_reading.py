"""Strict YAML."""

from decimal import Decimal
from typing import Any

import pytest

from cheqi.rules.reading import LARGEST_SOURCE, read_yaml


def test_numbers_with_a_point_are_exact_and_words_stay_words() -> None:
    assert read_yaml("a: 0.1\nb: 1e-3\non: no\nc: true\nd: 3") == {
        "a": Decimal("0.1"),
        "b": "1e-3",
        "on": "no",
        "c": True,
        "d": 3,
    }


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a: 1\na: 2", "comes twice"),
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: [1", "not readable"),
        ("a: !!python/object:os.system x", "not readable"),
        ("a: .inf", "not a number"),
        ("x" * (LARGEST_SOURCE + 1), "too large"),
        ("a: \x00", "not readable"),
    ],
)
def test_what_a_pack_may_not_hold_is_named(source: str, said: str) -> None:
    (problem,) = read_yaml(source)
    assert said in problem.message.en


def test_a_problem_says_its_line() -> None:
    (problem,) = read_yaml("a: 1\nb: 2\na: 3")
    assert problem.path == "line 3"


def test_what_is_read_is_the_callers_own() -> None:
    given: Any = read_yaml("a: [1]")
    given["a"].append(2)
    assert read_yaml("a: [1]") == {"a": [1]}
