"""What every test shares: the data folder, quick passwords and the database lane."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import settings as hypothesis_settings
from tests.emptying import empty_instead_of_flush
from tests.migrated import copy_what_was_migrated

# A busy machine is no finding: a slow example is not a failing one.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

empty_instead_of_flush()

# Imports and collected tests stay; at the usual threshold, looking through them took a twentieth of the time.
gc.set_threshold(200_000, 50, 1000)

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Every test hashes with the product's code at the least cost; founding a lender hashes fifteen."""
    with override_settings(PASSWORD_HASHERS=["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, pytestconfig: pytest.Config
) -> None:
    """Before pytest-django makes the test database: what was migrated once is copied."""
    copy_what_was_migrated(pytestconfig.cache.mkdir("migrated"))  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data, or a skip that says how to get it."""
    given = os.environ.get("CHEQI_DATA")
    path = Path(given) if given else Path(__file__).parent.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("no real data here: set CHEQI_DATA to the folder that holds it")
    return path


def pytest_collection_finish() -> None:
    """Collected tests stay to the end: nobody looks through them for garbage again."""
    gc.collect()
    gc.freeze()


def touches_database(item: pytest.Item) -> bool:
    """Whether a test uses the database of its lane."""
    fixtures: set[str] = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the PostgreSQL lane only the tests that touch the database are worth running again."""
    if not os.environ.get("CHEQI_DATABASE_URL", "").startswith("postgres"):
        return
    elsewhere = [item for item in items if not touches_database(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if touches_database(item)]
