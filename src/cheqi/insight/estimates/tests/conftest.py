"""The world of the workflow tests, with a history of reviews."""

import pytest

from cheqi.foundation.workflow.tests.packs import World


@pytest.fixture
def world(db: None) -> World:
    """Two branches, six colleagues, a customer, one published process."""
    return World()
