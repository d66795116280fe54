"""Documents: what is asked for, the upload, what was read, and why something was turned down."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Router, Schema, UploadedFile
from pydantic import Field

from cheqi.areas.origination.materials import slots_of
from cheqi.areas.origination.operations import documents as operations
from cheqi.areas.origination.operations.documents import upload
from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.core.base.findings import Refused
from cheqi.foundation.documents.masks import masked
from cheqi.foundation.documents.operations import open_pictures
from cheqi.foundation.documents.queries import (
    DocumentRow,
    DocumentView,
    Note,
    Picture,
    crop,
    document_view,
    documents_of,
    image,
)
from cheqi.foundation.documents.reasons import REASONS
from cheqi.foundation.originals import KEPT_OPEN
from cheqi.foundation.workflow.operations import work_in
from cheqi.web.api.answers import Call, Routes, call_of
from cheqi.web.api.errors import of_refusal
from cheqi.web.api.pages import Id
from cheqi.web.api.queries import NO_DOCUMENT, case_at, case_id_of, case_of_document
from cheqi.web.api.routes.applications import PROCESS, Number
from cheqi.web.api.scopes import STAFF
from cheqi.web.api.shapes import AT, FindingShape, Moved, moved

router = Router(tags=["documents"])
routes = Routes(router)
FieldName = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9_]+$", examples=["plate"])]
DocumentId = Annotated[Id, Path(examples=[17])]


class SlotShape(Schema):
    """A document that is asked for, and how it stands."""

    slot: str = Field(examples=["ID_CARD_FRONT"])
    title: str = Field(examples=["身份证人像面"])
    is_required: bool = True
    state: str = Field(
        "MISSING",
        description="MISSING, RECEIVED, READING, READ, NEEDS_CLERK, UNREADABLE, ACCEPTED or REJECTED",
        examples=["READ"],
    )
    document_id: int | None = Field(default=None, examples=[17])


class DocumentShape(Schema):
    """One document. `reason` says why it was turned down, `advice` what a good photograph looks like."""

    id: int = Field(examples=[17])
    slot: str = Field(examples=["ID_CARD_FRONT"])
    title: str = Field(examples=["身份证人像面"])
    state: str = Field(examples=["READ"])
    kind: str = Field(default="", examples=["ID_CARD_FRONT"])
    pages: int = Field(examples=[1])
    findings: list[FindingShape] = []
    reason: str = Field(default="", examples=["照片有反光，部分文字看不清。"])
    advice: str = ""
    received_at: datetime = Field(examples=[AT])


class FieldShape(Schema):
    """A field as it was read. ID numbers and accounts come masked, but to the session of who verifies the
    documents now, who compares them with the photograph."""

    name: str = Field(examples=["id_number"])
    value: str = Field(examples=["3301**********1234"])
    verdict: str = Field(description="ACCEPTED, CLERK, SETTLED or REJECTED", examples=["ACCEPTED"])
    confidence_permille: int = Field(examples=[998])
    page: int = Field(examples=[1])
    polygon: list[tuple[float, float]] = []
    why: list[FindingShape] = []
    candidates: list[str] = Field(
        default=[], description="What it may read instead; for who verifies the documents now."
    )


class DocumentFields(DocumentShape):
    """A document with its fields."""

    fields: list[FieldShape]


class DocumentsShape(Schema):
    """What is asked for, and everything that was sent."""

    slots: list[SlotShape]
    documents: list[DocumentShape]


class Settled(Schema):
    """What a field reads, and why that is right."""

    value: str = Field(min_length=1, max_length=300, examples=["浙A12345"])
    reason: str = Field(min_length=1, max_length=200, examples=["与原图一致"])


class Why(Schema):
    """Why somebody looks at a picture."""

    reason: str = Field(min_length=4, max_length=200, examples=["抽查资料核验质量"])


class OpenUntil(Schema):
    """How long a document's pictures answer without another reason."""

    open_until: datetime = Field(examples=[AT])


class Rejected(Schema):
    """Why a document goes back; the customer reads the reason's sentence and the note."""

    reason_code: str = Field(description=" · ".join(REASONS), max_length=30, examples=[next(iter(REASONS))])
    note: str = Field(default="", max_length=200)


class Verified(Schema):
    """What was found where facts differ; needed only then."""

    comment: str = Field(default="", max_length=300)


@routes.get(
    "applications/{number}/documents",
    scope="documents:read",
    answer=DocumentsShape,
    summary="Documents asked for and sent",
)
def list_documents(request: HttpRequest, number: Number) -> DocumentsShape | Refused:
    """The slots of the application with the newest document of each, and all documents, oldest first."""
    call = call_of(request)
    case = case_for(case_id_of(number, call.actor, process=PROCESS), call.actor)
    if isinstance(case, Refused):
        return case
    rows = documents_of(case.id, call.actor)
    newest = {row.slot: row for row in rows}
    slots = [
        SlotShape(
            slot=slot.key,
            title=slot.title.in_language(call.language),
            is_required=slot.is_required,
            state=newest[slot.key].state if slot.key in newest else "MISSING",
            document_id=newest[slot.key].id if slot.key in newest else None,
        )
        for slot in slots_of(case)
    ]
    return DocumentsShape(slots=slots, documents=[_document(row, call) for row in rows])


@routes.post(
    "applications/{number}/documents",
    scope="documents:write",
    answer=DocumentShape,
    status=201,
    summary="Upload a document",
)
def upload_document(
    request: HttpRequest,
    number: Number,
    slot: Annotated[str, Form(max_length=40, examples=["ID_CARD_FRONT"])],
    file: Annotated[UploadedFile, File(description="JPEG, PNG, HEIC or PDF, at most 20 MB")],
) -> DocumentShape | Refused:
    """Takes a photograph or PDF for a slot. It is read in the background: look at the document again."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor, process=PROCESS)
    made = upload(file, case_id=case_id, slot=slot, actor=call.actor, now=call.now, key=call.key)
    if isinstance(made, Refused):
        return made
    return _document(_viewed(made.pk, call).document, call)


@routes.get("documents/{document_id}", scope="documents:read", answer=DocumentFields, summary="What was read")
def get_document(request: HttpRequest, document_id: DocumentId) -> DocumentFields:
    """One document with its fields, each with its verdict and why."""
    return _with_fields(document_id, call_of(request))


@routes.get("documents/{document_id}/pages/{page}", scope=STAFF, answer=None, summary="A page as a picture")
def document_page(
    request: HttpRequest, document_id: DocumentId, page: Annotated[int, Path(ge=1, le=1000, examples=[1])]
) -> HttpResponse | Refused:
    """The photograph, which the desk shows beside what was read; `polygon` of a field is in its pixels.
    Answers to who works on the case, and after `opening` to others who may see values in clear."""
    call = call_of(request)
    return _picture(image(document_id, page, call.actor, call.now))


@routes.get(
    "documents/{document_id}/fields/{name}/crop", scope=STAFF, answer=None, summary="Where a field was read"
)
def document_crop(request: HttpRequest, document_id: DocumentId, name: FieldName) -> HttpResponse | Refused:
    """The place on the photograph."""
    call = call_of(request)
    return _picture(crop(document_id, name, call.actor, call.now))


@routes.post(
    "documents/{document_id}/opening",
    scope=STAFF,
    answer=OpenUntil,
    summary="Say why a picture is looked at",
)
def open_document(request: HttpRequest, document_id: DocumentId, body: Why) -> OpenUntil | Refused:
    """For who may see values in clear and does not work on the case: the reason goes on record, and the
    document's pictures answer for a while. Who works on the case needs none."""
    call = call_of(request)
    done = open_pictures(document_id, actor=call.actor, reason=body.reason, now=call.now)
    return done if isinstance(done, Refused) else OpenUntil(open_until=call.now + KEPT_OPEN)


def _picture(found: Picture | None) -> HttpResponse | Refused:
    if found is None:
        return NO_DOCUMENT
    response = HttpResponse(found.content, content_type=found.media_type)
    response.headers["Content-Disposition"] = "attachment"
    return response


def _with_fields(document_id: int, call: Call) -> DocumentFields:
    view, is_whole = _viewed(document_id, call), _is_checking(document_id, call)
    fields = [
        FieldShape(
            name=field.name,
            value=field.value if is_whole else masked(field.name, field.value, call.actor),
            verdict=field.verdict,
            confidence_permille=field.confidence_permille,
            page=field.page,
            polygon=list(field.polygon),
            why=_notes(field.why, call.language),
            candidates=list(field.candidates) if is_whole else [],
        )
        for field in view.fields
    ]
    return DocumentFields(**_document(view.document, call).model_dump(), fields=fields)


@routes.post(
    "documents/{document_id}/fields/{name}",
    scope="documents:settle",
    answer=DocumentFields,
    summary="Settle a field",
)
def settle_document_field(
    request: HttpRequest, document_id: DocumentId, name: FieldName, body: Settled
) -> DocumentFields | Refused:
    """Says what a field reads, as a clerk does: check digit and calendar still apply, old value, new value
    and reason stay on record. Not for what the same client has entered or sent (four eyes)."""
    call = call_of(request)
    _viewed(document_id, call)
    done = operations.settle_field(
        document_id=document_id,
        name=name,
        value=body.value,
        reason=body.reason,
        actor=call.actor,
        now=call.now,
        key=call.key,
    )
    return done if isinstance(done, Refused) else _with_fields(document_id, call)


@routes.post(
    "documents/{document_id}/reject",
    scope="documents:settle",
    answer=DocumentShape,
    summary="Send a document back",
)
def reject_document(request: HttpRequest, document_id: DocumentId, body: Rejected) -> DocumentShape | Refused:
    """Turns a document down with a reason that the customer reads."""
    call = call_of(request)
    _viewed(document_id, call)
    done = operations.reject_document(
        document_id=document_id, reason_code=body.reason_code, note=body.note, actor=call.actor, now=call.now
    )
    return done if isinstance(done, Refused) else _document(_viewed(document_id, call).document, call)


@routes.post(
    "applications/{number}/verification",
    scope="documents:settle",
    answer=Moved,
    summary="Confirm the documents",
)
def confirm_documents(request: HttpRequest, number: Number, body: Verified) -> Moved | Refused:
    """Accepts every document and takes its facts over. Refused while a field is open, and while facts differ
    and nobody says why that is right."""
    call = call_of(request)
    case_id = case_at(number, "verify_documents", call.actor)
    done = operations.confirm(
        case_id=case_id, comment=body.comment, actor=call.actor, now=call.now, key=call.key
    )
    return done if isinstance(done, Refused) else moved(done)


def _viewed(document_id: int, call: Call) -> DocumentView:
    view = document_view(document_id, call.actor)
    if view is None:
        raise of_refusal(NO_DOCUMENT)
    return view


def _document(row: DocumentRow, call: Call) -> DocumentShape:
    reason = REASONS.get(row.reason_code)
    return DocumentShape(
        id=row.id,
        slot=row.slot,
        title=row.title.in_language(call.language),
        state=row.state,
        kind=row.kind,
        pages=row.pages,
        findings=_notes(row.findings, call.language),
        reason=reason.sentence.in_language(call.language) if reason else "",
        advice=reason.advice.in_language(call.language) if reason else "",
        received_at=row.received_at,
    )


def _notes(notes: tuple[Note, ...], language: str) -> list[FindingShape]:
    return [FindingShape(rule=each.rule, message=each.message.in_language(language)) for each in notes]


def _is_checking(document_id: int, call: Call) -> bool:
    """Whether a colleague asks who verifies the case's documents now: only they see every number whole."""
    if not call.actor.is_staff:
        return False
    case_id = case_of_document(document_id, call.actor)
    found = work_in(case_id=case_id, step=operations.CHECKS_THEM, actor=call.actor, now=call.now)
    return not isinstance(found, Refused)
