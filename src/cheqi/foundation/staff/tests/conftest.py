"""Quick password hashes for every test of staff."""

from collections.abc import Iterator

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2, but cheap."""
    with override_settings(PASSWORD_HASHERS=["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]):
        yield
