"""Wake-ups of access: codes and webhooks going out, and tidying."""

from datetime import datetime, timedelta

from cheqi.foundation.access.operations import (
    deliver,
    forget_old,
    forget_old_codes,
    forget_old_keys,
    hand_over,
)
from cheqi.foundation.jobs.registry import Wake, sweep, task
from cheqi.foundation.staff.operations import forget_old_api_sessions


@task("access.hand_over_code", max_attempts=6)
def hand_over_code(wake: Wake, *, now: datetime) -> datetime | None:
    """Sends one code; a failure is tried again while the code lives."""
    hand_over(int(wake.key), now=now)
    return None


@task("access.deliver_webhooks", lease=timedelta(minutes=5))
def deliver_webhooks(wake: Wake, *, now: datetime) -> datetime | None:
    """Sends what waits for one endpoint and case, in order.

    The lease covers the slowest case, 20 posts of 13 seconds, so no second worker overtakes this one.
    """
    return deliver(wake.key, now=now)


@sweep("access.tidy", every=timedelta(hours=1))
def tidy(*, now: datetime) -> int:
    """Deletes what counts no longer: throttles, dead codes, old answers, old sessions of programs."""
    return forget_old(now) + forget_old_codes(now) + forget_old_keys(now) + forget_old_api_sessions(now)
