"""What the worker does for the log: seal, deliver, and deliver again."""

from datetime import datetime, timedelta

from cheqi.foundation.eventlog.operations.delivering import DELIVER_AGAIN, deliver, deliver_again
from cheqi.foundation.eventlog.operations.sealing import seal
from cheqi.foundation.jobs.registry import Wake, pulse, task


@pulse("eventlog.seal", every=timedelta(seconds=1))
def seal_new(*, now: datetime) -> int:
    """Seals what was committed."""
    return seal(now).events


@pulse("eventlog.deliver", every=timedelta(seconds=0.5))
def tell_subscribers(*, now: datetime) -> int:
    """Tells subscribers of what was sealed."""
    return deliver(now)


@task(DELIVER_AGAIN)
def retry(wake: Wake, *, now: datetime) -> None:
    """Tells a subscriber of an event that it failed on; the key is `subscriber:event id`."""
    name, _, event_id = wake.key.rpartition(":")
    deliver_again(name, int(event_id), now)
