"""The hooks of access are answered by a small town; kept API keys are forgotten between tests."""

from collections.abc import Iterator

import pytest

from cheqi import ports
from cheqi.foundation.access.hooks import CaseDirectory, CodeSender, PartyDirectory
from cheqi.foundation.access.queries import forget_kept_keys
from cheqi.foundation.access.tests.scenarios import Cases, Directory, Outbox, Town


@pytest.fixture
def town() -> Iterator[Town]:
    """Parties, cases and an outbox."""
    town = Town()
    with (
        ports.bound(PartyDirectory, Directory(town)),
        ports.bound(CaseDirectory, Cases(town)),
        ports.bound(CodeSender, Outbox(town)),
    ):
        yield town


@pytest.fixture(autouse=True)
def no_kept_keys() -> None:
    """Every test looks keys up anew."""
    forget_kept_keys()
