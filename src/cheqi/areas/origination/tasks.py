"""Wake-ups of the application."""

from datetime import datetime

from cheqi.areas.origination.operations.documents import REMIND
from cheqi.areas.origination.reminders import remind_of_refused
from cheqi.foundation.jobs.registry import Wake, task


@task(REMIND)
def remind(wake: Wake, *, now: datetime) -> datetime | None:
    """Reminds the customer of a refused document; the key is the step row of the check."""
    return remind_of_refused(int(wake.key), now=now)
