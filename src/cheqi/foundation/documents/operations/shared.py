"""What the operations share: a document held for writing, a finding as a row, an event in its case."""

from collections.abc import Iterable
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding
from cheqi.core.events.base import Event
from cheqi.core.events.documents import PhotographSeenBefore
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.sentences import finding
from cheqi.foundation.documents.similar import SeenBefore
from cheqi.foundation.documents.titles import slot_title
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


def finding_of_twin(twin: SeenBefore) -> Finding:
    """What a clerk is told of a photograph that another person's document shows too."""
    rule = f"documents.{'same' if twin.is_exact else 'similar'}_photograph_other_person"
    return finding(rule, document=twin.document_id, party=twin.party_id)


def event_of_twin(document: Document, twin: SeenBefore) -> PhotographSeenBefore:
    """The same for the log."""
    return PhotographSeenBefore(
        document_id=document.pk,
        title=slot_title(document.slot).zh,
        other_document_id=twin.document_id,
        other_party_id=twin.party_id,
        is_exact=twin.is_exact,
    )
