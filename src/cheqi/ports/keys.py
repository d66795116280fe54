"""Where keys come from: files or the environment today, a key service tomorrow.

Two kinds, never mixed. **Sealing keys** encrypt; there is one current key for new values and any number of
old ones that still open what they sealed, so rotation can take its time. The **index root** only derives
the keys of blind indexes and stays when sealing keys rotate: an exact search must keep finding old rows.

Example: `keys = ports.get(KeyProvider); keys.get(keys.current().id) == keys.current()`.
"""

from dataclasses import dataclass, field
from typing import Protocol

KEY_BYTES = 32


class UnableToFindKey(LookupError):
    """A key id that the provider does not hold: the value was sealed elsewhere, or a key was lost."""


class UnableToAddKey(RuntimeError):
    """This provider cannot make keys itself; its message says who can and how."""


@dataclass(frozen=True, slots=True)
class Key:
    """A sealing key. The material never shows in a log: it is left out of the representation."""

    id: str
    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.material) != KEY_BYTES:
            raise ValueError(f"key {self.id} has {len(self.material)} bytes instead of {KEY_BYTES}")
        if not self.id.isalnum():
            raise ValueError(f"a key id is letters and digits only, not {self.id!r}")


class KeyProvider(Protocol):
    """Gives keys by id. Implementations are safe to call from several threads and processes."""

    def current(self) -> Key:
        """The key that seals new values."""
        ...

    def get(self, key_id: str) -> Key:
        """The key with this id, current or old. Raises UnableToFindKey."""
        ...

    def ids(self) -> tuple[str, ...]:
        """All key ids, oldest first; the last one is the current key's."""
        ...

    def index_root(self) -> bytes:
        """32 bytes from which the keys of blind indexes are derived. Never changes."""
        ...

    def add(self) -> Key:
        """Makes a new key and makes it current. Raises UnableToAddKey where keys are made elsewhere."""
        ...
