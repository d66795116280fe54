"""From what happens to a case to what is promised of it. Doing it again with the same event changes nothing.

One subscriber for all five events, so that they are heard in the order of the log.
"""

from datetime import datetime

from cheqi.core.events.process import BallPassed, CaseClosed, StepFinished, StepOpened, StepSuperseded
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.eventlog.subscribers import subscribe
from cheqi.insight.estimates import operations


@subscribe("estimates.promises", StepOpened, BallPassed, StepFinished, StepSuperseded, CaseClosed)
def follow_case(logged: Logged, *, now: datetime) -> None:
    """Promises for what opened or moved on, judges what was finished, ends what is over."""
    case_id = logged.case_id
    if case_id is None:
        return
    match logged.event:
        case StepOpened(step=step, round=number) | BallPassed(step=step, round=number):
            operations.refresh_round(case_id=case_id, step=step, round=number, now=now)
        case StepFinished(step=step, round=number):
            operations.decide(case_id=case_id, step=step, round=number, now=now)
        case StepSuperseded(step=step, round=number):
            operations.set_aside(case_id=case_id, step=step, round=number, now=now)
        case CaseClosed():
            operations.close_case(case_id=case_id, now=now)
