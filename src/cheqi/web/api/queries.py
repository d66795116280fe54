"""What the API reads that no other page reads: cases by number and in pages, documents, webhooks."""

from dataclasses import dataclass
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.state import OPEN
from cheqi.foundation.access.models import ApiClient, WebhookDelivery, WebhookEndpoint
from cheqi.foundation.documents.models import Document
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.web.api.errors import of_refusal

NO_CASE = refuse(RefusalKind.NOT_FOUND, "workflow.case", Text("没有找到这个案件", "There is no such case"))
NO_DOCUMENT = refuse(
    RefusalKind.NOT_FOUND, "documents.not_found", Text("没有找到这份资料", "There is no such document")
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of a list."""

    id: int
    number: str
    process: str
    status: str
    branch_id: int | None
    opened_at: datetime
    closed_at: datetime | None


def case_id_of(number: str, actor: Actor, *, process: str = "") -> int:
    """The id of a case that the actor may see. Raises Problem (404) for any other number."""
    rows = visible(Case.objects.filter(number=number.strip().upper()), actor)
    rows = rows.filter(process=process) if process else rows
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise of_refusal(NO_CASE)
    return int(found)


def case_at(number: str, steps: str | tuple[str, ...], actor: Actor) -> int:
    """The id of an application's case while a step of it is open, or one of several.

    Raises Problem: 404 as `case_id_of`, 409 while none of them is open.
    """
    case_id = case_id_of(number, actor, process="application")
    wanted = (steps,) if isinstance(steps, str) else steps
    if not StepRow.objects.filter(case_id=case_id, key__in=wanted, status=OPEN).exists():
        message = Text(
            "这一步现在不能办理，请先查看案件进度", "This step is not open now: look at the case first"
        )
        raise of_refusal(refuse(RefusalKind.NOT_NOW, "api.step_not_open", message, step=wanted[0]))
    return case_id


def cases(actor: Actor, *, process: str, status: str, before: int, limit: int) -> list[CaseLine]:
    """Cases with an id below `before`, newest first, at most `limit`."""
    wanted = {"process": process, "status": status}
    rows = visible(Case.objects.filter(pk__lt=before), actor)
    rows = rows.filter(**{name: value for name, value in wanted.items() if value}).order_by("-pk")
    names = ("pk", "number", "process", "status", "branch_id", "opened_at", "closed_at")
    return [CaseLine(*row) for row in rows.values_list(*names)[:limit]]


def case_of_document(document_id: int, actor: Actor) -> int:
    """The case of a document that the actor may see. Raises Problem (404)."""
    rows = visible(Document.objects.filter(pk=document_id), actor, case="case_id")
    found = rows.values_list("case_id", flat=True).first()
    if found is None:
        raise of_refusal(NO_DOCUMENT)
    return int(found)


def client_of(actor: Actor) -> ApiClient:
    """The client's own row."""
    return ApiClient.objects.get(public_id=actor.id)


def endpoints(actor: Actor) -> list[WebhookEndpoint]:
    """The client's endpoints, oldest first."""
    return list(WebhookEndpoint.objects.filter(client__public_id=actor.id).order_by("pk"))


def endpoint(endpoint_id: int, actor: Actor) -> WebhookEndpoint:
    """One endpoint of the client. Raises Problem (404)."""
    found = WebhookEndpoint.objects.filter(pk=endpoint_id, client__public_id=actor.id).first()
    if found is None:
        raise of_refusal(_no_endpoint())
    return found


def deliveries(endpoint_id: int, actor: Actor, *, before: int, limit: int) -> list[WebhookDelivery]:
    """What went to an endpoint of the client, newest first."""
    rows = WebhookDelivery.objects.filter(
        endpoint_id=endpoint_id, endpoint__client__public_id=actor.id, pk__lt=before
    )
    return list(rows.order_by("-pk")[:limit])


def _no_endpoint() -> Refused:
    message = Text("没有找到这个回调地址", "There is no such endpoint")
    return refuse(RefusalKind.NOT_FOUND, "access.webhook", message)


def customer_of_case(case_id: int, actor: Actor) -> int | None:
    """The party whose case it is, where the actor may see the case."""
    return visible(Case.objects.filter(pk=case_id), actor).values_list("party_id", flat=True).first()
