"""The web server of the benchmark: started as `cheqi run` starts it, watched, and ended by its process id."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_UP_WITHIN_SECONDS, _ENDS_WITHIN_SECONDS = 60, 5
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """`with Server(environment, workers=2, threads=None) as server:`"""

    def __init__(self, environment: dict[str, str], *, workers: int, threads: int | None) -> None:
        self._environment, self._workers, self._threads = environment, workers, threads
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        command = [sys.executable, "-m", "cheqi.config.serving"]
        command += ["--port", str(self.port), "--workers", str(self._workers)]
        command += ["--threads", str(self._threads)] if self._threads else []
        self._process = subprocess.Popen(command, env=self._environment)
        deadline = time.monotonic() + _UP_WITHIN_SECONDS
        while not _listens(self.port):
            if time.monotonic() > deadline or self._process.poll() is not None:
                self.__exit__()
                raise RuntimeError("the web server did not come up")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        family = _family(self._process.pid)
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDS_WITHIN_SECONDS)
        self._process.kill()
        self._process.wait()
        for pid in family[1:]:  # a worker whose parent was killed would stay
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def cpu_seconds(self) -> float:
        """What the server and its workers have computed so far, user and system."""
        assert self._process is not None, "the server runs"
        return sum(_cpu_seconds(pid) for pid in _family(self._process.pid))


def _family(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        found += [int(child) for child in children.read_text().split()] if children.exists() else []
    return found


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
