"""What the tests of papers share: keys, files, a test CA, fonts, and people who act."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cheqi import ports
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.foundation.paper.fonts import UnableToFindFonts, font_folder
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.esign import SigningService
from cheqi.ports.file_store import FileStore
from cheqi.ports.keys import KeyProvider

CUSTOMER = Actor(ActorKind.CUSTOMER, "3", "王小雨", scope=Scope(party_id=3))
CO_BORROWER = Actor(ActorKind.CUSTOMER, "4", "李大山", scope=Scope(party_id=4))
STRANGER = Actor(ActorKind.CUSTOMER, "5", "赵无名", scope=Scope(party_id=5))
MANAGER = Actor(
    ActorKind.STAFF, "12", "陈静", frozenset({"client_manager"}), Scope(branch_ids=frozenset({1}))
)
ELSEWHERE = Actor(
    ActorKind.STAFF, "13", "周舟", frozenset({"client_manager"}), Scope(branch_ids=frozenset({2}))
)


@pytest.fixture(autouse=True, scope="session")
def fonts() -> None:
    """The Chinese fonts, or a skip that says how to get them."""
    try:
        font_folder()
    except UnableToFindFonts as problem:
        pytest.skip(str(problem))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Files, keys and a test CA of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CHEQI_HOME = tmp_path
    with (
        ports.bound(KeyProvider, MemoryKeys()),
        ports.renewed(FileStore),
        ports.renewed(SigningService),
    ):
        yield tmp_path
