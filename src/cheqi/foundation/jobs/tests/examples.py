"""Tasks that only tests wake: they leave marks in a folder, as an outside system would remember them."""

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from cheqi.foundation.jobs.registry import HEAVY, TASKS, Backoff, Wake, task

QUICK = Backoff(timedelta(milliseconds=10), timedelta(milliseconds=10))


def mark(wake: Wake, what: str) -> None:
    """Appends a line to the folder's file named after the key."""
    with (Path(wake.data["folder"]) / wake.key).open("a") as file:
        file.write(f"{what}\n")


def marks(folder: Path, key: str) -> list[str]:
    """What was marked for a key."""
    path = folder / key
    return path.read_text().split() if path.exists() else []


def write_once(wake: Wake, *, now: datetime) -> None:
    """An outside effect that is idempotent by key: a second time finds it done."""
    done = Path(wake.data["folder"]) / f"{wake.key}.done"
    mark(wake, "started")
    if wake.attempt == 1 and wake.data.get("hang"):
        time.sleep(60)
    try:
        os.close(os.open(done, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    mark(wake, "done")


def crash(wake: Wake, *, now: datetime) -> None:
    """Ends its process as a segmentation fault would."""
    mark(wake, "started")
    os.abort()


def refuse(wake: Wake, *, now: datetime) -> None:
    """Fails with a sentence."""
    raise ValueError("the picture has no edges")


def ask_again(wake: Wake, *, now: datetime) -> datetime:
    """Wants to be woken an hour later."""
    sys.stdout.write("a task may print\n")
    return now + timedelta(hours=1)


def register() -> None:
    """Makes the tasks known, once."""
    if "example.light" in TASKS:
        return
    short = timedelta(seconds=4)
    task("example.light", backoff=QUICK, lease=short)(write_once)
    task("example.heavy", backoff=QUICK, lease=short, queue=HEAVY)(write_once)
    task("example.crash", backoff=QUICK, max_attempts=2, queue=HEAVY)(crash)
    task("example.refuse", backoff=QUICK, max_attempts=2, queue=HEAVY)(refuse)
    task("example.ask_again", queue=HEAVY)(ask_again)


register()
