"""What the application does when something has happened: it takes readings in, and tells people.

Two subscribers, because telling customers must not wait for telling colleagues. Backfilled history is
heard by neither.
"""

from datetime import datetime

from cheqi.areas.origination import notices
from cheqi.areas.origination.operations.documents import document_was_read
from cheqi.core.events.documents import DocumentRejected
from cheqi.core.events.estimates import EstimateMoved
from cheqi.core.events.lending import ApplicationSubmitted, PersonDeclined
from cheqi.core.events.process import (
    CaseClosed,
    EscalatedFurther,
    ReminderDue,
    StepAssigned,
    StepFinished,
    StepOpened,
    TargetBreached,
)
from cheqi.foundation.documents.registry import on_read
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.eventlog.subscribers import subscribe
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case

PROCESS = "application"

on_read(document_was_read)


@subscribe(
    "origination.customer_notices",
    ApplicationSubmitted,
    PersonDeclined,
    DocumentRejected,
    StepOpened,
    StepFinished,
    ReminderDue,
    TargetBreached,
    EstimateMoved,
    CaseClosed,
)
def tell_customer(logged: Logged, *, now: datetime) -> None:
    """Tells the customer what they would otherwise ask for."""
    case = _application_case(logged)
    if case is None:
        return
    cause = str(logged.id)
    match logged.event:
        case ApplicationSubmitted():
            notices.received(case, cause=cause, now=now)
        case DocumentRejected() as event:
            notices.document_rejected(case, event, cause=cause, now=now)
        case PersonDeclined() as event:
            notices.declined(case, event, cause=cause, now=now)
        case EstimateMoved() as event:
            notices.estimate_moved(case, event, cause=cause, now=now)
        case CaseClosed(status=status):
            _closed(case, status, cause=cause, now=now)
        case TargetBreached(step=step, round=number, tells_customer=True):
            notices.late(case, step, number, cause=cause, now=now)
        case StepOpened() | StepFinished() | ReminderDue():
            _moved(case, logged, cause=cause, now=now)


@subscribe("origination.staff_notices", StepOpened, StepAssigned, TargetBreached, EscalatedFurther)
def tell_staff(logged: Logged, *, now: datetime) -> None:
    """Tells colleagues what is theirs to do now."""
    case = _application_case(logged)
    if case is None:
        return
    cause = str(logged.id)
    match logged.event:
        case StepOpened(step=step, round=number, owner=owner, assigned=reason) if owner:
            row = _row(case, step, number)
            if row is not None and f"STAFF:{row.owner_id}" == owner and owner != _who(logged):
                notices.assigned(case, row, reason, cause=cause, now=now)
        case StepAssigned(step=step, round=number, owner=owner, reason=reason) if owner:
            row = _row(case, step, number)
            if row is not None and f"STAFF:{row.owner_id}" == owner and owner != _who(logged):
                notices.assigned(case, row, reason, cause=cause, now=now)
        case TargetBreached(step=step, round=number, escalated_to=roles) if roles:
            row = _row(case, step, number)
            if row is not None:
                notices.escalated(case, row, roles.split("、"), cause=cause, now=now)
        case EscalatedFurther(step=step, round=number, escalated_to=roles, level=level):
            row = _row(case, step, number)
            if row is not None:
                notices.escalated(case, row, roles.split("、"), level=level, cause=cause, now=now)
        case _:
            pass


def _moved(case: CaseRecord, logged: Logged, *, cause: str, now: datetime) -> None:
    match logged.event:
        case StepOpened(step=step, round=number):
            _opened(case, step, number, cause=cause, now=now)
        case StepFinished(step="countersign"):
            notices.contract_signed(case, cause=cause, now=now)
        case StepFinished(step="register_lien" as step, round=number):
            done = StepRow.objects.filter(case_id=case.id, key=step, round=number, outcome="registered")
            if done.exists():
                notices.lien_registered(case, cause=cause, now=now)
        case ReminderDue(step=step, round=number):
            if (row := _row(case, step, number)) is not None:
                notices.reminded(case, row, cause=cause, now=now)
        case _:
            pass


def _opened(case: CaseRecord, step: str, number: int, *, cause: str, now: datetime) -> None:
    if step == "prepare_contract" and number == 1:
        notices.approved(case, cause=cause, now=now)
        return
    if step in notices.OTHERS:
        if (row := _row(case, step, number)) is not None:
            notices.others_asked(case, row, cause=cause, now=now)
        return
    row = _row(case, step, number) if step in {notices.COLLECTS, notices.SIGNS} else None
    if row is not None and step == notices.COLLECTS:
        notices.materials_needed(case, row, template="material_needed", cause=cause, now=now)
    elif row is not None:
        notices.contract_ready(case, row, cause=cause, now=now)


def _closed(case: CaseRecord, status: str, *, cause: str, now: datetime) -> None:
    if status == "REFUSED":
        notices.refused(case, cause=cause, now=now)
    elif status == "DISBURSED":
        notices.disbursed(case, cause=cause, now=now)


def _application_case(logged: Logged) -> CaseRecord | None:
    """The case that the event is of, when it is one of an application."""
    loaded = load_case(logged.case_id) if logged.case_id is not None else None
    return loaded.record if loaded is not None and loaded.record.process == PROCESS else None


def _row(case: CaseRecord, step: str, number: int) -> StepRow | None:
    """The round while it is open: nobody is told of work that is over by now."""
    return StepRow.objects.filter(case_id=case.id, key=step, round=number, status="OPEN").first()


def _who(logged: Logged) -> str:
    """Who caused the event, as owners are written."""
    return f"{logged.actor_kind.value}:{logged.actor_id}"
