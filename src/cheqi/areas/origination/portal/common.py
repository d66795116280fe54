"""What the customer's pages share: who asks, which case, where the code of an act waits.

A case that is not the customer's is the same as a missing one (404). The challenge of a one-time code stays
in the browser's session, under the act it is for; the code itself only in the message.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest

from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.operations.codes import CodeRequested
from cheqi.foundation.workflow.queries import progress_by_number
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.ui.requests import actor_of, moment_of

PROCESS = "application"
RESEND_AFTER = timedelta(seconds=60)


def customer_of(request: HttpRequest) -> Actor:
    """The customer behind the gate."""
    actor = actor_of(request)
    if actor is None:
        raise Http404
    return actor


def case_of(request: HttpRequest, number: str) -> CaseRecord:
    """The application with this number, as the customer may see it. Raises Http404."""
    actor = customer_of(request)
    answer = progress_by_number(number.upper(), actor)
    case = case_for(answer.case_id, actor) if answer else None
    if case is None or isinstance(case, Refused) or case.process != PROCESS:
        raise Http404
    return case


def not_now(zh: str, en: str) -> Refused:
    """The refusal of a page whose step is not open (any more)."""
    return refuse(RefusalKind.NOT_NOW, "application.not_now", Text(zh, en))


def local_of(request: HttpRequest) -> datetime:
    """The moment on the lender's clock."""
    return moment_of(request).astimezone(ZoneInfo(settings.TIME_ZONE))


def remember_code(request: HttpRequest, act: str, requested: CodeRequested) -> None:
    """Keeps the challenge for the code that is on its way."""
    kept = {"challenge": str(requested.challenge), "asked_at": moment_of(request).isoformat()}
    request.session[act] = kept


def pending_code(request: HttpRequest, act: str) -> UUID | None:
    """The challenge of an act, when a code was asked for."""
    kept = request.session.get(act)
    return UUID(kept["challenge"]) if kept else None


def resend_in(request: HttpRequest, act: str) -> int:
    """Seconds until another code may be asked for."""
    kept = request.session.get(act)
    if not kept:
        return 0
    waited = moment_of(request) - datetime.fromisoformat(kept["asked_at"])
    return max(0, int((RESEND_AFTER - waited).total_seconds()))
