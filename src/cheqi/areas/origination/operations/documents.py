"""Documents of an application: uploaded, read, settled by a clerk, sent back, confirmed."""

from datetime import datetime

from django.db import transaction

from cheqi.areas.origination import verification
from cheqi.areas.origination.materials import WANTS_AGAIN, slots_of
from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.definition import Ball
from cheqi.core.process.people import may_do
from cheqi.foundation.documents import operations as documents
from cheqi.foundation.documents.intake import Upload
from cheqi.foundation.documents.models import Document, FieldChange
from cheqi.foundation.documents.queries import documents_of
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.whole import Stopped, must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import (
    check_materials,
    finish_step,
    give_facts,
    pass_ball,
    work_in,
)
from cheqi.foundation.workflow.people import at_branch
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.records.applications.models import Application

PROCESS = "application"
TAKES_UPLOADS = "collect_materials"
CHECKS_THEM = "verify_documents"
REMIND = "origination.remind_of_refused"
"""The wake-up that reminds the customer of a refused document; its key is the step row of the check."""


def takes(case: CaseRecord, *, is_required: bool, state: str) -> bool:
    """Whether a document may be sent now for a slot whose newest one is in this state ("" for none).

    While the documents are being checked an optional one may still come, and one that was refused again: who
    refused it goes on with the others meanwhile.
    """
    if case.is_at(TAKES_UPLOADS):
        return True
    return case.is_at(CHECKS_THEM) and (not is_required or state in WANTS_AGAIN)


def may_upload(case: CaseRecord, actor: Actor, now: datetime) -> bool:
    """Whether documents are this actor's to send: the customer's, a program's, of staff the assistants'."""
    if not actor.is_staff:
        return True
    return may_do(case.definition.by_key[TAKES_UPLOADS], at_branch(actor, case.branch_id, now))


def upload(
    upload: Upload, *, case_id: int, slot: str, actor: Actor, now: datetime, key: str
) -> Document | Refused:
    """Takes a photograph in for a slot that the case asks for, while it asks (`takes`).

    Refused: another's case (NOT_FOUND), a colleague who does not assist customers (NOT_ALLOWED), documents
    are not being collected (NOT_NOW), a slot that is not asked for, the very file that was there when the
    case was returned, and everything that is wrong with the file itself (INVALID); nothing is kept then.
    """
    case = case_for(case_id, actor)
    if isinstance(case, Refused):
        return case
    if not may_upload(case, actor, now):
        message = Text("代客户上传资料由客户经理办理", "Client managers upload for customers")
        return refuse(RefusalKind.NOT_ALLOWED, "materials.role", message)
    wanted = next((each for each in slots_of(case) if each.key == slot), None)
    is_required = wanted is None or wanted.is_required
    if not takes(case, is_required=is_required, state=_newest_state(case_id, slot)):
        message = Text(
            "现在不需要上传资料，请在进度页查看下一步", "No documents are needed now; see your progress"
        )
        return refuse(RefusalKind.NOT_NOW, "materials.closed", message)
    if wanted is None:
        message = Text(
            "这份申请不需要该资料，请从列表中选择", "That document is not asked for; choose one of the list"
        )
        return refuse(RefusalKind.INVALID, "materials.slot", message, slot=slot)
    received = documents.receive(
        upload,
        case_id=case_id,
        party_id=case.party_id or 0,
        branch_id=case.branch_id or 0,
        slot=slot,
        actor=actor,
        now=now,
        key=key,
    )
    if isinstance(received, Refused) or received.request_key == key or not _was_there(received, case):
        return received
    message = Text(
        "这份资料和之前交的一样，请换一份，或补充另一份", "We have this very file already; send another one"
    )
    return Refused(RefusalKind.INVALID, (Finding("materials.same", message, field=slot),))


def _newest_state(case_id: int, slot: str) -> str:
    rows = Document.objects.filter(case_id=case_id, slot=slot).order_by("-pk").values_list("state", flat=True)
    return rows.first() or ""


def _was_there(document: Document, case: CaseRecord) -> bool:
    """Whether a document was there before the case was returned: it cannot be what was asked for."""
    current = case.state.steps.get(TAKES_UPLOADS)
    return current is not None and current.round > 1 and document.received_at < current.opened_at


def document_was_read(document: Document, *, now: datetime) -> None:
    """Tells the case how its documents stand, and closes the collection when all are there.

    Called in the transaction that keeps what was read.
    """
    loaded = load_case(document.case_id)
    if loaded is None or loaded.record.process != PROCESS or not loaded.record.state.is_open:
        return
    application, key = application_of(document.case_id), f"read:{document.pk}:{document.state}"
    standing = verification.standing_of(application, document.case_id)
    is_contradicted = standing.is_clear and not _taken_over(application, document.case_id, now)
    must(
        give_facts(
            case_id=document.case_id,
            facts={
                "fields_for_clerk": standing.fields_for_clerk,
                "disagreements": len(standing.disagreements) + is_contradicted,
            },
            actor=SYSTEM,
            now=now,
            key=f"facts:{key}",
        )
    )
    must(check_materials(case_id=document.case_id, actor=SYSTEM, now=now, key=f"there:{key}"))
    if loaded.record.is_at(CHECKS_THEM):
        _pass_on(document.case_id, now=now, key=key)


def _pass_on(case_id: int, *, now: datetime, key: str) -> None:
    """Gives the check of the documents to whoever has to act: the customer while one that is required was
    refused, ours once all are there again."""
    loaded = load_case(case_id)
    assert loaded is not None, f"case {case_id} vanished"
    states = {row.slot: row.state for row in documents_of(case_id, SYSTEM)}
    waits = any(slot.is_required and states.get(slot.key) in WANTS_AGAIN for slot in slots_of(loaded.record))
    ball = Ball.CUSTOMER if waits else Ball.US
    must(pass_ball(case_id=case_id, step=CHECKS_THEM, ball=ball, actor=SYSTEM, now=now, key=f"ball:{key}"))
    current = loaded.record.state.steps[CHECKS_THEM]
    if waits and current.ball is not ball:
        wake(REMIND, str(loaded.record.row_ids[current.key, current.round]), now=now)


def _taken_over(application: Application, case_id: int, now: datetime) -> bool:
    """Whether the facts could be taken over; one that contradicts the records is left to a clerk."""
    try:
        with transaction.atomic():
            verification.take_over(application, case_id, actor=SYSTEM, now=now)
    except Stopped:
        return False
    return True


@whole
def settle_field(
    *, document_id: int, name: str, value: str, reason: str, actor: Actor, now: datetime, key: str
) -> Document:
    """A clerk's word on one field, while the case is verified; the case is told how they stand."""
    is_new = not _said_before(key, actor)
    if is_new:
        must(_checking(document_id, actor, now))
    field = must(
        documents.settle_field(document_id, name, value=value, reason=reason, actor=actor, now=now, key=key)
    )
    document: Document = field.document
    if is_new:
        _tell_standing(document.case_id, now=now, key=f"settled:{key}")
    return document


@whole
def reject_document(
    *, document_id: int, reason_code: str, note: str = "", actor: Actor, now: datetime
) -> Document:
    """Sends a document back with its reason; the customer can send another one from this moment on, while
    the clerk goes on with the others. Refused where the documents are not being checked."""
    case = must(_checking(document_id, actor, now))
    document = must(
        documents.reject_document(document_id, reason_code=reason_code, note=note, actor=actor, now=now)
    )
    key = f"rejected:{document_id}:{reason_code}"
    _tell_standing(document.case_id, now=now, key=key)
    _pass_on(case.id, now=now, key=key)
    return document


@whole
def confirm(*, case_id: int, comment: str = "", actor: Actor, now: datetime, key: str) -> CaseMoved:
    """Accepts every document, takes their facts over and finishes the verification.

    Refused while a field is open (NOT_NOW), and while facts disagree and nobody says why that is right.
    """
    must(case_for(case_id, actor))
    application = application_of(case_id)
    must(_not_the_enterer(application, actor))
    standing = verification.standing_of(application, case_id)
    if standing.disagreements and not comment.strip():
        message = Text(
            "有内容不一致，请说明核实结果后再通过", "Some facts differ: say what you found, then confirm"
        )
        finding = Finding("materials.disagreements", message, field="comment")
        raise Stopped(Refused(RefusalKind.INVALID, (finding, *standing.disagreements)))
    for document in verification.live_documents(case_id):
        must(documents.accept_document(document.pk, actor=actor, now=now))
    verification.take_over(application, case_id, actor=actor, now=now)
    return must(
        finish_step(
            case_id=case_id,
            step="verify_documents",
            outcome="confirm",
            reason=comment,
            actor=actor,
            now=now,
            key=key,
        )
    )


def return_to_customer(
    *, case_id: int, step: str, reason: str, actor: Actor, now: datetime, key: str
) -> CaseMoved | Refused:
    """Sends the case back for more or better documents, with the reason the customer reads."""
    if not reason.strip():
        message = Text("请写明需要客户补充什么", "Say what the customer should add")
        finding = Finding("materials.reason", message, field="reason")
        return Refused(RefusalKind.INVALID, (finding,))
    return finish_step(
        case_id=case_id, step=step, outcome="return", reason=reason, actor=actor, now=now, key=key
    )


def _said_before(key: str, actor: Actor) -> bool:
    """Whether this very word was taken from this actor already."""
    said = FieldChange.objects.filter(request_key=key, actor_kind=actor.kind.value, actor_id=actor.id)
    return said.exists()


def _checking(document_id: int, actor: Actor, now: datetime) -> CaseRecord | Refused:
    """The case of a document, for who verifies its documents now; a program not what it entered itself."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        return case_for(0, actor)
    case = work_in(case_id=document.case_id, step=CHECKS_THEM, actor=actor, now=now)
    if isinstance(case, Refused):
        return case
    judged = _not_the_enterer(application_of(case.id), actor)
    return judged if isinstance(judged, Refused) else case


def _not_the_enterer(application: Application, actor: Actor) -> Application | Refused:
    """A program that entered an application does not say what its documents read."""
    entered = (application.creator_kind, application.creator_id)
    if actor.kind is ActorKind.CLIENT and entered == (actor.kind.value, actor.id):
        message = Text(
            "录入申请的系统不能核对资料，请由另一系统或同事办理",
            "Who entered the application does not settle its documents",
        )
        return refuse(RefusalKind.NOT_ALLOWED, "documents.four_eyes", message)
    return application


def _tell_standing(case_id: int, *, now: datetime, key: str) -> None:
    standing = verification.standing_of(application_of(case_id), case_id)
    facts = {
        "fields_for_clerk": standing.fields_for_clerk,
        "disagreements": len(standing.disagreements),
    }
    must(give_facts(case_id=case_id, facts=facts, actor=SYSTEM, now=now, key=f"facts:{key}"))
