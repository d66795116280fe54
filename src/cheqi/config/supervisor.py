"""Runs the processes of an installation side by side and ends them together, within three seconds.

Each child lives in its own session, so Ctrl-C reaches the supervisor alone. It asks the first child (the web
server, so that nobody is accepted who would not be served), a second later at most all the others, and kills
what is left of each group when the three seconds are over: what is killed loses nothing.
A child that dies by itself is started again after a pause that doubles up to ten seconds; one that cannot
stay up for three starts in a row ends the whole with its name, so that a broken installation does not look
like a slow one.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

END_WITHIN_SECONDS = 3.0
FIRST_ALONE_SECONDS = 1.0
SHORT_LIFE_SECONDS = 5
MAX_SHORT_LIVES = 3


@dataclass(slots=True)
class Child:
    """One process of the installation, as a command line of this interpreter."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    short_lives: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)


def start(child: Child) -> None:
    """Starts the child in a session of its own."""
    child.process = subprocess.Popen(
        [sys.executable, *child.arguments], start_new_session=True, stdin=subprocess.DEVNULL
    )


def end(children: Sequence[Child]) -> None:
    """Asks the first to finish, then the others at once, and kills what does not do so in time."""
    deadline = time.monotonic() + END_WITHIN_SECONDS
    for child in children[:1]:
        ask(child)
        wait(child, FIRST_ALONE_SECONDS)
    for child in children[1:]:
        ask(child)
    for child in children:
        wait(child, deadline - time.monotonic())
        clear(child)


def ask(child: Child) -> None:
    """Asks the child to finish what it has in hand and go."""
    if child.process is not None and child.process.poll() is None:
        child.process.terminate()


def wait(child: Child, seconds: float) -> None:
    """Waits that long for the child to go."""
    if child.process is not None:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, seconds))


def clear(child: Child) -> None:
    """Kills the child if it is still there, and every process that it started and left behind."""
    if child.process is not None:
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def supervise(children: Sequence[Child], stop: threading.Event) -> int:
    """Keeps the children up until `stop` is set; 0 then, 1 when one of them could not stay up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    ages = dict.fromkeys((child.name for child in children), 0.0)
    for child in children:
        start(child)
    failed = ""
    while not stop.wait(0.5) and not failed:
        for child in children:
            ages[child.name] += 0.5
            if child.process is not None and child.process.poll() is not None:
                failed = failed or restart(child, ages[child.name], stop)
                ages[child.name] = 0.0
    end(children)
    if failed:
        sys.stderr.write(f"cheqi: {failed} could not stay up; its message is above.\n")
    return 1 if failed else 0


def restart(child: Child, age_seconds: float, stop: threading.Event) -> str:
    """Starts a dead child again after a pause; its name when it has died young too often."""
    child.short_lives = child.short_lives + 1 if age_seconds < SHORT_LIFE_SECONDS else 0
    if child.short_lives >= MAX_SHORT_LIVES:
        return child.name
    clear(child)
    if not stop.wait(min(10.0, 0.5 * 2**child.short_lives)):
        start(child)
    return ""
