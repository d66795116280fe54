"""Files that no row names are set aside after a day and forgotten after a month; all others stay."""

import io
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cheqi import ports
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.operations import receive
from cheqi.foundation.documents.tests import files
from cheqi.foundation.files.operations import FOLDERS, Tidied, folder_of_turn, tidy_folder
from cheqi.foundation.files.references import REFERRERS, referred, refers
from cheqi.foundation.jobs.registry import SWEEPS
from cheqi.foundation.jobs.worker import sweep_once
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.file_store import FileStore
from cheqi.ports.keys import KeyProvider

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CUSTOMER = Actor(ActorKind.CUSTOMER, "3", "王小雨", scope=Scope(party_id=3))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Iterator[FileStore]:
    settings.MEDIA_ROOT = tmp_path
    with ports.bound(KeyProvider, MemoryKeys()), ports.renewed(FileStore) as kept:
        yield kept


def put_at(moment: datetime, folder: Path) -> None:
    """Every file was last put then."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (moment.timestamp(), moment.timestamp()))


def an_orphan(store: FileStore, folder: Path) -> str:
    """A file of which the row was never written, put at NOW."""
    key = store.put(b"what a crash left")
    put_at(NOW, folder)
    return key


def a_document() -> Document:
    done = receive(
        io.BytesIO(files.encoded(files.card(1))),
        case_id=7,
        party_id=3,
        branch_id=1,
        slot="ID_CARD_FRONT",
        actor=CUSTOMER,
        now=NOW,
        key="k1",
    )
    assert isinstance(done, Document)
    return done


def test_an_orphan_is_set_aside_once_it_is_a_day_old_and_the_log_says_so(
    store: FileStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = an_orphan(store, tmp_path)
    assert tidy_folder(key[:2], now=NOW + DAY) == Tidied()
    with caplog.at_level(logging.WARNING, "cheqi.files"):
        assert tidy_folder(key[:2], now=NOW + DAY + timedelta(seconds=1)) == Tidied(set_aside=1)
    assert caplog.messages == [
        f"files {key[:2]}…: 1 that no row names set aside, 0 brought back, 0 forgotten after 30 days"
    ]
    assert list(store.kept(key[:2])) == []


def test_it_is_forgotten_a_month_later(store: FileStore, tmp_path: Path) -> None:
    key = an_orphan(store, tmp_path)
    tidy_folder(key[:2], now=NOW + 2 * DAY)
    assert tidy_folder(key[:2], now=NOW + 32 * DAY) == Tidied()
    assert tidy_folder(key[:2], now=NOW + 33 * DAY) == Tidied(forgotten=1)
    assert not store.exists(key)


def test_the_files_of_a_document_stay(store: FileStore, tmp_path: Path) -> None:
    page = a_document().pages.get()
    put_at(NOW, tmp_path)
    for key in (page.file_key, page.thumbnail_key):
        assert key in referred(key[:2])
        assert tidy_folder(key[:2], now=NOW + 400 * DAY) == Tidied()
        assert store.open(key)


def test_a_file_aside_that_a_row_names_is_brought_back_and_never_forgotten(store: FileStore) -> None:
    key = a_document().pages.get().file_key
    store.set_aside(key, NOW.timestamp())
    assert tidy_folder(key[:2], now=NOW + 400 * DAY).brought_back == 1
    assert key in store.kept(key[:2])


def test_an_upload_of_the_same_content_uses_what_was_set_aside(store: FileStore, tmp_path: Path) -> None:
    first = a_document()
    key = first.pages.get().file_key
    first.delete()
    put_at(NOW, tmp_path)
    assert tidy_folder(key[:2], now=NOW + 2 * DAY).set_aside == 1
    assert a_document().pages.get().file_key == key
    assert key in store.kept(key[:2])


def test_every_app_that_names_files_says_so() -> None:
    assert set(REFERRERS) == {"documents", "paper", "paper.signatures", "paper.consents", "agreements"}
    with pytest.raises(ValueError, match="documents already says"):
        refers("documents")(lambda prefix: ())


def test_every_folder_has_its_turn_in_22_hours() -> None:
    turns = [NOW + number * SWEEPS["files.orphans"].every for number in range(FOLDERS)]
    assert sorted(folder_of_turn(turn) for turn in turns) == [f"{number:02x}" for number in range(FOLDERS)]
    assert turns[-1] - turns[0] < timedelta(hours=22)


def test_the_worker_takes_the_turns(store: FileStore, tmp_path: Path) -> None:
    key = an_orphan(store, tmp_path)
    part = tmp_path / key[:2] / key[2:4] / "tmp1.part"
    part.write_bytes(b"half")
    os.utime(part, (NOW.timestamp(), NOW.timestamp()))
    turns = [NOW + 2 * DAY + number * SWEEPS["files.orphans"].every for number in range(FOLDERS)]
    assert sum(sweep_once("files.orphans", turn) for turn in turns) == 1
    assert sweep_once("files.half_written", NOW + 2 * DAY) == 1
    assert not part.exists()
