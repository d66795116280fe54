"""Signs a paper for a customer and for the lender.

The signature is made before the transaction: it takes a tenth of a second and an outside service. The
transaction then checks that the paper is still the one that was signed; of two who sign at once, one wins and
the other is told to read again.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from cheqi import ports
from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.events.contract import PaperCompleted, PaperSigned
from cheqi.core.evidence.canonical import dumps
from cheqi.foundation.paper.choices import PaperState
from cheqi.foundation.paper.models import ConsentRecord, Paper, SignatureRow
from cheqi.foundation.paper.operations.draw_up import held, log, title_of
from cheqi.foundation.paper.places import Place, Signatory, places_for
from cheqi.foundation.paper.refusals import refused
from cheqi.foundation.paper.signing import Mark, with_signature
from cheqi.foundation.paper.visibility import visible_papers
from cheqi.ports.esign import SigningCertificate, SigningService, Subject, UnableToSign
from cheqi.ports.file_store import FileStore, UnableToOpen, UnableToStore

_CAN_BE_SIGNED = (PaperState.SHOWN, PaperState.SIGNED_BY_CUSTOMER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a customer agreed to: the text shown, the hash of the PDF shown, and how the yes was given.

    `code_reference` names the confirmed one-time code (never the code itself).
    """

    party_id: int
    text: str
    pdf_sha256: str
    code_reference: str
    shown_at: datetime
    confirmed_at: datetime
    address: str = ""
    device: str = ""

    def sha256(self, paper_number: str) -> str:
        """The hash of the canonical record, which the signature repeats."""
        values = {key: _plain(value) for key, value in asdict(self).items()}
        return hashlib.sha256(dumps({**values, "paper_number": paper_number})).hexdigest()


def sign_customer(
    paper_id: int, consent: Consent, *, actor: Actor, now: datetime, key: str
) -> Paper | Refused:
    """Signs for the customer who consented, with a certificate issued for this one signature.

    The paper must have been shown, and be the very bytes that were shown. The same key, or a second
    request of somebody who has signed, answers the paper as it is. A customer signs for themselves only.
    """
    paper = visible_papers(actor).filter(pk=paper_id).first()
    if paper is None:
        return refused(RefusalKind.NOT_FOUND, "paper.not_found")
    side = paper.signatures.filter(party_id=consent.party_id).first()
    is_own = actor.kind is not ActorKind.CUSTOMER or actor.scope.party_id == consent.party_id
    if side is None or not is_own:
        return refused(RefusalKind.NOT_ALLOWED, "paper.not_a_signatory")
    if side.signed_at is not None:
        return paper
    if (objection := _not_now(paper)) is not None:
        return objection
    if consent.pdf_sha256 != paper.sha256:
        return refused(RefusalKind.CONFLICT, "paper.shown_another")
    evidence = consent.sha256(paper.number)
    try:
        certificate = ports.get(SigningService).issue_once(
            Subject(side.name, f"party-{consent.party_id}"), evidence_sha256=evidence, now=now
        )
    except UnableToSign:
        return refused(RefusalKind.NOT_NOW, "paper.signing_unavailable")
    mark = Mark(
        name=side.name,
        basis=f"意愿确认　短信验证码 · 记录 {evidence[:16]}",
        reason=f"本人已阅读并同意；同意记录 SHA-256 {evidence}",
        is_lender=False,
    )
    return _sign(paper, side, mark, certificate, consent, actor=actor, now=now, key=key)


def sign_lender(paper_id: int, *, actor: Actor, now: datetime, key: str) -> Paper | Refused:
    """Signs for the lender once every customer has; the paper is then in force. Staff and system only."""
    if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        return refused(RefusalKind.NOT_ALLOWED, "paper.staff_only")
    paper = visible_papers(actor).filter(pk=paper_id).first()
    if paper is None:
        return refused(RefusalKind.NOT_FOUND, "paper.not_found")
    side = paper.signatures.filter(party_id=None).first()
    if side is None:
        return refused(RefusalKind.NOT_NOW, "paper.nothing_to_sign")
    if side.signed_at is not None:
        return paper
    if (objection := _not_now(paper)) is not None:
        return objection
    if paper.signatures.filter(signed_at=None).exclude(pk=side.pk).exists():
        return refused(RefusalKind.NOT_NOW, "paper.customer_first")
    try:
        certificate = ports.get(SigningService).lender()
    except UnableToSign:
        return refused(RefusalKind.NOT_NOW, "paper.signing_unavailable")
    mark = Mark(
        name=side.name, basis="贷款审批通过，同意订立合同", reason="贷款人同意订立本合同", is_lender=True
    )
    return _sign(paper, side, mark, certificate, None, actor=actor, now=now, key=key)


def _not_now(paper: Paper) -> Refused | None:
    if paper.state in _CAN_BE_SIGNED:
        return None
    rules = {PaperState.VOID: "paper.is_void", PaperState.DRAFT: "paper.not_shown"}
    return refused(RefusalKind.NOT_NOW, rules.get(PaperState(paper.state), "paper.nothing_to_sign"))


def _sign(
    paper: Paper,
    side: SignatureRow,
    mark: Mark,
    certificate: SigningCertificate,
    consent: Consent | None,
    *,
    actor: Actor,
    now: datetime,
    key: str,
) -> Paper | Refused:
    if SignatureRow.objects.filter(
        request_key=key
    ).exists():  # this side has not signed, so the key belongs to another signature
        return refused(RefusalKind.CONFLICT, "paper.key_reused")
    store = ports.get(FileStore)
    try:
        before = store.open(paper.sha256)
        place = _place_of(paper, side)
        after = store.put(with_signature(before, place=place, mark=mark, certificate=certificate, now=now))
    except UnableToSign:
        return refused(RefusalKind.NOT_NOW, "paper.signing_unavailable")
    except (UnableToStore, UnableToOpen):
        return refused(RefusalKind.NOT_NOW, "paper.storage_unavailable")
    with transaction.atomic():
        locked = held(paper.pk, actor)
        if locked is None or (locked.sha256, locked.state) != (paper.sha256, paper.state):
            return refused(RefusalKind.CONFLICT, "paper.shown_another")
        side.signed_at, side.request_key = now, key
        side.actor_kind, side.actor_id = actor.kind.value, actor.id
        side.certificate_sha256 = hashlib.sha256(certificate.certificate).hexdigest()
        side.before_sha256, side.after_sha256 = paper.sha256, after
        side.consent = _keep(locked, consent) if consent else None
        side.save()
        _move_on(locked, side, after, actor, now)
    return locked


def _move_on(paper: Paper, side: SignatureRow, sha256: str, actor: Actor, now: datetime) -> None:
    paper.sha256 = sha256
    customers_left = paper.signatures.filter(signed_at=None, party_id__isnull=False).exists()
    sides_left = paper.signatures.filter(signed_at=None).exists()
    if not sides_left:
        paper.state, paper.completed_at = PaperState.SIGNED, now
    elif not customers_left:
        paper.state = PaperState.SIGNED_BY_CUSTOMER
    paper.save(update_fields=["sha256", "state", "completed_at"])
    signed = PaperSigned(
        title=title_of(paper),
        number=paper.number,
        role=side.role,
        role_title=side.title,
        sha256=sha256,
        consent_sha256=side.consent.record_sha256 if side.consent else "",
        paper_id=paper.pk,
    )
    log(paper, signed, actor, now)
    if paper.state == PaperState.SIGNED:
        completed = PaperCompleted(
            title=title_of(paper), number=paper.number, sha256=sha256, paper_id=paper.pk
        )
        log(paper, completed, actor, now)


def _keep(paper: Paper, consent: Consent) -> ConsentRecord:
    return ConsentRecord.objects.create(
        paper=paper, record_sha256=consent.sha256(paper.number), **asdict(consent)
    )


def _place_of(paper: Paper, side: SignatureRow) -> Place:
    """The side's box: the same layout as when the paper was drawn up."""
    rows = list(paper.signatures.order_by("position"))
    sides = [Signatory(row.role, row.field, row.title, row.name, row.detail) for row in rows]
    return places_for(sides)[[row.pk for row in rows].index(side.pk)]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
