"""What pages may see of documents: lists, one document, pictures and crops; each within the actor's scope,
pictures to whom `originals` opens them.

A document that somebody may not see is the same as a missing one: None.
"""

import hashlib
import io
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from PIL import Image

from cheqi import ports
from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.documents.models import Document, DocumentPage, FieldValue
from cheqi.foundation.documents.pictures import as_jpeg
from cheqi.foundation.documents.titles import slot_title
from cheqi.foundation.originals import Originals, Sight, originals_of
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.ports.file_store import FileStore

TABLE = Document._meta.db_table
_CROP_MARGIN = 0.35
_CROP_LEAST_PIXELS = 24


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to serve: it never changes under its etag, so a browser may keep it."""

    content: bytes
    etag: str
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as it was stored: the rule, its sentence, the figures behind it."""

    rule: str
    message: Text
    data: dict[str, str]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document of a list."""

    id: int
    case_id: int
    party_id: int
    slot: str
    title: Text
    state: str
    kind: str
    pages: int
    findings: tuple[Note, ...]
    reason_code: str
    note: str
    received_at: datetime
    decided_by: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as a clerk sees it, with what else it may read and where it stands on the page."""

    id: int
    name: str
    page: int
    value: str
    confidence_permille: int
    polygon: tuple[tuple[float, float], ...]
    verdict: str
    why: tuple[Note, ...]
    candidates: tuple[str, ...]
    settled_by: str


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page and its size in pixels, which polygons refer to."""

    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its fields and pages."""

    document: DocumentRow
    fields: tuple[FieldRow, ...]
    pages: tuple[PageRow, ...]


def documents_of(case_id: int, actor: Actor) -> tuple[DocumentRow, ...]:
    """The case's documents that the actor may see, oldest first. One statement."""
    return tuple(_row(each) for each in _visible(actor).filter(case_id=case_id).order_by("id"))


def fields_read(
    document_ids: Collection[int], names: Collection[str], actor: Actor
) -> dict[int, tuple[FieldRow, ...]]:
    """What was read in some fields of documents that the actor may see, by document. One statement."""
    seen = _visible(actor).filter(pk__in=document_ids)
    rows = FieldValue.objects.filter(document__in=seen, name__in=names).order_by("document_id", "page", "id")
    found: dict[int, tuple[FieldRow, ...]] = {}
    for row in rows:
        found[row.document_id] = (*found.get(row.document_id, ()), _field(row))
    return found


def document_view(document_id: int, actor: Actor) -> DocumentView | None:
    """One document with fields and pages, or None. Three statements."""
    document = _visible(actor).filter(pk=document_id).first()
    return contents_of(_row(document)) if document else None


def contents_of(row: DocumentRow) -> DocumentView:
    """The fields and pages of a document that the actor was already given. Two statements."""
    fields = FieldValue.objects.filter(document_id=row.id).order_by("page", "id")
    pages = DocumentPage.objects.filter(document_id=row.id).order_by("number")
    sizes = tuple(PageRow(*each) for each in pages.values_list(*PageRow.__slots__))
    return DocumentView(row, tuple(_field(each) for each in fields), sizes)


def pictures_of(case: CaseRecord, actor: Actor, now: datetime) -> Originals:
    """What the actor may open of the pictures of a case in their scope. At most two statements."""
    return originals_of(TABLE, case, actor, now)


def sight_of(document_id: int, actor: Actor, now: datetime) -> Sight | None:
    """How the pictures of a document stand to the actor; None for one that they do not see."""
    case_id = _visible(actor).filter(pk=document_id).values_list("case_id", flat=True).first()
    return None if case_id is None else _sight(document_id, case_id, actor, now)


def image(document_id: int, page: int, actor: Actor, now: datetime) -> Picture | None:
    """The whole page as a JPEG, or None where it is not open to the actor.

    Raises UnableToOpen when the store cannot give it.
    """
    row = _page(document_id, page, actor, now)
    return Picture(ports.get(FileStore).open(row.file_key), row.file_key) if row else None


def thumbnail(document_id: int, actor: Actor, now: datetime) -> Picture | None:
    """The first page, small, or None as for the page. Raises UnableToOpen when the store cannot give it."""
    row = _page(document_id, 1, actor, now)
    return Picture(ports.get(FileStore).open(row.thumbnail_key), row.thumbnail_key) if row else None


def crop(document_id: int, field: str, actor: Actor, now: datetime) -> Picture | None:
    """The part of the page where a field was read, with a margin; None as for the page."""
    read = (
        FieldValue.objects.filter(document__in=_visible(actor).filter(pk=document_id), name=field)
        .order_by("page", "id")
        .first()
    )
    if read is None or not read.polygon:
        return None
    row = _page(document_id, read.page, actor, now)
    if row is None:
        return None
    etag = hashlib.sha256(f"{row.file_key} {json.dumps(read.polygon)}".encode()).hexdigest()
    with Image.open(io.BytesIO(ports.get(FileStore).open(row.file_key))) as whole:
        return Picture(as_jpeg(whole.convert("RGB").crop(_frame(read.polygon, whole.size))), etag)


def _visible(actor: Actor) -> QuerySet[Document]:
    return visible(Document.objects.all(), actor, case="case_id")


def _page(document_id: int, number: int, actor: Actor, now: datetime) -> DocumentPage | None:
    """The page, if its picture is open to the actor: every way to a picture leads through here."""
    documents = _visible(actor).filter(pk=document_id)
    pages = DocumentPage.objects.filter(document__in=documents, number=number)
    row = pages.select_related("document").first()
    if row is None or _sight(document_id, row.document.case_id, actor, now) is not Sight.OPEN:
        return None
    return row


def _sight(document_id: int, case_id: int, actor: Actor, now: datetime) -> Sight:
    loaded = load_case(case_id) if actor.is_staff else None
    return originals_of(TABLE, loaded.record if loaded else None, actor, now).sight(document_id)


def _frame(polygon: list[list[float]], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The box around a polygon with a margin of a third of its height, within the page."""
    xs, ys = [point[0] for point in polygon], [point[1] for point in polygon]
    margin = max((max(ys) - min(ys)) * _CROP_MARGIN, _CROP_LEAST_PIXELS)
    return (
        max(int(min(xs) - margin), 0),
        max(int(min(ys) - margin), 0),
        min(int(max(xs) + margin) + 1, size[0]),
        min(int(max(ys) + margin) + 1, size[1]),
    )


def _row(document: Document) -> DocumentRow:
    return DocumentRow(
        id=document.pk,
        case_id=document.case_id,
        party_id=document.party_id,
        slot=document.slot,
        title=slot_title(document.slot),
        state=document.state,
        kind=document.kind,
        pages=document.page_count,
        findings=_notes(document.findings),
        reason_code=document.reason_code,
        note=document.note,
        received_at=document.received_at,
        decided_by=document.decided_by_name,
    )


def _field(read: FieldValue) -> FieldRow:
    return FieldRow(
        id=read.pk,
        name=read.name,
        page=read.page,
        value=read.value,
        confidence_permille=read.confidence_permille,
        polygon=tuple((point[0], point[1]) for point in read.polygon),
        verdict=read.verdict,
        why=_notes(read.why),
        candidates=tuple(json.loads(read.candidates)) if read.candidates else (),
        settled_by=read.settled_by_name,
    )


def _notes(stored: list[dict[str, object]]) -> tuple[Note, ...]:
    return tuple(
        Note(str(each["rule"]), Text(str(each["zh"]), str(each["en"])), dict(each.get("data") or {}))  # type: ignore[call-overload]
        for each in stored
    )
