"""A child process that runs one heavy task after another for its lane of the worker.

The two talk in lines of JSON over pipes. A child that dies, or is silent for longer than the task's lease,
is an error of that attempt and is replaced; after 200 tasks it is replaced anyway, so leaks stay small. When
the worker stops, a task has 1.5 s to finish; then it is given back, which counts as no attempt.
"""

import json
import selectors
import subprocess
import sys
import threading
from datetime import datetime
from typing import Any

from cheqi.foundation.jobs.registry import TASKS, Wake

MAX_TASKS = 200
LOOK_FOR_STOP_S = 0.5
GRACE_S = 1.5
START_S = 120.0


class UnableToFinish(Exception):
    """The child process ended, or did not answer in time."""


class TaskFailed(Exception):
    """The task itself failed inside of the child; the message is its error in words."""


class Stopping(BaseException):
    """The worker is stopping and the task was interrupted: it is given back, not counted as a failure."""


class ChildRunner:
    """Owns one child at a time; made at first use. Not shared between threads."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._process: subprocess.Popen[bytes] | None = None
        self._tasks = 0

    def call(self, wake: Wake, now: datetime) -> datetime | None:
        """Runs a task in the child. Raises UnableToFinish, TaskFailed and Stopping."""
        definition = TASKS[wake.task]
        question = {
            "module": definition.module,
            "task": wake.task,
            "key": wake.key,
            "data": wake.data,
            "attempt": wake.attempt,
            "now": now.isoformat(),
        }
        answer = self._ask(json.dumps(question), definition.lease.total_seconds())
        self._tasks += 1
        if self._tasks >= MAX_TASKS:
            self.close()
        if error := answer.get("error"):
            raise TaskFailed(error)
        return datetime.fromisoformat(answer["again_at"]) if answer.get("again_at") else None

    def get_ready(self) -> None:
        """Has a child that is up, so that its start is not counted against a lease. Raises UnableToFinish."""
        self._child()

    def close(self) -> None:
        """Ends the child; one that is idle goes by itself when its pipe closes."""
        if self._process is None:
            return
        process, self._process, self._tasks = self._process, None, 0
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def _ask(self, question: str, patience_s: float) -> dict[str, Any]:
        process = self._child()
        if process.stdin is None or process.stdout is None:
            raise AssertionError("a child has pipes")
        try:
            process.stdin.write(question.encode() + b"\n")
            process.stdin.flush()
            line = self._wait_for_line(process, patience_s)
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            process.kill()
            status = process.wait()
            self.close()
            raise UnableToFinish(
                f"子进程异常结束（状态 {status}） · the child process ended with status {status}"
            )
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _wait_for_line(self, process: subprocess.Popen[bytes], patience_s: float) -> bytes:
        stopping_s = 0.0
        waited_s = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            while not selector.select(LOOK_FOR_STOP_S):
                waited_s += LOOK_FOR_STOP_S
                stopping_s += LOOK_FOR_STOP_S if self._stop.is_set() else 0.0
                if stopping_s >= GRACE_S:
                    process.kill()
                    self.close()
                    raise Stopping
                if waited_s >= patience_s:
                    process.kill()
                    self.close()
                    raise UnableToFinish(
                        f"{patience_s:.0f} 秒内没有完成 · not finished within {patience_s:.0f} s"
                    )
        return process.stdout.readline() if process.stdout else b""

    def _child(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cheqi.foundation.jobs.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        if not self._wait_for_line(self._process, START_S).endswith(b"\n"):
            raise UnableToFinish("子进程没有启动 · the child process did not start")
        return self._process
