"""Takes an upload in: judged, made safe, kept once, compared with what others uploaded, logged.

>>> receive(upload, case_id=7, party_id=3, branch_id=1, slot="ID_CARD_FRONT",  # doctest: +SKIP
...         actor=actor, now=now, key="upload-1")
<Document: document 1 ID_CARD_FRONT RECEIVED>
"""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from cheqi import ports
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.events.base import Event
from cheqi.core.events.documents import DocumentReceived
from cheqi.foundation.documents.choices import DocumentState
from cheqi.foundation.documents.intake import TakenIn, Upload, read_limited, take_in
from cheqi.foundation.documents.models import Document, DocumentPage, PageBand
from cheqi.foundation.documents.operations.shared import as_rows, event_of_twin, finding_of_twin
from cheqi.foundation.documents.operations.waking import wake_reader
from cheqi.foundation.documents.sentences import refused
from cheqi.foundation.documents.similar import SeenBefore, same_file
from cheqi.foundation.documents.titles import slot_title
from cheqi.foundation.eventlog.operations import Entry, record_many
from cheqi.ports.file_store import FileStore, StoreTrouble, UnableToStore, key_for


def receive(
    upload: Upload,
    *,
    case_id: int,
    party_id: int,
    branch_id: int,
    slot: str,
    actor: Actor,
    now: datetime,
    key: str,
) -> Document | Refused:
    """Keeps an upload as a document, or says everything that speaks against it and keeps nothing.

    The same key answers the same document; so does the same file again for the same person, slot and
    case, unless that one was sent back or could not be read: it would be again, and is refused. The same
    file under another person is taken, with a finding on the document and an event.
    Pages are written before the row that names them: what a crash leaves is a file without a row, which
    the next upload of the same content uses.
    """
    if not _may_upload(actor, case_id, party_id, branch_id):
        return refused(RefusalKind.NOT_FOUND, "documents.not_found")
    content = read_limited(upload)
    if isinstance(content, Finding):
        return Refused(RefusalKind.INVALID, (content,))
    sha256 = hashlib.sha256(content).hexdigest()
    wanted = {"case_id": case_id, "party_id": party_id, "slot": slot, "original_sha256": sha256}
    if (known := _known(wanted, key)) is not None:
        return known
    taken = take_in(content)
    if isinstance(taken, Finding):
        return Refused(RefusalKind.INVALID, (taken,))
    try:
        file_keys = _put_pages(taken)
    except UnableToStore as problem:
        full = problem.trouble is StoreTrouble.FULL
        rule = "documents.storage_full" if full else "documents.storage_unreachable"
        return refused(RefusalKind.NOT_NOW, rule)
    document = Document(
        **wanted,
        branch_id=branch_id,
        file_type=taken.kind.value,
        original_bytes=taken.size,
        page_count=len(taken.pages),
        request_key=key,
        received_at=now,
        received_by_kind=actor.kind.value,
        received_by_id=actor.id,
    )
    try:
        with transaction.atomic():
            _write(document, taken, file_keys, actor, now)
    except IntegrityError:
        winner = _known(wanted, key)  # somebody sent the same at the same moment
        if winner is None:
            raise
        return winner
    return document


def _may_upload(actor: Actor, case_id: int, party_id: int, branch_id: int) -> bool:
    scope = actor.scope
    return (
        scope.everything
        or branch_id in scope.branch_ids
        or case_id in scope.case_ids
        or scope.party_id == party_id
    )


def _known(wanted: dict[str, object], key: str) -> Document | Refused | None:
    by_key = Document.objects.filter(request_key=key).first()
    if by_key is not None and any(getattr(by_key, name) != value for name, value in wanted.items()):
        return refused(RefusalKind.CONFLICT, "documents.key_reused")
    if by_key is not None:
        return by_key
    known = Document.objects.filter(**wanted).first()
    if known is not None and known.state in _NOT_GOOD_ENOUGH:
        return refused(RefusalKind.INVALID, "documents.same_again")
    return known


_NOT_GOOD_ENOUGH = frozenset({DocumentState.REJECTED, DocumentState.UNREADABLE})


def _put_pages(taken: TakenIn) -> list[tuple[str, str]]:
    """Keeps all pages, or none: what was new is taken back when a later page finds no room."""
    store = ports.get(FileStore)
    new: list[str] = []

    def put(content: bytes) -> str:
        file_key = key_for(content)
        is_new = not store.exists(file_key)
        store.put(content)  # also where it is there: it counts as used from now on
        if is_new:
            new.append(file_key)
        return file_key

    try:
        return [(put(page.jpeg), put(page.thumbnail)) for page in taken.pages]
    except UnableToStore:
        for file_key in new:
            store.delete(file_key)
        raise


def _write(
    document: Document, taken: TakenIn, file_keys: list[tuple[str, str]], actor: Actor, now: datetime
) -> None:
    twin = same_file(document.original_sha256, document.party_id)
    if twin is not None:
        document.findings = as_rows([finding_of_twin(twin)])
    document.save(force_insert=True)
    for number, (page, (file_key, thumbnail_key)) in enumerate(zip(taken.pages, file_keys, strict=True), 1):
        row = DocumentPage.objects.create(
            document=document,
            number=number,
            file_key=file_key,
            thumbnail_key=thumbnail_key,
            width=page.width,
            height=page.height,
            coarse=page.fingerprint.coarse,
            detail=page.fingerprint.detail,
        )
        PageBand.objects.bulk_create([PageBand(page=row, value=value) for value in page.fingerprint.bands()])
    _log(document, twin, actor, now)
    wake_reader(document, now)


def _log(document: Document, twin: SeenBefore | None, actor: Actor, now: datetime) -> None:
    title = slot_title(document.slot).zh
    events: list[Event] = [
        DocumentReceived(
            document_id=document.pk,
            slot=document.slot,
            title=title,
            file_type=document.file_type,
            pages=document.page_count,
            sha256=document.original_sha256,
        )
    ]
    if twin is not None:
        events.append(event_of_twin(document, twin))
    entries = [Entry(event=each, case_id=document.case_id, party_id=document.party_id) for each in events]
    record_many(entries, actor=actor, now=now)
