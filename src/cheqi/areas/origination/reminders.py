"""Reminders of a document that was refused while the rest is being checked.

The clock of the check is ours and stands still while the customer has the ball, so its own reminders would
never ring. What counts is the time since the ball went to the customer, and when to remind and until when
says the step that collects documents, in the case's own version of the process: refused on Monday at 10:00
with `remind: [1d, 2d]` and `target: 3d`, it is said again on Tuesday and on Wednesday, with Thursday as the
day by which it should be here. The replaced document ends it; another refusal begins anew.
"""

from datetime import datetime

from cheqi.areas.origination import notices
from cheqi.areas.origination.operations.documents import CHECKS_THEM, TAKES_UPLOADS
from cheqi.core.process.definition import Ball
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.models import ClockInterval
from cheqi.foundation.workflow.store import load_case


def remind_of_refused(step_id: int, *, now: datetime) -> datetime | None:
    """Reminds where it is time to and gives when to look again; None when there is nothing to wait for.

    After a long standstill only the latest reminder that is due is sent, and each one once.
    """
    waiting = ClockInterval.objects.select_related("step").filter(
        step_id=step_id,
        step__key=CHECKS_THEM,
        step__status="OPEN",
        step__ball=Ball.CUSTOMER.value,
        ended_at__isnull=True,
    )
    since = waiting.first()
    loaded = load_case(since.step.case_id) if since else None
    if since is None or loaded is None or not loaded.record.state.is_open:
        return None
    case = loaded.record
    hours, asked = calendar(case.definition.calendar), case.definition.by_key[TAKES_UPLOADS]
    moments = [hours.deadline(since.started_at, after) for after in asked.remind]
    due = [place for place, at in enumerate(moments) if at <= now]
    if due:
        until_at = hours.deadline(since.started_at, asked.target)
        notices.refused_still(case, until_at, cause=f"refused:{since.pk}:{due[-1]}", now=now)
    return min((at for at in moments if at > now), default=None)
