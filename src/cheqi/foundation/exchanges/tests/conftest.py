"""A bank, keys, and handlers of the test's own."""

from collections.abc import Iterator

import pytest

from cheqi import ports
from cheqi.foundation.exchanges.registry import CORRECTIONS, HANDLERS
from cheqi.foundation.exchanges.tests.fakes import FakeBank
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider
from cheqi.ports.payments import PaymentGateway


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    with ports.bound(KeyProvider, MemoryKeys()):
        yield


@pytest.fixture
def bank() -> Iterator[FakeBank]:
    fake = FakeBank()
    with ports.bound(PaymentGateway, fake):
        yield fake


@pytest.fixture(autouse=True)
def _no_handlers() -> Iterator[None]:
    before = dict(HANDLERS), dict(CORRECTIONS)
    HANDLERS.clear()
    CORRECTIONS.clear()
    yield
    for registry, kept in zip((HANDLERS, CORRECTIONS), before, strict=True):
        registry.clear()
        registry.update(kept)
