"""Tells webhooks what happened to cases, in the names that partners know.

| event of the log                      | type                |
|---------------------------------------|---------------------|
| process.case_opened                   | case.opened         |
| process.step_opened                   | case.moved          |
| process.case_closed                   | case.closed         |
| documents.rejected                    | document.rejected   |
| lending.loan_disbursed                | loan.disbursed      |

A delivery names the case and what changed, and nothing personal: who wants more asks with the key.
"""

from datetime import UTC, datetime
from typing import Any

from cheqi.core.events.base import Event
from cheqi.core.events.documents import DocumentRejected
from cheqi.core.events.lending import LoanDisbursed
from cheqi.core.events.process import CaseClosed, CaseOpened, StepOpened
from cheqi.foundation.access.operations import tell
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.eventlog.subscribers import subscribe
from cheqi.foundation.workflow.models import Case


@subscribe("api.webhooks", CaseOpened, StepOpened, CaseClosed, DocumentRejected, LoanDisbursed)
def tell_partners(logged: Logged, *, now: datetime) -> None:
    """Writes the deliveries of one event; the event's id makes each of them once."""
    case = Case.objects.filter(pk=logged.case_id or 0).values_list("number", "branch_id").first()
    if case is None or case[1] is None:
        return
    name, data = said(logged.event)
    body = {
        "type": name,
        "id": str(logged.id),
        "occurred_at": logged.occurred_at.astimezone(UTC).isoformat(),
        "data": {"number": case[0], **data},
    }
    tell(name, body, branch_id=case[1], key=f"event:{logged.id}", now=now, case_id=logged.case_id)


def said(event: Event) -> tuple[str, dict[str, Any]]:
    """The partner's name of an event, and what it says. Raises TypeError for one that is not told."""
    match event:
        case CaseOpened():
            return "case.opened", {"process": event.process}
        case StepOpened():
            due_at = event.due_at.astimezone(UTC).isoformat() if event.due_at else None
            return "case.moved", {
                "step": event.step,
                "round": event.round,
                "ball": event.ball,
                "due_at": due_at,
            }
        case CaseClosed():
            return "case.closed", {"status": event.status}
        case DocumentRejected():
            return "document.rejected", {
                "document_id": event.document_id,
                "slot": event.slot,
                "reason_code": event.reason_code,
                "reason": event.reason,
            }
        case LoanDisbursed():
            return "loan.disbursed", {
                "loan": event.number,
                "principal_fen": event.principal_fen,
                "first_due_date": event.first_due_date.isoformat(),
            }
        case _:
            raise TypeError(f"{event.TYPE} is not told to partners")
