"""Wake-ups of messages, and the sweeper that finds what lost its own."""

import random
from datetime import datetime, timedelta

from cheqi.foundation.exchanges.registry import on_push
from cheqi.foundation.jobs.registry import Wake, sweep, task
from cheqi.foundation.messages import operations
from cheqi.foundation.messages.operations.planning import TASK

on_push("sms")(operations.take_report)


@task(TASK, max_attempts=20, lease=timedelta(minutes=3))
def drive(wake: Wake, *, now: datetime) -> datetime | None:
    """One step of one message."""
    return operations.drive(int(wake.key), now=now, jitter=random.random())  # noqa: S311 (spreads retries)


@sweep("messages.wake_forgotten", every=timedelta(minutes=1))
def wake_forgotten(*, now: datetime) -> int:
    """Live messages without a wake-up get one."""
    return operations.wake_forgotten(now=now)
