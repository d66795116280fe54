"""Processes of the product that a test starts, kills without warning, and starts again.

Example: `with household(tmp_path, outside) as home: worker = home.worker(now)`; `kill(worker)` takes
the worker and its children at one stroke, as `kill -9` and a power cut do.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from cheqi.adapters.wire.tests.running import SECRET, Running
from tests.outside.separate import shared_database

Process = subprocess.Popen[bytes]


@dataclass
class Household:
    """A database, files and keys that several processes share."""

    environment: dict[str, str]
    log: Path
    started: list[Process] = field(default_factory=list)

    def run(self, *arguments: str, **more: str) -> Process:
        """Starts a process in a group of its own; what it says goes to the log."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env=self.environment | more,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_the_test,  # noqa: PLW1509 (no threads hold locks it needs)
            )
        self.started.append(process)
        return process

    def worker(self, at: datetime) -> Process:
        """A worker whose clock begins then."""
        return self.run("-m", "tests.faults.worker_at", at.isoformat())


@contextmanager
def household(folder: Path, outside: dict[str, Running]) -> Iterator[Household]:
    """This process and those it starts share everything, until the block ends. Needs `transactional_db`."""
    (folder / "keys").symlink_to(settings.CHEQI_HOME / "keys")
    addresses = {
        "CHEQI_CREDIT_BUREAU_URL": outside["bureau"].url,
        "CHEQI_VEHICLE_REGISTRY_URL": outside["registry"].url,
        "CHEQI_PAYMENTS_URL": outside["bank"].url,
        "CHEQI_PARTNER_SECRET": SECRET,
    }
    if "sms" in outside:
        addresses["CHEQI_SMS_URL"] = outside["sms"].url
    with shared_database(folder) as environment:
        home = Household(environment | addresses, folder / "processes.log")
        try:
            yield home
        finally:
            for process in home.started:
                kill(process)


def kill(process: Process) -> None:
    """kill -9 to the process and all its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def _die_with_the_test() -> None:
    """A test run that is itself killed leaves no process behind (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def ended(process: Process) -> int:
    """Asks it to stop; its exit status once it has."""
    process.terminate()
    return process.wait(30)
