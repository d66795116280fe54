"""Wake-ups: reading a document in a child process of the worker, and finding those that were forgotten."""

from datetime import datetime, timedelta

from cheqi.foundation.documents import operations
from cheqi.foundation.jobs.registry import HEAVY, Wake, sweep, task

MAX_ATTEMPTS = 4


@task("documents.read", max_attempts=MAX_ATTEMPTS, lease=timedelta(minutes=3), queue=HEAVY)
def read(wake: Wake, *, now: datetime) -> None:
    """Reads the document named by the key; after the last failed attempt a clerk gets it."""
    try:
        operations.read_document(int(wake.key), now=now)
    except Exception:
        if wake.attempt >= MAX_ATTEMPTS:
            operations.give_up(int(wake.key), now=now)
        raise


@sweep("documents.forgotten", every=timedelta(minutes=5))
def wake_forgotten(*, now: datetime) -> int:
    """Wakes documents that wait too long, and hands those that still do to a clerk."""
    return operations.wake_forgotten(now=now)
