"""What the operations share: a document held for writing, a finding as a row, an event in its case."""

from collections.abc import Iterable
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding
from cheqi.core.events.base import Event
from cheqi.foundation.documents.models import Document
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.scopes import visible


def held(document_id: int, actor: Actor) -> Document | None:
    """The document, locked until the transaction ends, if the actor may see it."""
    seen = visible(Document.objects.filter(pk=document_id), actor, case="case_id").values_list(
        "pk", flat=True
    )
    pk = seen.first()
    return Document.objects.select_for_update().filter(pk=pk).first() if pk else None


def as_rows(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Findings as they are stored beside a document or a field."""
    return [
        {
            "rule": each.rule,
            "field": each.field,
            "zh": each.message.zh,
            "en": each.message.en,
            "data": dict(each.data),
        }
        for each in findings
    ]


def log(document: Document, event: Event, actor: Actor, now: datetime) -> None:
    """Logs an event of the document's case."""
    record(event, actor=actor, now=now, case_id=document.case_id, party_id=document.party_id)
