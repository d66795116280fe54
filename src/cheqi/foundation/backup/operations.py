"""Making a backup, and putting one back.

A backup appears whole under its name or not at all. A restore looks at everything first (manifest, every
hash, the passphrase, what is there already) and changes nothing when it refuses.
"""

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cheqi.foundation.backup import keybox, manifest
from cheqi.foundation.backup.databases import Database
from cheqi.foundation.backup.manifest import Manifest


class UnableToBackUp(RuntimeError):
    """The backup was not made; the message says why and what to do."""


class UnableToRestore(RuntimeError):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where rows, files and keys of an installation are; None for `keys` where there is no key folder."""

    database: Database
    files: Path
    keys: Path | None


def back_up(house: Installation, folder: Path, *, passphrase: str | None, now: datetime) -> Manifest:
    """A backup in a new folder; None for `passphrase` leaves the keys out.

    Raises UnableToBackUp where the folder has content already, UnableToCopy from the database's tools.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UnableToBackUp(f"{folder} is not empty: name a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        made = _fill(house, draft, passphrase, now)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return made


def verify(folder: Path) -> Manifest:
    """The manifest of a backup that is as it was made. Raises UnableToRestore that names every difference."""
    try:
        held = manifest.read(folder)
    except manifest.UnreadableManifest as error:
        raise UnableToRestore(str(error)) from error
    if found := manifest.problems(folder, held):
        raise UnableToRestore(f"the backup is not as it was made: {'; '.join(found[:20])}")
    return held


def restore(house: Installation, folder: Path, *, passphrase: str | None, replace: bool) -> Manifest:
    """Puts rows, files and keys back. The house must be closed: no web server, no worker.

    Raises UnableToRestore and changes nothing when the backup is not sound, is of another database, does
    not open, or (without `replace`) when there is something here already. A failure while putting back
    is raised as it is: the backup is untouched and the restore can be repeated with `replace`.
    """
    held = verify(folder)
    if held.database != house.database.kind:
        raise UnableToRestore(
            f"the backup is of {held.database}, this installation runs on {house.database.kind}: "
            "set CHEQI_DATABASE_URL accordingly"
        )
    keys = _opened_keys(house, folder, held, passphrase)
    if not replace and (there := _occupied(house)):
        raise UnableToRestore(
            f"there is already {', '.join(there)}: give --replace to put the backup in its place"
        )
    house.database.load(folder / house.database.file_name)
    _put_folder(folder / "files", house.files)
    if keys is not None and house.keys is not None:
        draft = house.keys.with_name(".keys.restoring")
        shutil.rmtree(draft, ignore_errors=True)
        keybox.write_folder(draft, keys)
        _swap(draft, house.keys)
    return held


def _fill(house: Installation, draft: Path, passphrase: str | None, now: datetime) -> Manifest:
    house.database.dump(draft / house.database.file_name)
    if house.files.is_dir():
        _copy_files(house.files, draft / "files")
    has_keys = passphrase is not None and house.keys is not None
    made = Manifest(
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        database=house.database.kind,
        has_keys=has_keys,
        entries=manifest.entries_of(draft),
    )
    content = made.as_bytes()
    (draft / manifest.NAME).write_bytes(content)
    if passphrase is not None and house.keys is not None:
        context = hashlib.sha256(content).digest()
        sealed = keybox.seal_folder(house.keys, passphrase=passphrase, context=context)
        (draft / manifest.KEYS).write_bytes(sealed)
    return made


def _copy_files(files: Path, target: Path) -> None:
    """Copies what rows may name: nothing half written, nothing set aside, also not between list and copy."""

    def copy(source: str, destination: str) -> None:
        with suppress(FileNotFoundError):  # set aside since the folder was listed: no row names it
            shutil.copy2(source, destination)

    ignored = shutil.ignore_patterns("*.part", ".aside")
    shutil.copytree(files, target, ignore=ignored, copy_function=copy)


def _opened_keys(
    house: Installation, folder: Path, held: Manifest, passphrase: str | None
) -> dict[str, bytes] | None:
    if not held.has_keys or house.keys is None:
        return None
    if passphrase is None:
        raise UnableToRestore("the backup holds keys: give its passphrase")
    context = hashlib.sha256((folder / manifest.NAME).read_bytes()).digest()
    try:
        sealed = (folder / manifest.KEYS).read_bytes()
        return keybox.open_folder(sealed, passphrase=passphrase, context=context)
    except keybox.UnableToOpenKeys as error:
        raise UnableToRestore(str(error)) from error


def _occupied(house: Installation) -> list[str]:
    """What a restore would replace. The signing secret alone, made by any start, is nothing."""
    there = ["a database with tables"] if house.database.is_occupied() else []
    if house.files.is_dir() and any(house.files.iterdir()):
        there.append("a file store with files")
    if house.keys is not None and any(house.keys.glob("seal-*.key")):
        there.append("a key folder with keys")
    return there


def _put_folder(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.restoring")
    shutil.rmtree(draft, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, draft)
    else:
        draft.mkdir(parents=True)
    _swap(draft, target)


def _swap(draft: Path, target: Path) -> None:
    """The draft takes the target's place; what was there is deleted afterwards."""
    old = target.with_name(f".{target.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    draft.rename(target)
    shutil.rmtree(old, ignore_errors=True)
