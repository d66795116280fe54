"""Keys of their own for every test of the books."""

from collections.abc import Iterator

import pytest

from cheqi import ports
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider


@pytest.fixture(autouse=True)
def keys() -> Iterator[MemoryKeys]:
    """A fresh set of keys answers the port."""
    provider = MemoryKeys()
    with ports.bound(KeyProvider, provider):
        yield provider
