"""Backup and restore of a small house: an SQLite file, a file store and a key folder."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from cheqi.foundation.backup.databases import PostgresDatabase, SqliteDatabase, UnableToCopy, database_of
from cheqi.foundation.backup.operations import (
    Installation,
    UnableToBackUp,
    UnableToRestore,
    back_up,
    restore,
    verify,
)

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
PASSPHRASE = "correct horse battery"


def a_house(home: Path) -> Installation:
    """Where a house has its things."""
    return Installation(SqliteDatabase(home / "cheqi.sqlite3"), home / "files", home / "keys")


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    """Three rows, two files, two keys."""
    house = a_house(tmp_path / "home")
    (tmp_path / "home" / "files" / "ab").mkdir(parents=True)
    (tmp_path / "home" / "files" / "ab" / "one").write_bytes(b"one")
    (tmp_path / "home" / "files" / "two").write_bytes(b"two")
    (tmp_path / "home" / "keys").mkdir()
    (tmp_path / "home" / "keys" / "seal-k1.key").write_text("11" * 32)
    (tmp_path / "home" / "keys" / "secret").write_text("signing")
    with closing(sqlite3.connect(tmp_path / "home" / "cheqi.sqlite3")) as rows:
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("CREATE TABLE loan (id INTEGER PRIMARY KEY, fen INTEGER)")
        rows.executemany("INSERT INTO loan (fen) VALUES (?)", [(1,), (2,), (3,)])
        rows.commit()
    return house


def amounts(house: Installation) -> list[int]:
    assert isinstance(house.database, SqliteDatabase)
    with closing(sqlite3.connect(house.database.path)) as rows:
        return [fen for (fen,) in rows.execute("SELECT fen FROM loan ORDER BY id")]


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_is_half_written_or_set_aside_is_left_out(house: Installation, tmp_path: Path) -> None:
    for name in ("ab/tmp1.part", ".aside/cd/three"):
        path = house.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no row names this")
    back_up(house, tmp_path / "safe", passphrase=None, now=NOW)
    assert content(tmp_path / "safe" / "files") == {"ab/one": b"one", "two": b"two"}


def test_what_was_backed_up_comes_back_in_an_empty_home(house: Installation, tmp_path: Path) -> None:
    made = back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)
    other = a_house(tmp_path / "other")

    restore(other, tmp_path / "backup", passphrase=PASSPHRASE, replace=False)

    assert sorted(made.entries) == ["database.sqlite3", "files/ab/one", "files/two"]
    assert (made.made_at, made.database, made.has_keys) == ("2026-12-01T02:00:00+00:00", "sqlite", True)
    assert amounts(other) == [1, 2, 3]
    assert content(other.files) == content(house.files)
    assert house.keys is not None
    assert other.keys is not None
    assert content(other.keys) == content(house.keys)
    assert {p.stat().st_mode & 0o777 for p in other.keys.iterdir()} == {0o600}


def test_a_home_with_content_is_replaced_only_when_told(house: Installation, tmp_path: Path) -> None:
    back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)
    assert isinstance(house.database, SqliteDatabase)
    with closing(sqlite3.connect(house.database.path)) as rows:
        rows.execute("INSERT INTO loan (fen) VALUES (4)")
        rows.commit()
    (house.files / "three").write_bytes(b"three")

    with pytest.raises(
        UnableToRestore, match="a database with tables, a file store with files, a key folder"
    ):
        restore(house, tmp_path / "backup", passphrase=PASSPHRASE, replace=False)
    assert amounts(house) == [1, 2, 3, 4]
    assert (house.files / "three").exists()

    restore(house, tmp_path / "backup", passphrase=PASSPHRASE, replace=True)
    assert amounts(house) == [1, 2, 3]
    assert sorted(content(house.files)) == ["ab/one", "two"]
    assert [p.name for p in house.files.parent.iterdir() if p.name.startswith(".")] == []


def test_the_keys_are_not_readable_in_the_backup(house: Installation, tmp_path: Path) -> None:
    back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)

    everything = b"".join(content(tmp_path / "backup").values())
    assert b"11" * 32 not in everything
    assert b"signing" not in everything
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o700


def test_the_wrong_passphrase_changes_nothing(house: Installation, tmp_path: Path) -> None:
    back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)
    other = a_house(tmp_path / "other")

    for phrase, words in (("wrong", "passphrase is wrong"), (None, "give its passphrase")):
        with pytest.raises(UnableToRestore, match=words):
            restore(other, tmp_path / "backup", passphrase=phrase, replace=False)

    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda b: (b / "files" / "two").write_bytes(b"tow"), "files/two was changed"),
        (lambda b: (b / "files" / "two").unlink(), "files/two is missing"),
        (lambda b: (b / "files" / "new").write_bytes(b""), "files/new is not in the manifest"),
        (lambda b: (b / "keys.sealed").unlink(), r"keys\.sealed is missing"),
        (lambda b: (b / "manifest.json").unlink(), "this is no backup"),
        (lambda b: (b / "manifest.json").write_text("{"), "cannot be read"),
        (lambda b: _edit(b, '"version": 1', '"version": 9'), "version 9"),
    ],
)
def test_a_spoiled_backup_is_not_restored(
    house: Installation, tmp_path: Path, spoil: object, words: str
) -> None:
    back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)
    spoil(tmp_path / "backup")  # type: ignore[operator]

    with pytest.raises(UnableToRestore, match=words):
        restore(a_house(tmp_path / "other"), tmp_path / "backup", passphrase=PASSPHRASE, replace=True)

    assert not (tmp_path / "other").exists()


def _edit(backup: Path, old: str, new: str) -> None:
    path = backup / "manifest.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_file_and_its_manifest_line_changed_together_are_noticed(
    house: Installation, tmp_path: Path
) -> None:
    back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)
    (tmp_path / "backup" / "files" / "two").write_bytes(b"tow")
    old, new = (hashlib.sha256(data).hexdigest() for data in (b"two", b"tow"))
    _edit(tmp_path / "backup", old, new)

    verify(tmp_path / "backup")
    with pytest.raises(UnableToRestore, match="manifest or keys were changed"):
        restore(a_house(tmp_path / "other"), tmp_path / "backup", passphrase=PASSPHRASE, replace=True)


def test_a_backup_never_overwrites(house: Installation, tmp_path: Path) -> None:
    back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)
    before = content(tmp_path / "backup")

    with pytest.raises(UnableToBackUp, match="not empty"):
        back_up(house, tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)

    assert content(tmp_path / "backup") == before


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnableToCopy, match="no database"):
        back_up(a_house(tmp_path / "nowhere"), tmp_path / "backup", passphrase=PASSPHRASE, now=NOW)

    assert list(tmp_path.iterdir()) == []


def test_a_backup_without_keys_leaves_the_keys_here_alone(house: Installation, tmp_path: Path) -> None:
    made = back_up(house, tmp_path / "backup", passphrase=None, now=NOW)
    assert not made.has_keys

    restore(house, tmp_path / "backup", passphrase=None, replace=True)

    assert house.keys is not None
    assert sorted(content(house.keys)) == ["seal-k1.key", "secret"]


def test_a_backup_of_the_other_database_is_refused(house: Installation, tmp_path: Path) -> None:
    back_up(house, tmp_path / "backup", passphrase=None, now=NOW)
    elsewhere = Installation(PostgresDatabase("x", "", "127.0.0.1", "1", ""), tmp_path / "files", None)

    with pytest.raises(UnableToRestore, match="backup is of sqlite, this installation runs on postgresql"):
        restore(elsewhere, tmp_path / "backup", passphrase=None, replace=True)


def test_a_copy_taken_while_somebody_writes_is_one_moment(house: Installation, tmp_path: Path) -> None:
    assert isinstance(house.database, SqliteDatabase)
    path, stop = house.database.path, Event()

    def write_pairs() -> None:
        with closing(sqlite3.connect(path, timeout=20)) as rows:
            while not stop.is_set():
                rows.execute("INSERT INTO loan (fen) VALUES (10)")
                rows.execute("INSERT INTO loan (fen) VALUES (-10)")
                rows.commit()

    writer = Thread(target=write_pairs)
    writer.start()
    try:
        back_up(house, tmp_path / "backup", passphrase=None, now=NOW)
    finally:
        stop.set()
        writer.join(timeout=20)

    with closing(sqlite3.connect(tmp_path / "backup" / "database.sqlite3")) as rows:
        assert rows.execute("SELECT sum(fen) FROM loan").fetchone() == (6,)


def test_a_missing_client_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    house = Installation(PostgresDatabase("x", "", "127.0.0.1", "1", ""), tmp_path / "files", None)

    with pytest.raises(UnableToCopy, match="pg_dump is not installed: install the PostgreSQL client"):
        back_up(house, tmp_path / "backup", passphrase=None, now=NOW)

    assert list(tmp_path.iterdir()) == []


def test_the_database_is_the_one_of_the_settings() -> None:
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/x/cheqi.sqlite3"}
    postgres = {"ENGINE": "django.db.backends.postgresql", "NAME": "n", "USER": "u", "HOST": "h", "PORT": "1"}

    assert database_of(sqlite) == SqliteDatabase(Path("/x/cheqi.sqlite3"))
    assert database_of(postgres) == PostgresDatabase("n", "u", "h", "1", "")
    assert "secret" not in repr(database_of({**postgres, "PASSWORD": "secret"}))
