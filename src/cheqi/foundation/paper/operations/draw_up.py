"""Draws a paper up, shows it, voids it.

>>> draw_up(contract, case_id=7, party_id=3, branch_id=1, signatories=sides,  # doctest: +SKIP
...         actor=actor, now=now, key="contract-7")
<Paper: LOAN_CONTRACT CQ-2026-000123 DRAFT>
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cheqi import ports
from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.events.base import Event
from cheqi.core.events.contract import PaperDrawnUp, PaperShown, PaperVoided
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.paper.choices import PaperKind, PaperState
from cheqi.foundation.paper.contents import Content
from cheqi.foundation.paper.models import Paper, SignatureRow
from cheqi.foundation.paper.places import Signatory, places_for
from cheqi.foundation.paper.refusals import refused
from cheqi.foundation.paper.signing import with_fields
from cheqi.foundation.paper.typesetting import typeset
from cheqi.foundation.paper.visibility import visible_papers
from cheqi.ports.file_store import FileStore, UnableToStore


def render(content: Content, signatories: Sequence[Signatory] = ()) -> bytes:
    """The PDF of a content, with empty signature fields where somebody signs; nothing is kept.

    Raises UnableToTypeset and UnableToFindFonts, which are mistakes of the installation.
    """
    places = places_for(signatories)
    pdf = typeset(content, places)
    return with_fields(pdf, places) if places else pdf


def draw_up(
    content: Content,
    *,
    case_id: int,
    party_id: int,
    branch_id: int,
    signatories: Sequence[Signatory] = (),
    agreement_ref: str = "",
    actor: Actor,
    now: datetime,
    key: str,
) -> Paper | Refused:
    """Makes the PDF and keeps it as a paper: DRAFT where somebody signs, ISSUED where nobody does.

    The same key answers the same paper. A second paper of the same kind and number is refused while the
    first is in force.
    """
    kind = PaperKind(content.TEMPLATE.upper())
    if (known := _known(key, kind, content.number)) is not None:
        return known
    pdf = render(content, signatories)
    try:
        sha256 = ports.get(FileStore).put(pdf)
    except UnableToStore:
        return refused(RefusalKind.NOT_NOW, "paper.storage_unavailable")
    paper = Paper(
        kind=kind,
        number=content.number,
        case_id=case_id,
        party_id=party_id,
        branch_id=branch_id,
        agreement_ref=agreement_ref,
        state=PaperState.DRAFT if signatories else PaperState.ISSUED,
        sha256=sha256,
        drawn_at=now,
        completed_at=None if signatories else now,
        request_key=key,
    )
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
            for position, side in enumerate(signatories, 1):
                _add_side(paper, position, side)
            log(paper, PaperDrawnUp(title=title_of(paper), **_said(paper)), actor, now)
    except IntegrityError:
        winner = _known(key, kind, content.number)  # drawn up at the same moment by somebody else
        if winner is None:
            raise
        return winner
    return paper


def show(paper_id: int, *, actor: Actor, now: datetime) -> Paper | Refused:
    """Notes that the customer has the paper before their eyes; from here on it can be signed.

    Each person who signs has their own note of the version they saw: after somebody else signed there is a
    newer one to look at.
    """
    with transaction.atomic():
        paper = held(paper_id, actor)
        if paper is None:
            return refused(RefusalKind.NOT_FOUND, "paper.not_found")
        if paper.state == PaperState.VOID:
            return refused(RefusalKind.NOT_NOW, "paper.is_void")
        if paper.state == PaperState.DRAFT:
            paper.state, paper.shown_at = PaperState.SHOWN, now
            paper.save(update_fields=["state", "shown_at"])
            log(paper, PaperShown(title=title_of(paper), **_said(paper)), actor, now)
        _seen_by(paper, actor, now)
    return paper


def _seen_by(paper: Paper, actor: Actor, now: datetime) -> None:
    """The signer's own note; somebody who has signed, or who does not sign, leaves none."""
    mine = paper.signatures.filter(party_id=actor.scope.party_id, signed_at=None)
    if actor.scope.party_id is not None:
        mine.exclude(shown_sha256=paper.sha256).update(shown_at=now, shown_sha256=paper.sha256)


def void(paper_id: int, *, reason: str, actor: Actor, now: datetime) -> Paper | Refused:
    """Ends a paper, with the reason on record; its file and signatures stay. Customers cannot."""
    if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        return refused(RefusalKind.NOT_ALLOWED, "paper.staff_only")
    if not reason.strip():
        return refused(RefusalKind.INVALID, "paper.reason_missing")
    with transaction.atomic():
        paper = held(paper_id, actor)
        if paper is None:
            return refused(RefusalKind.NOT_FOUND, "paper.not_found")
        if paper.state != PaperState.VOID:
            paper.state, paper.voided_at, paper.void_reason = PaperState.VOID, now, reason.strip()[:200]
            paper.save(update_fields=["state", "voided_at", "void_reason"])
            voided = PaperVoided(
                title=title_of(paper), number=paper.number, reason=paper.void_reason, paper_id=paper.pk
            )
            log(paper, voided, actor, now)
    return paper


def held(paper_id: int, actor: Actor) -> Paper | None:
    """The paper, locked until the transaction ends, if the actor may see it."""
    seen = visible_papers(actor).filter(pk=paper_id).values_list("pk", flat=True).first()
    return Paper.objects.select_for_update().filter(pk=seen).first() if seen else None


def log(paper: Paper, event: Event, actor: Actor, now: datetime) -> None:
    """Logs an event of the paper's case."""
    record(event, actor=actor, now=now, case_id=paper.case_id, party_id=paper.party_id)


def title_of(paper: Paper) -> str:
    """The paper's Chinese title."""
    return str(dict(PaperKind.choices)[paper.kind])


def _said(paper: Paper) -> dict[str, Any]:
    return {"number": paper.number, "sha256": paper.sha256, "paper_id": paper.pk}


def _known(key: str, kind: PaperKind, number: str) -> Paper | Refused | None:
    by_key = Paper.objects.filter(request_key=key).first()
    if by_key is not None:
        same = (by_key.kind, by_key.number) == (kind, number)
        return by_key if same else refused(RefusalKind.CONFLICT, "paper.key_reused")
    if Paper.objects.filter(kind=kind, number=number).exclude(state=PaperState.VOID).exists():
        return refused(RefusalKind.CONFLICT, "paper.number_taken", number=number)
    return None


def _add_side(paper: Paper, position: int, side: Signatory) -> None:
    SignatureRow.objects.create(
        paper=paper,
        position=position,
        role=side.role,
        field=side.field,
        title=side.title,
        name=side.name,
        detail=side.detail,
        party_id=side.party_id,
    )
