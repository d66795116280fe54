"""Keys from two variables, for installations whose secret store fills the environment.

`CHEQI_KEYS=k2:BASE64,k1:BASE64` (the first is current) and `CHEQI_INDEX_KEY=BASE64`, 32 bytes each.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Self

from cheqi.ports.keys import KEY_BYTES, Key, UnableToAddKey, UnableToFindKey


class EnvironmentKeys:
    """A `KeyProvider` over values that were given once, at the start of the process."""

    def __init__(self, keys: tuple[Key, ...], index_root: bytes) -> None:
        if not keys or len({key.id for key in keys}) != len(keys):
            raise ValueError("CHEQI_KEYS names at least one key and none twice")
        if len(index_root) != KEY_BYTES:
            raise ValueError(f"CHEQI_INDEX_KEY has {len(index_root)} bytes instead of {KEY_BYTES}")
        self._keys = {key.id: key for key in reversed(keys)}
        self._index_root = index_root

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Reads both variables. Raises ValueError that names the variable, never its value."""
        pairs = [pair.partition(":") for pair in environment.get("CHEQI_KEYS", "").split(",") if pair]
        keys = tuple(Key(key_id.strip(), _decoded("CHEQI_KEYS", text)) for key_id, _, text in pairs)
        return cls(keys, _decoded("CHEQI_INDEX_KEY", environment.get("CHEQI_INDEX_KEY", "")))

    def current(self) -> Key:
        """The first key of CHEQI_KEYS."""
        return self._keys[next(reversed(self._keys))]

    def get(self, key_id: str) -> Key:
        """The key with this id. Raises UnableToFindKey."""
        if key_id not in self._keys:
            raise UnableToFindKey(f"CHEQI_KEYS does not hold the key {key_id}")
        return self._keys[key_id]

    def ids(self) -> tuple[str, ...]:
        """Key ids, oldest first."""
        return tuple(self._keys)

    def index_root(self) -> bytes:
        """CHEQI_INDEX_KEY."""
        return self._index_root

    def add(self) -> Key:
        """Refuses: the secret store makes keys."""
        raise UnableToAddKey(
            "put a new key first into CHEQI_KEYS, keep the old ones behind it, and start again"
        )


def _decoded(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise ValueError(f"{name} is not base64") from None
