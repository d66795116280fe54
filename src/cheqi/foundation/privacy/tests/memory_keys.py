"""Keys that live in a test only: the same name gives the same keys every time."""

import hashlib

from cheqi.ports.keys import Key, UnableToFindKey


class MemoryKeys:
    """A `KeyProvider` without files."""

    def __init__(self, installation: str = "here") -> None:
        self._installation = installation
        self._keys: dict[str, Key] = {}
        self.add()

    def current(self) -> Key:
        """The key that was added last."""
        return self._keys[next(reversed(self._keys))]

    def get(self, key_id: str) -> Key:
        """Raises UnableToFindKey."""
        if key_id not in self._keys:
            raise UnableToFindKey(key_id)
        return self._keys[key_id]

    def ids(self) -> tuple[str, ...]:
        """Oldest first."""
        return tuple(self._keys)

    def index_root(self) -> bytes:
        """Its own for each installation."""
        return self._material("index")

    def add(self) -> Key:
        """k1, k2, …"""
        key_id = f"k{len(self._keys) + 1}"
        self._keys[key_id] = Key(key_id, self._material(key_id))
        return self._keys[key_id]

    def _material(self, name: str) -> bytes:
        return hashlib.sha256(f"{self._installation} {name}".encode()).digest()
