"""A real worker process on a real database: it can be killed at any moment, and it stops when asked.

The wake-ups are written by this process, the worker is another one; both look at the same database, which
is made for the test: a file, or a database of the PostgreSQL server.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.core.events.jobs import WakeupRedriven
from cheqi.foundation.eventlog.models import Checkpoint
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.jobs.models import Wakeup, WorkerRow
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.jobs.tests.examples import marks, register

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONGEST_S = 60.0


def real_now() -> datetime:
    """The worker lives in real time, so its test does too."""
    return datetime.now(UTC)


def until(happened: Callable[[], bool]) -> None:
    """Returns as soon as it happened; fails when it does not happen in time."""
    ticker = threading.Event()
    for _ in range(int(LONGEST_S / 0.05)):
        if happened():
            return
        ticker.wait(0.05)
    pytest.fail("it did not happen in time")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A database that another process can open too: SQLite's test database in memory is moved to a file."""
    settings = connection.settings_dict
    if connection.vendor == "postgresql":
        yield f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, settings["NAME"]
    path = tmp_path / "worker.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        in_memory.backup(file)
    connection.connection, settings["NAME"] = None, str(path)
    yield f"sqlite:///{path}"
    connection.close()
    connection.connection, settings["NAME"] = in_memory, name


@pytest.fixture
def start(address: str) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts worker processes on the database of this test."""
    register()
    environment = {**os.environ, "CHEQI_DATABASE_URL": address}
    started: list[subprocess.Popen[bytes]] = []

    def run(threads: int = 2) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "cheqi.foundation.jobs.tests.run_worker", str(threads)]
        started.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


Start = Callable[..., subprocess.Popen[bytes]]


def states() -> dict[str, str]:
    return dict(Wakeup.objects.values_list("key", "state"))


@pytest.mark.parametrize("task", ["example.light", "example.heavy"])
def test_a_worker_killed_in_the_middle_of_a_task_loses_nothing_and_nothing_is_done_twice(
    start: Start, tmp_path: Path, task: str
) -> None:
    data = {"folder": str(tmp_path), "hang": True}
    wake(task, "17", now=real_now(), data=data)
    first = start()
    until(lambda: marks(tmp_path, "17") == ["started"])
    for key in ("18", "19"):
        wake(task, key, now=real_now(), data={"folder": str(tmp_path)})
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert states()["17"] == "RUNNING"

    second = start()
    until(lambda: set(states().values()) == {"DONE"})
    assert marks(tmp_path, "17") == ["started", "started", "done"]
    assert marks(tmp_path, "18") == marks(tmp_path, "19") == ["started", "done"]
    assert Wakeup.objects.get(key="17").attempts == 2
    second.terminate()
    assert second.wait(LONGEST_S) == 0


def test_a_crash_of_the_child_counts_as_an_attempt_and_the_worker_lives_on(
    start: Start, tmp_path: Path
) -> None:
    data = {"folder": str(tmp_path)}
    wake("example.crash", "1", now=real_now(), data=data)
    worker = start(threads=0)
    until(lambda: states() == {"1": "DEAD"})
    row = Wakeup.objects.get()
    assert (row.attempts, marks(tmp_path, "1")) == (2, ["started", "started"])
    assert "子进程异常结束（状态 -6）" in row.last_error
    wake("example.heavy", "2", now=real_now(), data=data)
    until(lambda: states()["2"] == "DONE")
    worker.terminate()
    assert worker.wait(LONGEST_S) == 0


def test_a_worker_that_is_told_to_stop_says_goodbye(start: Start) -> None:
    worker = start()
    until(WorkerRow.objects.exists)
    assert WorkerRow.objects.get().stopped_at is None
    worker.terminate()
    assert worker.wait(LONGEST_S) == 0
    assert WorkerRow.objects.get().stopped_at is not None


def test_a_running_worker_seals_what_is_committed(start: Start) -> None:
    worker = start()
    until(WorkerRow.objects.exists)
    with transaction.atomic():
        record(WakeupRedriven(wakeup_id=1, task="example", key="1"), actor=SYSTEM, now=real_now())
    until(Checkpoint.objects.exists)
    assert Checkpoint.objects.get().tree_size == 1
    worker.terminate()
    assert worker.wait(LONGEST_S) == 0


def test_workers_that_claim_at_once_share_the_work_and_run_nothing_twice(
    start: Start, tmp_path: Path
) -> None:
    for key in range(60):
        wake("example.light", str(key), now=real_now(), data={"folder": str(tmp_path)})
    workers = [start(), start()]
    until(lambda: set(states().values()) == {"DONE"})
    assert {len(marks(tmp_path, str(key))) for key in range(60)} == {2}
    assert set(Wakeup.objects.values_list("attempts", flat=True)) == {1}
    for worker in workers:
        worker.terminate()
        assert worker.wait(LONGEST_S) == 0
