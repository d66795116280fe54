"""Files on a disk: written beside their place, synced, then renamed into it.

A reader therefore sees a whole file or none, a full disk leaves nothing behind, and `kill -9` leaves at
most a `.part` file that `sweep` removes. Keys are spread over two levels of folders (`ab/cd/abcd…`), so
that a million files do not share one. What was set aside lies in the same order below `.aside` and is moved
back by whoever asks for it; renaming is atomic, so nobody finds it in neither place twice.
"""

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cheqi.ports.file_store import StoreTrouble, UnableToOpen, UnableToStore, key_for

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_KEY = re.compile(r"[0-9a-f]{64}")
_PART = ".part"
_ASIDE = ".aside"


class DiskFileStore:
    """Answers `ports.file_store.FileStore` from a folder that only we can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the bytes once; see the port for what it guarantees."""
        key = key_for(content)
        path = self._path(key)
        try:
            if not (_touch(path) or (self._bring_back(key) and _touch(path))):
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _write_whole(path, content)
        except OSError as problem:
            trouble = StoreTrouble.FULL if problem.errno in _FULL else StoreTrouble.UNREACHABLE
            raise UnableToStore(trouble, str(problem)) from problem
        return key

    def open(self, key: str) -> bytes:
        """The bytes, checked against their key: a flipped bit on the disk is not handed on."""
        path = self._path(key)
        try:
            content = path.read_bytes() if path.exists() or self._bring_back(key) else None
        except OSError as problem:
            raise UnableToOpen(StoreTrouble.UNREACHABLE, key) from problem
        if content is None:
            raise UnableToOpen(StoreTrouble.MISSING, key)
        if key_for(content) != key:
            raise UnableToOpen(StoreTrouble.DAMAGED, key)
        return content

    def exists(self, key: str) -> bool:
        """Whether a file is kept, in its place or set aside."""
        return self._path(key).exists() or self._path_aside(key).exists()

    def delete(self, key: str) -> None:
        """Removes the file wherever it is."""
        self._path(key).unlink(missing_ok=True)
        self._path_aside(key).unlink(missing_ok=True)

    def kept(self, prefix: str) -> Mapping[str, float]:
        """The files in place whose keys begin so, with when they were last put (epoch seconds)."""
        return _listed(self._folder, prefix)

    def aside(self, prefix: str) -> Mapping[str, float]:
        """The files set aside whose keys begin so, with when that was (epoch seconds)."""
        return _listed(self._folder / _ASIDE, prefix)

    def set_aside(self, key: str, now_s: float) -> None:
        """Moves the file out of its place; whoever puts or opens it moves it back."""
        place = self._path_aside(key)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            self._path(key).rename(place)
            os.utime(place, (now_s, now_s))

    def sweep(self, older_than_s: float, now_s: float) -> int:
        """Removes what a killed process left half written, and says how many; times in epoch seconds."""
        removed = 0
        for part in self._folder.glob(f"*/*/*{_PART}"):
            with contextlib.suppress(FileNotFoundError):
                if now_s - part.stat().st_mtime > older_than_s:
                    part.unlink()
                    removed += 1
        return removed

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a file key: {key!r}")
        return self._folder / key[:2] / key[2:4] / key

    def _path_aside(self, key: str) -> Path:
        return self._folder / _ASIDE / self._path(key).relative_to(self._folder)

    def _bring_back(self, key: str) -> bool:
        """Moves a file that was set aside into its place; whether it is there now."""
        path = self._path(key)
        with contextlib.suppress(FileNotFoundError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path_aside(key).rename(path)
        return path.exists()


def _touch(path: Path) -> bool:
    """Marks the file as put just now, when it is there."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _listed(folder: Path, prefix: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for path in folder.glob(f"{prefix[:2]}/*/*"):
        if _KEY.fullmatch(path.name) and path.name.startswith(prefix):
            with contextlib.suppress(FileNotFoundError):
                found[path.name] = path.stat().st_mtime
    return found


def _write_whole(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=_PART)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
