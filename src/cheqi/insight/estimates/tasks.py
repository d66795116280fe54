"""What the worker does for estimates: replace ranges before they lie in the past, learn what is new."""

from datetime import datetime, timedelta

from cheqi.foundation.jobs.registry import sweep
from cheqi.insight.estimates import operations


@sweep("estimates.passing", every=timedelta(seconds=60))
def replace_passing(*, now: datetime) -> int:
    """Replaces ranges that are about to pass."""
    return operations.refresh_passing(now=now)


@sweep("estimates.learn", every=timedelta(minutes=15))
def learn_again(*, now: datetime) -> int:
    """Computes the history of every step again."""
    return operations.learn_all(now=now)
