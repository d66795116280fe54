"""The scenarios' clock, Chinese, and a member to log in with."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from cheqi.foundation.staff.models import Member
from cheqi.foundation.staff.tests.scenarios import NOW, a_branch, a_member


@pytest.fixture(autouse=True)
def _the_scenarios_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The edge reads one clock; here it stands at the moment of the scenarios."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def reviewer(db: None) -> Member:
    """A reviewer of one branch, without a second factor yet."""
    return a_member("chenjing", "reviewer", at=a_branch("HZ"))
