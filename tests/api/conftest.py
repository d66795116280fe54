"""A lender that exists, and nobody's rate or key kept from another test."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.utils import timezone

from cheqi.demo.lender import DemoLender, found_lender
from cheqi.foundation.access.queries import forget_kept_keys
from cheqi.foundation.access.rates import Buckets
from cheqi.web.api import door


@pytest.fixture(autouse=True)
def _fresh_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget_kept_keys()
    monkeypatch.setattr(door, "BUCKETS", Buckets())
    yield
    forget_kept_keys()


@pytest.fixture
def lender(db: None) -> DemoLender:
    """The demo lender, founded now; nobody logs in here, so passwords are hashed fast."""
    with override_settings(PASSWORD_HASHERS=["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]):
        return found_lender(timezone.now())
