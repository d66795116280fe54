"""What every test shares: the data folder, the database lane, no real clock or network."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data, or a skip that says how to get it."""
    given = os.environ.get("CHEQI_DATA")
    path = Path(given) if given else Path(__file__).parent.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("no real data here: set CHEQI_DATA to the folder that holds it")
    return path
