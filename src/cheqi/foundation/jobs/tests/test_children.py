"""A heavy task runs in a child: its answer, its error and its death all come back as such."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cheqi.foundation.jobs.children import ChildRunner, TaskFailed, UnableToFinish
from cheqi.foundation.jobs.registry import Wake
from cheqi.foundation.jobs.tests.examples import marks, register

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.slow


@pytest.fixture
def runner() -> Iterator[ChildRunner]:
    register()
    made = ChildRunner(threading.Event())
    yield made
    made.close()


def test_one_child_answers_fails_dies_and_is_replaced(runner: ChildRunner, tmp_path: Path) -> None:
    data = {"folder": str(tmp_path)}
    assert runner.call(Wake("example.ask_again", "1", data), NOW) == NOW + timedelta(hours=1)
    with pytest.raises(TaskFailed, match="ValueError: the picture has no edges"):
        runner.call(Wake("example.refuse", "2", data), NOW)
    with pytest.raises(UnableToFinish, match="ended with status -6"):
        runner.call(Wake("example.crash", "3", data), NOW)
    assert marks(tmp_path, "3") == ["started"]
    assert runner.call(Wake("example.heavy", "4", data), NOW) is None
    assert marks(tmp_path, "4") == ["started", "done"]


def test_a_silent_child_is_ended_with_the_lease(runner: ChildRunner, tmp_path: Path) -> None:
    with pytest.raises(UnableToFinish, match="not finished within 4 s"):
        runner.call(Wake("example.heavy", "5", {"folder": str(tmp_path), "hang": True}), NOW)
    assert not (tmp_path / "5.done").exists()
