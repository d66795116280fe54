"""Keys as files of the home: `seal-k1.key`, `seal-k2.key`, … and `index.key`, readable by the owner only.

The highest number is current. A file is written under a temporary name and then linked to its own, so two
processes that start together agree on one key, and a crash never leaves half a key.
"""

import os
import re
import secrets
from pathlib import Path

from cheqi.ports.keys import KEY_BYTES, Key, UnableToFindKey

_NAME = re.compile(r"seal-k(\d+)\.key")


class FileKeys:
    """A `KeyProvider` over one folder; notices keys that another process added."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen_ns = -1
        self._keys: dict[str, Key] = {}
        self._index_root = b""

    def current(self) -> Key:
        """The key with the highest number; makes the first one where there is none."""
        keys = self._read()
        return keys[next(reversed(keys))] if keys else self.add()

    def get(self, key_id: str) -> Key:
        """The key with this id. Raises UnableToFindKey."""
        key = self._keys.get(key_id) or self._read().get(key_id)
        if key is None:
            raise UnableToFindKey(f"no file holds the key {key_id}: restore it from a backup")
        return key

    def ids(self) -> tuple[str, ...]:
        """Key ids, oldest first."""
        return tuple(self._read())

    def index_root(self) -> bytes:
        """The root of the blind indexes, made once."""
        if not self._index_root:
            path = self._folder / "index.key"
            if not path.exists():
                self._write(path, secrets.token_bytes(KEY_BYTES))
            self._index_root = bytes.fromhex(path.read_text())
        return self._index_root

    def add(self) -> Key:
        """The next number becomes current; where somebody else was faster, theirs does."""
        last = next(reversed(self._read()), "k0")
        key_id = f"k{int(last[1:]) + 1}"
        self._write(self._folder / f"seal-{key_id}.key", secrets.token_bytes(KEY_BYTES))
        self._seen_ns = -1
        return self._read()[key_id]

    def _read(self) -> dict[str, Key]:
        """All keys in order; read again only when the folder changed."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        changed_ns = self._folder.stat().st_mtime_ns
        if changed_ns != self._seen_ns:
            found = {
                int(match[1]): path
                for path in self._folder.iterdir()
                if (match := _NAME.fullmatch(path.name))
            }
            self._keys = {f"k{n}": Key(f"k{n}", bytes.fromhex(found[n].read_text())) for n in sorted(found)}
            self._seen_ns = changed_ns
        return self._keys

    def _write(self, path: Path, material: bytes) -> None:
        """Writes the whole file or nothing; keeps what is already there."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(material.hex())
                file.flush()
                os.fsync(file.fileno())
            if not path.exists():
                os.link(draft, path)
        except FileExistsError:
            return
        finally:
            draft.unlink()
