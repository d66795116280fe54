"""One value, one sequence of bytes; what has no single form is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.evidence.canonical import NotCanonical, dumps
from cheqi.core.evidence.commitment import commit, commit_json

VALUES: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


def test_keys_are_sorted_by_utf_16_units_as_in_rfc_8785() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(dumps(dict.fromkeys(keys, 0)))) == expected


def test_text_is_escaped_only_where_json_demands_it() -> None:
    value = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/\x7f车"
    assert dumps(value).decode() == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f车"'


def test_nested_values_are_not_spaced() -> None:
    assert (
        dumps({"b": [1, -2, {"z": None, "a": False}], "a": {}}) == b'{"a":{},"b":[1,-2,{"a":false,"z":null}]}'
    )


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), {1: 2}, {"a": b"x"}, [object()], "\ud800", {"\ud800": 1}]
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        dumps(value)


@given(VALUES)
def test_canonical_bytes_read_back_and_are_stable(value: Any) -> None:
    written = dumps(value)
    assert json.loads(written) == value
    assert dumps(json.loads(written)) == written


def test_a_commitment_is_hmac_sha_256_under_the_salt() -> None:
    # printf record | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00
    assert commit(b"record", bytes(32)).hex().startswith("c909db95bf61ed25")
    assert commit_json({"b": 1, "a": 2}, bytes(32)) == commit(b'{"a":2,"b":1}', bytes(32))
    assert commit(b"record", b"\x01" * 32) != commit(b"record", bytes(32))


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit(b"record", b"short")
