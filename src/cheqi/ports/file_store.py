"""Where bytes are kept: a disk today, an object store later.

A key is made of the content (`sha256`), so putting the same bytes twice keeps them once, and a file is
never changed after it is there:

>>> key_for(b"")
'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class StoreTrouble(StrEnum):
    """What kept the store from answering, as far as it can be told."""

    FULL = "FULL"
    MISSING = "MISSING"
    DAMAGED = "DAMAGED"
    UNREACHABLE = "UNREACHABLE"


class UnableToStore(Exception):
    """The bytes were not kept, and nothing half written is left."""

    def __init__(self, trouble: StoreTrouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble


class UnableToOpen(Exception):
    """The bytes cannot be had: they are missing, damaged or out of reach."""

    def __init__(self, trouble: StoreTrouble, key: str) -> None:
        super().__init__(f"{trouble}: {key}")
        self.trouble = trouble


class FileStore(Protocol):
    """Keeps whole files by the hash of their content."""

    def put(self, content: bytes) -> str:
        """Keeps the bytes and returns their key; once this returns they survive a power cut.

        Raises UnableToStore, and then no part of them is kept.
        """
        ...

    def open(self, key: str) -> bytes:
        """The bytes under a key, checked against it. Raises UnableToOpen."""
        ...

    def exists(self, key: str) -> bool:
        """Whether something is kept under the key."""
        ...

    def delete(self, key: str) -> None:
        """Forgets the bytes, also where they were set aside; a key that is not there is no error."""
        ...

    def kept(self, prefix: str) -> Mapping[str, float]:
        """The keys that begin with two hexadecimal digits, each with when it was last put (epoch seconds)."""
        ...

    def aside(self, prefix: str) -> Mapping[str, float]:
        """Those that were set aside, each with when that was (epoch seconds)."""
        ...

    def set_aside(self, key: str, now_s: float) -> None:
        """Takes the bytes out of the way without forgetting them; putting or opening brings them back."""
        ...

    def sweep(self, older_than_s: float, now_s: float) -> int:
        """Removes what a killed process left half written so long ago (seconds); says how many."""
        ...


def key_for(content: bytes) -> str:
    """The key of some bytes: their SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()
