"""Keys from files and from the environment."""

import base64
from pathlib import Path

import pytest

from cheqi.adapters.keys.environment import EnvironmentKeys
from cheqi.adapters.keys.files import FileKeys
from cheqi.ports.keys import UnableToAddKey, UnableToFindKey


def test_the_first_use_makes_one_key_that_only_the_owner_reads(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys")

    assert keys.current().id == "k1"
    assert keys.ids() == ("k1",)
    file = tmp_path / "keys" / "seal-k1.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert bytes.fromhex(file.read_text()) == keys.current().material
    assert [each.name for each in (tmp_path / "keys").iterdir()] == ["seal-k1.key"]


def test_an_added_key_becomes_current_and_the_old_one_stays_readable(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    old = keys.current()

    new = keys.add()

    assert (new.id, keys.current(), keys.get("k1"), keys.ids()) == ("k2", new, old, ("k1", "k2"))


def test_a_process_notices_the_key_that_another_one_added(tmp_path: Path) -> None:
    here, there = FileKeys(tmp_path), FileKeys(tmp_path)
    here.current()

    added = there.add()

    assert here.get("k2") == added
    assert here.current() == added


def test_two_processes_that_start_together_agree_on_one_key_and_one_root(tmp_path: Path) -> None:
    here, there = FileKeys(tmp_path), FileKeys(tmp_path)

    assert here.current() == there.current()
    assert here.index_root() == there.index_root()


def test_keys_beyond_the_ninth_stay_in_order(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    for _ in range(11):
        keys.add()

    assert keys.current().id == "k11"
    assert keys.ids()[-2:] == ("k10", "k11")


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnableToFindKey, match="k7"):
        FileKeys(tmp_path).get("k7")


def test_the_material_does_not_show_in_a_representation(tmp_path: Path) -> None:
    key = FileKeys(tmp_path).current()

    assert repr(key) == "Key(id='k1')"


def _environment(**changes: str) -> dict[str, str]:
    one, two, root = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2, 3))
    return {"CHEQI_KEYS": f"k2:{two},k1:{one}", "CHEQI_INDEX_KEY": root, **changes}


def test_the_first_key_of_the_environment_is_current() -> None:
    keys = EnvironmentKeys.from_environment(_environment())

    assert keys.current().id == "k2"
    assert keys.get("k1").material == bytes([1]) * 32
    assert keys.ids() == ("k1", "k2")
    assert keys.index_root() == bytes([3]) * 32


def test_the_environment_makes_no_keys_and_says_who_does() -> None:
    keys = EnvironmentKeys.from_environment(_environment())

    with pytest.raises(UnableToAddKey, match="CHEQI_KEYS"):
        keys.add()
    with pytest.raises(UnableToFindKey, match="k9"):
        keys.get("k9")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"CHEQI_KEYS": ""}, "at least one key"),
        ({"CHEQI_KEYS": "k1:@@@"}, "CHEQI_KEYS is not base64"),
        ({"CHEQI_KEYS": "k1:AAAA"}, "3 bytes instead of 32"),
        ({"CHEQI_INDEX_KEY": ""}, "CHEQI_INDEX_KEY has 0 bytes"),
    ],
)
def test_a_wrong_environment_is_refused_at_the_start(changes: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        EnvironmentKeys.from_environment(_environment(**changes))
