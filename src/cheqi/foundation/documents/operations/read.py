"""Has a document read: begin, recognise outside of any transaction, write down what it says.

Three parts, so that `kill -9` at any moment is harmless: before the last part nothing is written but the
state READING, from which reading begins anew; the last part is one transaction. Reading again with the same
recogniser changes nothing, and what a clerk settled or decided is never overwritten.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cheqi import ports
from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import Finding
from cheqi.core.documents.boxes import Page
from cheqi.core.documents.reading import FieldReading, Reading, Verdict, of_kinds
from cheqi.core.documents.reading import read as read_pages
from cheqi.core.events.documents import DocumentRead, DocumentUnreadable
from cheqi.foundation.documents.choices import DECIDED, UNREAD, DocumentState, FieldVerdict
from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.documents.operations.shared import as_rows, event_of_twin, finding_of_twin, log
from cheqi.foundation.documents.registry import expected_kinds, tell_read
from cheqi.foundation.documents.sentences import finding
from cheqi.foundation.documents.similar import look_alike
from cheqi.foundation.documents.titles import slot_title
from cheqi.ports.file_store import FileStore
from cheqi.ports.ocr import Ocr, UnableToRead


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What reading came to: the reading, or why there is none."""

    reading: Reading | None
    objections: tuple[Finding, ...] = ()


def read_document(document_id: int, *, now: datetime) -> Document | None:
    """Reads a document that waits to be read; None when there is nothing to do.

    Raises UnableToOpen when its pages cannot be had, and whatever the recogniser raises.
    """
    ocr = ports.get(Ocr)
    version = model_version(ocr)
    if not _begin(document_id, version):
        return None
    outcome = _recognise(document_id, ocr, now)
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=document_id)
        if document.state != DocumentState.READING:
            return None  # somebody else finished, or a clerk decided, while we read
        _write(document, outcome, version, now)
    return document


def give_up(document_id: int, *, now: datetime) -> None:
    """Hands a document that cannot be read by machine to a clerk, so that its case never waits for ever."""
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(pk=document_id, state__in=UNREAD).first()
        if document is not None:
            _write(document, _Outcome(None, (finding("documents.read_failed"),)), "none", now)


def model_version(ocr: Ocr) -> str:
    """The name that a recogniser gives itself, else its class."""
    return str(getattr(ocr, "version", type(ocr).__name__))[:60]


def _begin(document_id: int, version: str) -> bool:
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(pk=document_id).first()
        if document is None or document.state in DECIDED:
            return False
        if document.state not in UNREAD and document.model_version == version:
            return False
        document.state = DocumentState.READING
        document.save(update_fields=["state"])
    return True


def _recognise(document_id: int, ocr: Ocr, now: datetime) -> _Outcome:
    store = ports.get(FileStore)
    document = Document.objects.get(pk=document_id)
    keys = document.pages.order_by("number").values_list("file_key", flat=True)
    try:
        pages: list[Page] = [ocr.read(store.open(key))[0] for key in keys]
    except UnableToRead as problem:
        return _Outcome(None, (Finding(f"documents.ocr.{problem.reason.lower()}", problem.message),))
    if not any(page.boxes for page in pages):
        return _Outcome(None, (finding("documents.no_text"),))
    pages = list(of_kinds(pages, expected_kinds(document.slot)))
    return _Outcome(read_pages(pages, today=now.astimezone(timezone.get_current_timezone()).date()))


def _write(document: Document, outcome: _Outcome, version: str, now: datetime) -> None:
    document.kind = outcome.reading.kind if outcome.reading else ""
    document.model_version, document.read_at = version, now
    if outcome.reading is not None:
        _write_fields(document, outcome.reading.fields, version)
    objections = [*outcome.objections, *_kind_objections(document, outcome.reading)]
    document.findings = [*_seen_before(document, now), *as_rows(objections)]
    document.state = _state(outcome.reading, has_findings=bool(document.findings))
    document.save(update_fields=["findings", "kind", "model_version", "read_at", "state"])
    log(document, _event(document, outcome), SYSTEM, now)
    tell_read(document, now)


def _seen_before(document: Document, now: datetime) -> list[dict[str, object]]:
    """The finding that another person's document shows this photograph; logged when it is new."""
    told = [row for row in document.findings if row["rule"] == "documents.same_photograph_other_person"]
    twin = None if told else look_alike(document)
    if twin is None:
        return told
    found = as_rows([finding_of_twin(twin)])
    if found[0] not in document.findings:
        log(document, event_of_twin(document, twin), SYSTEM, now)
    return found


def _kind_objections(document: Document, reading: Reading | None) -> list[Finding]:
    expected = expected_kinds(document.slot)
    if reading is None or not expected or reading.kind in expected:
        return []
    wanted = ",".join(sorted(expected))
    return [finding("documents.wrong_kind", found=reading.kind.value, expected=wanted)]


def _state(reading: Reading | None, *, has_findings: bool) -> DocumentState:
    if reading is None:
        return DocumentState.UNREADABLE
    if has_findings or reading.verdict is Verdict.CLERK:
        return DocumentState.NEEDS_CLERK
    return DocumentState.READ


def _write_fields(document: Document, fields: Sequence[FieldReading], version: str) -> None:
    """New readings in place of old ones; what a clerk settled stays."""
    document.fields.exclude(verdict=FieldVerdict.SETTLED).delete()
    settled = set(document.fields.values_list("name", flat=True))
    for each in fields:
        if each.key in settled:
            continue
        candidates = [one.value for one in each.candidates]
        FieldValue.objects.create(
            document=document,
            name=each.key,
            page=each.page + 1,
            value=each.value,
            confidence_permille=round(each.confidence * 1000),
            polygon=[[round(x), round(y)] for x, y in each.polygon],
            verdict=FieldVerdict(each.verdict.value),
            why=as_rows(each.why),
            candidates=json.dumps(candidates, ensure_ascii=False) if candidates else "",
            model_version=version,
        )


def _event(document: Document, outcome: _Outcome) -> DocumentRead | DocumentUnreadable:
    title = slot_title(document.slot).zh
    if outcome.reading is None:
        reason = outcome.objections[0].rule
        return DocumentUnreadable(document_id=document.pk, slot=document.slot, title=title, reason=reason)
    accepted = sum(each.verdict is Verdict.ACCEPTED for each in outcome.reading.fields)
    return DocumentRead(
        document_id=document.pk,
        slot=document.slot,
        title=title,
        kind=outcome.reading.kind.value,
        state=document.state,
        accepted=accepted,
        for_clerk=len(outcome.reading.fields) - accepted,
        model=document.model_version,
    )
