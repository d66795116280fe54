"""The sweeps that keep wake-ups themselves in order."""

import random
from datetime import datetime, timedelta

from cheqi.foundation.jobs.operations.claiming import release_expired
from cheqi.foundation.jobs.operations.keeping import forget_successes
from cheqi.foundation.jobs.registry import sweep


@sweep("jobs.release_expired", every=timedelta(seconds=5))
def return_lost_leases(*, now: datetime) -> int:
    """Wake-ups whose worker vanished wait again, one attempt poorer."""
    return release_expired(now=now, jitter=random.random())  # noqa: S311 (spreads retries, keeps no secret)


@sweep("jobs.forget_successes", every=timedelta(hours=1))
def forget(*, now: datetime) -> int:
    """Old successes are deleted."""
    return forget_successes(now=now)
