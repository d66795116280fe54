"""What a clerk says: a field reads so, this document counts, that one goes back.

Customers never settle: they photograph again. A program does where it was entered with the scope
`documents:settle`, and then never what it has sent itself (four eyes). Every change keeps what was there
before, who changed it and why.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.documents.kinds import Kind
from cheqi.core.events.documents import (
    DocumentAccepted,
    DocumentRejected,
    DocumentSetAside,
    FieldSettled,
)
from cheqi.foundation.documents.choices import DECIDED, UNREAD, DocumentState, FieldVerdict
from cheqi.foundation.documents.forms import form_of, objections_to, required_fields, written
from cheqi.foundation.documents.models import Document, FieldChange, FieldValue
from cheqi.foundation.documents.operations.shared import held, log
from cheqi.foundation.documents.reasons import REASONS
from cheqi.foundation.documents.registry import expected_kinds, tell_decided
from cheqi.foundation.documents.sentences import refused
from cheqi.foundation.documents.titles import slot_title

SETTLES = "documents:settle"
_OPEN = (FieldVerdict.CLERK, FieldVerdict.REJECTED)
_REASON_LENGTH = 200


def settle_field(
    document_id: int, name: str, *, value: str, reason: str, actor: Actor, now: datetime, key: str
) -> FieldValue | Refused:
    """Says what a field reads, also one that the machine did not find.

    The check digit or calendar that the field has still applies. The same key answers the same field.
    """
    if actor.kind is ActorKind.SYSTEM or not _may_settle(actor):
        return refused(RefusalKind.NOT_ALLOWED, "documents.staff_only")
    with transaction.atomic():
        document = held(document_id, actor)
        if document is None:
            return refused(RefusalKind.NOT_FOUND, "documents.not_found")
        if (objection := _own(document, actor)) is not None:
            return objection
        done = FieldChange.objects.filter(request_key=key).select_related("field").first()
        if done is not None:
            same = (done.field.document_id, done.field.name) == (document.pk, name)
            return done.field if same else refused(RefusalKind.CONFLICT, "documents.key_reused")
        if (objection := _not_now(document)) is not None:
            return objection
        kind = _kind_of(document)
        if (objection := _objection_to_value(document, kind, name, value, reason)) is not None:
            return objection
        return _settle(
            document, kind, name, value, reason.strip()[:_REASON_LENGTH], actor=actor, now=now, key=key
        )


def accept_document(document_id: int, *, actor: Actor, now: datetime) -> Document | Refused:
    """Lets a document count. Every required field must be accepted or settled, and the kind be right."""
    if not _may_settle(actor):
        return refused(RefusalKind.NOT_ALLOWED, "documents.staff_only")
    with transaction.atomic():
        document = held(document_id, actor)
        if document is None:
            return refused(RefusalKind.NOT_FOUND, "documents.not_found")
        if (objection := _own(document, actor)) is not None:
            return objection
        if document.state == DocumentState.ACCEPTED:
            return document
        if (objection := _not_now(document)) is not None:
            return objection
        if (objection := _open_points(document)) is not None:
            return objection
        _decide(document, DocumentState.ACCEPTED, actor, now)
        title = slot_title(document.slot).zh
        log(document, DocumentAccepted(document_id=document.pk, slot=document.slot, title=title), actor, now)
        tell_decided(document, now)
    return document


def reject_document(
    document_id: int, *, reason_code: str, note: str = "", actor: Actor, now: datetime
) -> Document | Refused:
    """Sends a document back with a reason of `reasons.REASONS`; the customer reads its sentence."""
    if not _may_settle(actor):
        return refused(RefusalKind.NOT_ALLOWED, "documents.staff_only")
    if reason_code not in REASONS or not REASONS[reason_code].is_for_clerks:
        return refused(RefusalKind.INVALID, "documents.reason_unknown", given=reason_code)
    with transaction.atomic():
        document = held(document_id, actor)
        if document is None:
            return refused(RefusalKind.NOT_FOUND, "documents.not_found")
        if (objection := _own(document, actor)) is not None:
            return objection
        if (document.state, document.reason_code) == (DocumentState.REJECTED, reason_code):
            return document
        if document.state in DECIDED:
            return refused(RefusalKind.NOT_NOW, "documents.already_decided")
        document.reason_code, document.note = reason_code, note.strip()[:_REASON_LENGTH]
        _decide(document, DocumentState.REJECTED, actor, now)
        rejected = DocumentRejected(
            document_id=document.pk,
            slot=document.slot,
            title=slot_title(document.slot).zh,
            reason_code=reason_code,
            reason=REASONS[reason_code].sentence.zh,
        )
        log(document, rejected, actor, now)
        tell_decided(document, now)
    return document


def set_aside(document_id: int, *, reason_code: str, actor: Actor, now: datetime) -> Document | Refused:
    """Lets a document count no more, also an accepted one, because of what changed around it. The same
    again changes nothing; nobody is blamed, so nobody is asked to take it again by this alone."""
    with transaction.atomic():
        document = held(document_id, actor)
        if document is None:
            return refused(RefusalKind.NOT_FOUND, "documents.not_found")
        if document.state == DocumentState.REJECTED:
            return document
        document.reason_code, document.note = reason_code, ""
        _decide(document, DocumentState.REJECTED, actor, now)
        what = DocumentSetAside(
            document_id=document.pk,
            slot=document.slot,
            title=slot_title(document.slot).zh,
            reason_code=reason_code,
            reason=REASONS[reason_code].sentence.zh,
        )
        log(document, what, actor, now)
    return document


def _may_settle(actor: Actor) -> bool:
    """Colleagues, the system itself, and programs that were entered for it."""
    if actor.kind is ActorKind.CLIENT:
        return actor.has_role(SETTLES)
    return actor.kind in (ActorKind.STAFF, ActorKind.SYSTEM)


def _own(document: Document, actor: Actor) -> Refused | None:
    """A program does not judge what it has sent itself."""
    is_own = (document.received_by_kind, document.received_by_id) == (actor.kind.value, actor.id)
    if actor.kind is ActorKind.CLIENT and is_own:
        return refused(RefusalKind.NOT_ALLOWED, "documents.four_eyes")
    return None


def _not_now(document: Document) -> Refused | None:
    if document.state in DECIDED:
        return refused(RefusalKind.NOT_NOW, "documents.already_decided")
    if document.state in UNREAD:
        return refused(RefusalKind.NOT_NOW, "documents.not_read_yet")
    return None


def _kind_of(document: Document) -> Kind:
    """What the document is: as it was read, or as it was asked for when nothing was read."""
    if document.kind and document.kind != Kind.UNKNOWN:
        return Kind(document.kind)
    expected = expected_kinds(document.slot)
    return next(iter(expected)) if len(expected) == 1 else Kind.UNKNOWN


def _objection_to_value(document: Document, kind: Kind, name: str, value: str, reason: str) -> Refused | None:
    if not value.strip():
        return refused(RefusalKind.INVALID, "documents.value_missing", field=name)
    if not reason.strip():
        return refused(RefusalKind.INVALID, "documents.reason_missing", field="reason")
    if form_of(kind, name) is None and not document.fields.filter(name=name).exists():
        return refused(RefusalKind.INVALID, "documents.field_unknown", field=name)
    against = objections_to(kind, name, value)
    return Refused(RefusalKind.INVALID, against) if against else None


def _settle(
    document: Document,
    kind: Kind,
    name: str,
    value: str,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
    key: str,
) -> FieldValue:
    field = document.fields.filter(name=name).order_by("page", "id").first() or FieldValue(
        document=document, name=name, model_version="none"
    )
    old, new = field.value, written(kind, name, value)
    field.value, field.verdict, field.settled_at = new, FieldVerdict.SETTLED, now
    field.settled_by_id, field.settled_by_name = actor.id, actor.name
    field.save()
    FieldChange.objects.create(
        field=field,
        old_value=old,
        new_value=new,
        reason=reason,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_name=actor.name,
        at=now,
        request_key=key,
    )
    settled = FieldSettled(
        document_id=document.pk,
        title=slot_title(document.slot).zh,
        field=name,
        reason=reason,
        old_value=old,
        new_value=new,
    )
    log(document, settled, actor, now)
    return field


def _open_points(document: Document) -> Refused | None:
    expected, kind = expected_kinds(document.slot), _kind_of(document)
    if expected and kind not in expected:
        return refused(RefusalKind.NOT_NOW, "documents.wrong_kind", found=kind.value)
    known = {field.name: field for field in document.fields.all()}
    required = required_fields(kind)
    missing = required - known.keys() - _covered_by_halves(known.keys())
    unsettled = {
        name
        for name, field in known.items()
        if field.verdict in _OPEN and (name in required or bool(field.value))
    }
    if missing or unsettled:
        names = ",".join(sorted(missing | unsettled))
        return refused(RefusalKind.NOT_NOW, "documents.fields_open", fields=names)
    return None


def _covered_by_halves(names: Iterable[str]) -> frozenset[str]:
    """A period counts as there when it was read in halves."""
    halves = {"valid_from", "valid_until"}
    return frozenset({"validity", "term"}) if halves <= set(names) else frozenset()


def _decide(document: Document, state: DocumentState, actor: Actor, now: datetime) -> None:
    document.state, document.decided_at = state, now
    document.decided_by_id, document.decided_by_name = actor.id, actor.name
    document.save(
        update_fields=["state", "decided_at", "decided_by_id", "decided_by_name", "reason_code", "note"]
    )
