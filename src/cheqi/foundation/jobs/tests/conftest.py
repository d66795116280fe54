"""Tests register their own tasks; what they add is taken back."""

from collections.abc import Iterator

import pytest

from cheqi.foundation.jobs import registry


@pytest.fixture(autouse=True)
def _own_registries() -> Iterator[None]:
    kept = [(each, dict(each)) for each in (registry.TASKS, registry.SWEEPS, registry.PULSES)]
    yield
    for each, before in kept:
        each.clear()
        each.update(before)  # type: ignore[arg-type]
