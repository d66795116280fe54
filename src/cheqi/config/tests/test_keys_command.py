"""`cheqi keys`."""

from pathlib import Path

import pytest

from cheqi import ports
from cheqi.adapters.keys.environment import EnvironmentKeys
from cheqi.adapters.keys.files import FileKeys
from cheqi.config.cli import main
from cheqi.foundation.staff.models import Member
from cheqi.ports.keys import Key, KeyProvider

pytestmark = pytest.mark.django_db

MOVED = "1 of 1 rows moved to the key k2\n0 log keys of persons moved to it\n"


def test_keys_are_listed_and_rotated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ports.bound(KeyProvider, FileKeys(tmp_path)):
        member = Member.objects.create(login="chen", name="陈静", mobile="13800138866")

        assert main(["keys", "rotate"]) == 0
        assert main(["keys", "list"]) == 0

        assert capsys.readouterr().out == MOVED + "k1\nk2  current\n"
        assert Member.objects.get(pk=member.pk).mobile == "13800138866"


def test_a_stopped_rotation_is_finished_without_another_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = FileKeys(tmp_path)
    with ports.bound(KeyProvider, keys):
        Member.objects.create(login="chen", name="陈静", mobile="13800138866")
        keys.add()

        assert main(["keys", "rotate", "--no-new-key"]) == 0

    assert keys.ids() == ("k1", "k2")
    assert capsys.readouterr().out == MOVED


def test_keys_of_the_environment_are_made_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    keys = EnvironmentKeys((Key("k1", bytes(32)),), bytes(32))
    with ports.bound(KeyProvider, keys):
        assert main(["keys", "rotate"]) == 1

    assert "CHEQI_KEYS" in capsys.readouterr().err
    assert keys.ids() == ("k1",)
