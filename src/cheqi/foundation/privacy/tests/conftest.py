"""Keys of its own for every test."""

from collections.abc import Iterator

import pytest

from cheqi import ports
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider


@pytest.fixture
def keys() -> Iterator[MemoryKeys]:
    """A fresh set of keys answers the port."""
    provider = MemoryKeys()
    with ports.bound(KeyProvider, provider):
        yield provider
