"""Running one claimed wake-up, in this thread, and telling how it went.

`drain` runs everything that is due at a moment: what tests, the demo and one-shot commands need.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime

from cheqi.foundation.jobs.operations.claiming import Claim, claim, fail, finish
from cheqi.foundation.jobs.registry import DEFAULT, HEAVY, TASKS, Wake

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def run_here(wake: Wake, now: datetime) -> datetime | None:
    """Calls the task's function."""
    return TASKS[wake.task].function(wake, now=now)


def run_claim(
    held: Claim,
    *,
    clock: Clock,
    jitter: Callable[[], float],
    call: Callable[[Wake, datetime], datetime | None] = run_here,
) -> bool:
    """Runs a claim to its end, good or bad. False when the lease was lost meanwhile and nobody listens."""
    try:
        again_at = call(held.wake, clock())
    except Exception as problem:
        logger.warning(
            "%s %s failed (attempt %s)", held.wake.task, held.wake.key, held.wake.attempt, exc_info=True
        )
        kept = fail(held, now=clock(), error=told(problem), jitter=jitter())
    else:
        kept = finish(held, now=clock(), again_at=again_at)
    if not kept:
        logger.warning("%s %s outlived its lease; its end is ignored", held.wake.task, held.wake.key)
    return kept


def told(problem: BaseException) -> str:
    """An exception in words a person can read: what it says, and where it was raised."""
    frames = traceback.extract_tb(problem.__traceback__)
    where = (
        f" ({frames[-1].name}, {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno})"
        if frames
        else ""
    )
    return f"{type(problem).__name__}: {problem}{where}"


def drain(now: datetime, *, queues: Sequence[str] = (DEFAULT, HEAVY), limit: int = 10_000) -> int:
    """Runs all that is due at `now`, and what that wakes at `now`, in this thread. Returns how many ran."""
    ran = 0
    while ran < limit and (held := claim(owner="drain", queues=queues, limit=20, now=now)):
        for each in held:
            run_claim(each, clock=lambda: now, jitter=lambda: 0.0)
        ran += len(held)
    return ran
