"""Wake-ups of cases: automatic operations, reminders and missed targets."""

from datetime import datetime, timedelta

from cheqi.foundation.jobs.registry import Wake, sweep, task
from cheqi.foundation.workflow import operations
from cheqi.foundation.workflow.operations.running import RING
from cheqi.foundation.workflow.operations.writing import RUN_STEP


@task(RUN_STEP)
def run_step(wake: Wake, *, now: datetime) -> datetime | None:
    """Runs the operation of a step; the key is case, step and round."""
    case_id, step, number = wake.key.split(":")
    operations.run_step(int(case_id), step, int(number), now=now)
    return None


@task(RING)
def ring(wake: Wake, *, now: datetime) -> datetime | None:
    """Sends what is due on the step row of that id."""
    operations.ring(int(wake.key), now=now)
    return None


@sweep("workflow.clocks", every=timedelta(seconds=20))
def ring_due(*, now: datetime) -> int:
    """Looks for reminders and targets that are due."""
    return operations.ring_due(now=now)
