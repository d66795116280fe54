"""Files on a disk: whole or not at all."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from cheqi.adapters.file_store.disk import DiskFileStore
from cheqi.ports.file_store import StoreTrouble, UnableToOpen, UnableToStore, key_for


@pytest.fixture
def store(tmp_path: Path) -> DiskFileStore:
    return DiskFileStore(tmp_path)


@pytest.fixture
def room_for_1000_bytes() -> Iterator[None]:
    """The kernel itself refuses more, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_bytes_come_back_as_they_went_in(store: DiskFileStore) -> None:
    assert store.open(store.put(b"\x00licence\xff")) == b"\x00licence\xff"


def test_the_same_bytes_are_kept_once(store: DiskFileStore, tmp_path: Path) -> None:
    assert store.put(b"same") == store.put(b"same") == key_for(b"same")
    assert len(files_in(tmp_path)) == 1


def test_files_are_spread_over_folders_and_closed_to_others(store: DiskFileStore, tmp_path: Path) -> None:
    key = store.put(b"private")
    (path,) = files_in(tmp_path)
    assert path == tmp_path / key[:2] / key[2:4] / key
    assert path.stat().st_mode & 0o077 == 0


def test_a_full_disk_is_said_and_leaves_nothing(
    store: DiskFileStore, tmp_path: Path, room_for_1000_bytes: None
) -> None:
    with pytest.raises(UnableToStore) as raised:
        store.put(b"x" * 5000)
    assert raised.value.trouble is StoreTrouble.FULL
    assert files_in(tmp_path) == []
    assert not store.exists(key_for(b"x" * 5000))


def test_a_folder_that_cannot_be_written_is_not_called_full(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnableToStore) as raised:
        DiskFileStore(tmp_path / "file").put(b"x")
    assert raised.value.trouble is StoreTrouble.UNREACHABLE


def test_a_flipped_bit_is_not_handed_on(store: DiskFileStore, tmp_path: Path) -> None:
    key = store.put(b"original")
    files_in(tmp_path)[0].write_bytes(b"originak")
    with pytest.raises(UnableToOpen) as raised:
        store.open(key)
    assert raised.value.trouble is StoreTrouble.DAMAGED


def test_a_deleted_file_is_missing_and_deleting_twice_is_no_error(store: DiskFileStore) -> None:
    key = store.put(b"gone")
    store.delete(key)
    store.delete(key)
    with pytest.raises(UnableToOpen) as raised:
        store.open(key)
    assert raised.value.trouble is StoreTrouble.MISSING


def test_a_key_never_leaves_the_folder(store: DiskFileStore) -> None:
    with pytest.raises(ValueError, match="not a file key"):
        store.open("../../etc/passwd")


def test_what_a_killed_process_left_is_swept_once_it_is_old(store: DiskFileStore, tmp_path: Path) -> None:
    store.put(b"whole")
    (tmp_path / "ab" / "cd").mkdir(parents=True)
    part = tmp_path / "ab" / "cd" / "tmp123.part"
    part.write_bytes(b"half")
    written = part.stat().st_mtime
    assert store.sweep(3600, written + 60) == 0
    assert store.sweep(3600, written + 3601) == 1
    assert len(files_in(tmp_path)) == 1


def test_what_was_set_aside_is_there_for_whoever_opens_it(store: DiskFileStore) -> None:
    key = store.put(b"orphan")
    store.set_aside(key, 1_800_000_000.0)
    assert (dict(store.kept(key[:2])), dict(store.aside(key[:2]))) == ({}, {key: 1_800_000_000.0})
    assert store.exists(key)
    assert store.open(key) == b"orphan"
    assert (list(store.kept(key[:2])), list(store.aside(key[:2]))) == ([key], [])


def test_putting_the_same_bytes_brings_them_back_as_used_just_now(
    store: DiskFileStore, tmp_path: Path
) -> None:
    key = store.put(b"orphan")
    store.set_aside(key, 1_800_000_000.0)
    assert store.put(b"orphan") == key
    assert len(files_in(tmp_path)) == 1
    assert store.kept(key[:2])[key] != 1_800_000_000.0


def test_putting_again_what_is_there_counts_as_use(store: DiskFileStore, tmp_path: Path) -> None:
    key = store.put(b"same")
    os.utime(files_in(tmp_path)[0], (1_000_000_000, 1_000_000_000))
    store.put(b"same")
    assert store.kept(key[:2])[key] > 1_000_000_000


def test_setting_aside_what_is_gone_is_no_error(store: DiskFileStore) -> None:
    key = store.put(b"gone")
    store.set_aside(key, 1.0)
    store.delete(key)
    store.set_aside(key, 2.0)
    assert not store.exists(key)
