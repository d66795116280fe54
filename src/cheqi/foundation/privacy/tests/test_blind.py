"""Blind indexes."""

import pytest

from cheqi import ports
from cheqi.foundation.privacy import blind
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("id_number", " 33010619900101123x ", "33010619900101123X"),
        ("mobile", "138 0013-8000", "+8613800138000"),
        ("mobile", "+86 13800138000", "+8613800138000"),
        ("mobile", "8613800138000", "+8613800138000"),
        ("mobile", "008613800138000", "+8613800138000"),
        ("mobile", "１３８００１３８０００", "+8613800138000"),
        ("mobile", "+852 6123 4567", "+85261234567"),
        ("account", "6222 0212 3456 1234", "6222021234561234"),
        ("vin", "lsvau2180n2183294", "LSVAU2180N2183294"),
        ("plate", "浙a·12345", "浙A12345"),
        ("login", " chen ", "chen"),
    ],
)
def test_spellings_of_one_value_are_one(kind: str, given: str, expected: str) -> None:
    assert blind.normalised(kind, given) == expected


def test_an_index_finds_the_same_value_and_shows_nothing(keys: MemoryKeys) -> None:
    index = blind.index("mobile", "13800138000")

    assert index == blind.index("mobile", "+86 138 0013 8000")
    assert len(index) == blind.INDEX_CHARS
    assert "138" not in index
    assert index != blind.index("mobile", "13800138001")


def test_kinds_do_not_share_an_index(keys: MemoryKeys) -> None:
    assert blind.index("account", "13800138000") != blind.index("uscc", "13800138000")


def test_an_index_survives_a_rotation_of_sealing_keys(keys: MemoryKeys) -> None:
    before = blind.index("mobile", "13800138000")

    keys.add()

    assert blind.index("mobile", "13800138000") == before


def test_another_installation_has_other_indexes(keys: MemoryKeys) -> None:
    here = blind.index("mobile", "13800138000")

    with ports.bound(KeyProvider, MemoryKeys("elsewhere")):
        assert blind.index("mobile", "13800138000") != here


def test_nothing_has_no_index(keys: MemoryKeys) -> None:
    assert blind.index("mobile", " - ") == ""
