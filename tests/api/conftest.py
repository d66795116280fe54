"""A lender that exists, and nobody's rate or key kept from another test."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from cheqi.demo.lender import DemoLender, found_lender
from cheqi.foundation.access.queries import forget_kept_keys
from cheqi.foundation.access.rates import Buckets
from cheqi.web.api import door, hot


@pytest.fixture(autouse=True)
def _fresh_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget_kept_keys()
    monkeypatch.setattr(door, "BUCKETS", Buckets())
    yield
    forget_kept_keys()


@pytest.fixture
def lender(db: None) -> DemoLender:
    """The demo lender, founded now."""
    return found_lender(timezone.now())


@pytest.fixture
def connections_stay(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Requests by WSGI itself leave the test's connection open, as Django's test client does."""
    monkeypatch.setattr(hot, "close_old_connections", lambda: None)
    keep_connections()
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def keep_connections() -> None:
    """The end of a request closes no connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
