"""Wake-ups of exchanges. A worker drives the row; the sweeper finds what lost its wake-up."""

import random
from datetime import datetime, timedelta

from cheqi.foundation.exchanges import operations
from cheqi.foundation.exchanges.operations.asking import TASK
from cheqi.foundation.jobs.registry import Wake, sweep, task


@task(TASK, max_attempts=20, lease=timedelta(minutes=3))
def drive(wake: Wake, *, now: datetime) -> datetime | None:
    """One step of one exchange."""
    return operations.drive(int(wake.key), now=now, jitter=random.random())  # noqa: S311 (spreads retries)


@sweep("exchanges.wake_forgotten", every=timedelta(minutes=1))
def wake_forgotten(*, now: datetime) -> int:
    """Live exchanges without a wake-up get one."""
    return operations.wake_forgotten(now=now)
