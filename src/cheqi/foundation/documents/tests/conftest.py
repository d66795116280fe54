"""What the tests of documents share: keys, a folder of files, people who act."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cheqi import ports
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.file_store import FileStore
from cheqi.ports.keys import KeyProvider

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
CUSTOMER = Actor(ActorKind.CUSTOMER, "3", "王小雨", scope=Scope(party_id=3))
CLERK = Actor(ActorKind.STAFF, "12", "陈静", frozenset({"client_manager"}), Scope(branch_ids=frozenset({1})))
ELSEWHERE = Actor(
    ActorKind.STAFF, "13", "周舟", frozenset({"client_manager"}), Scope(branch_ids=frozenset({2}))
)


@pytest.fixture(autouse=True)
def keys() -> Iterator[MemoryKeys]:
    """Fresh keys for sealed columns."""
    provider = MemoryKeys()
    with ports.bound(KeyProvider, provider):
        yield provider


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Iterator[FileStore]:
    """The store that the installation has, with files of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "files"
    with ports.renewed(FileStore) as files:
        yield files


@pytest.fixture
def place() -> dict[str, Any]:
    """Where an upload of the customer belongs."""
    return {
        "case_id": 7,
        "party_id": 3,
        "branch_id": 1,
        "slot": "ID_CARD_FRONT",
        "actor": CUSTOMER,
        "now": NOW,
    }
