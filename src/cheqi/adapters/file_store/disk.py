"""Files on a disk: written beside their place, synced, then renamed into it.

A reader therefore sees a whole file or none, a full disk leaves nothing behind, and `kill -9` leaves at
most a `.part` file that `sweep` removes. Keys are spread over two levels of folders (`ab/cd/abcd…`), so
that a million files do not share one.
"""

import contextlib
import errno
import os
import re
import tempfile
from pathlib import Path

from cheqi.ports.file_store import StoreTrouble, UnableToOpen, UnableToStore, key_for

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_KEY = re.compile(r"[0-9a-f]{64}")
_PART = ".part"


class DiskFileStore:
    """Answers `ports.file_store.FileStore` from a folder that only we can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the bytes once; see the port for what it guarantees."""
        key = key_for(content)
        path = self._path(key)
        if path.exists():
            return key
        try:
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
            content = path.read_bytes()
        except FileNotFoundError as problem:
            raise UnableToOpen(StoreTrouble.MISSING, key) from problem
        except OSError as problem:
            raise UnableToOpen(StoreTrouble.UNREACHABLE, key) from problem
        if key_for(content) != key:
            raise UnableToOpen(StoreTrouble.DAMAGED, key)
        return content

    def exists(self, key: str) -> bool:
        """Whether a file is in its place."""
        return self._path(key).exists()

    def delete(self, key: str) -> None:
        """Removes the file when it is there."""
        self._path(key).unlink(missing_ok=True)

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
