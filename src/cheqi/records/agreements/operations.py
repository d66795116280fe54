"""Agreements: freezing the terms of the offer that was approved, keeping documents, collecting signatures."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.events.lending import AgreementPrepared, AgreementSigned, AgreementVoided
from cheqi.core.evidence.canonical import dumps
from cheqi.foundation.eventlog.operations import record
from cheqi.records.agreements.choices import AgreementState, Signer
from cheqi.records.agreements.models import Agreement, AgreementDocument, Signature
from cheqi.records.agreements.queries import visible_agreements
from cheqi.records.applications.choices import PartyRole
from cheqi.records.applications.models import Application, OfferSnapshot
from cheqi.records.applications.queries import borrower, visible_applications
from cheqi.records.common import conflict, invalid, not_found, not_now
from cheqi.records.common import finding as objection

SIGNERS = {
    PartyRole.BORROWER: Signer.CUSTOMER,
    PartyRole.CO_BORROWER: Signer.CO_BORROWER,
    PartyRole.GUARANTOR: Signer.GUARANTOR,
}


def terms_hash(terms: Mapping[str, Any]) -> str:
    """The hash of frozen terms: SHA-256 over their canonical form."""
    return hashlib.sha256(dumps(dict(terms))).hexdigest()


def prepare(*, application_id: int, number: str, actor: Actor, now: datetime) -> Agreement | Refused:
    """Freezes the terms of the offer that the approvals were given on.

    Done already for these terms, the agreement there is comes back. Refused without an approval, where a
    limit is passed, and while another agreement is live.
    """
    with transaction.atomic():
        application = _locked_application(application_id, actor)
        if application is None:
            return not_found("application.missing", "没有这个申请", "There is no such application")
        offer = _approved_offer(application)
        if isinstance(offer, Refused):
            return offer
        digest = terms_hash(offer.data["terms"])
        live = Agreement.objects.filter(application=application).exclude(state=AgreementState.VOID).first()
        if live is not None:
            same = (live.terms_sha256, live.number) == (digest, number)
            return (
                live if same else conflict("agreement.live", "已有生效中的合同", "Another agreement is live")
            )
        row = Agreement.objects.create(
            number=number,
            application=application,
            borrower=borrower(application.pk),
            legal_entity=application.product_version.product.legal_entity,
            terms=offer.data["terms"],
            terms_sha256=digest,
            fees=offer.data["fees"],
            annual_rate=Decimal(offer.data["annual_rate"]),
            created_at=now,
        )
        what = AgreementPrepared(
            agreement_id=row.pk, number=number, terms_sha256=digest, annual_rate=row.annual_rate
        )
        record(what, actor=actor, now=now, case_id=application.case_id)
    return row


def _locked_application(application_id: int, actor: Actor) -> Application | None:
    seen = visible_applications(actor).filter(pk=application_id).order_by().values("pk")
    rows = Application.objects.select_for_update(of=("self",)).select_related("product_version__product")
    return rows.filter(pk__in=seen).first()


def _approved_offer(application: Application) -> OfferSnapshot | Refused:
    """The offer of the last approval, where nothing in it passes a limit."""
    approval = application.decisions.filter(opinion="APPROVE").select_related("offer").order_by("-pk").first()
    if approval is None or approval.offer is None:
        return not_now("agreement.approval", "申请尚未批准", "The application is not approved yet")
    offer: OfferSnapshot = approval.offer
    findings = [objection(each["rule"], "", each["zh"], each["en"]) for each in offer.data["findings"]]
    refused = invalid(findings)
    return offer if refused is None else refused


def add_document(
    *, agreement_id: int, kind: str, file_key: str, sha256: str, size: int, actor: Actor, now: datetime
) -> AgreementDocument | Refused:
    """Keeps where a file of the agreement lies and its hash; the same content again changes nothing."""
    with transaction.atomic():
        row = _locked(agreement_id, actor)
        if row is None:
            return _missing()
        document, _ = AgreementDocument.objects.get_or_create(
            agreement=row,
            kind=kind,
            sha256=sha256,
            defaults={"file_key": file_key, "size": size, "created_at": now},
        )
    return document


def sign(
    *,
    agreement_id: int,
    signer: str,
    name: str,
    method: str,
    document_sha256: str,
    actor: Actor,
    now: datetime,
    party_id: int | None = None,
    certificate_serial: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> Agreement | Refused:
    """Keeps one signature. The lender signs last; then the agreement is in force.

    The same signer again changes nothing. Refused for void or effective agreements, for who is not to
    sign, and for the lender while a customer's signature is missing.
    """
    with transaction.atomic():
        row = _locked(agreement_id, actor)
        if row is None:
            return _missing()
        if (signer, party_id) in _there(row):
            return row
        if (refused := _may_not_sign(row, signer, party_id)) is not None:
            return refused
        Signature.objects.create(
            agreement=row,
            signer=signer,
            party_id=party_id,
            name=name,
            method=method,
            document_sha256=document_sha256,
            certificate_serial=certificate_serial,
            evidence=dict(evidence or {}),
            signed_at=now,
        )
        _advance(row, now)
        what = AgreementSigned(
            agreement_id=row.pk, number=row.number, signer=signer, document_sha256=document_sha256
        )
        record(what, actor=actor, now=now, case_id=row.application.case_id)
    return row


def _may_not_sign(row: Agreement, signer: str, party_id: int | None) -> Refused | None:
    if row.state in {AgreementState.VOID, AgreementState.EFFECTIVE}:
        return not_now("agreement.closed", "合同不在签署中", "The agreement is not being signed")
    if signer == Signer.LENDER:
        if party_id is not None:
            return not_found("agreement.signer", "贷款人签章不属于客户", "The lender is no party")
        if row.state != AgreementState.SIGNED:
            return not_now(
                "agreement.order", "客户签署齐全后贷款人才能签章", "The lender signs after the customers"
            )
        return None
    if (signer, party_id) not in _expected(row):
        return not_found("agreement.signer", "此人不是签署人", "This person is not to sign")
    return None


def _expected(row: Agreement) -> set[tuple[str, int | None]]:
    """Whose signatures the agreement needs on the customer's side."""
    roles = row.application.roles.filter(role__in=SIGNERS).values_list("role", "party_id")
    return {(SIGNERS[PartyRole(role)], party_id) for role, party_id in roles}


def _there(row: Agreement) -> set[tuple[str, int | None]]:
    """Who has signed."""
    return set(row.signatures.values_list("signer", "party_id"))


def _advance(row: Agreement, now: datetime) -> None:
    """The state that follows from the signatures there are."""
    there = _there(row)
    if _expected(row) <= there:
        is_complete = any(signer == Signer.LENDER for signer, _ in there)
        row.state = AgreementState.EFFECTIVE if is_complete else AgreementState.SIGNED
        row.effective_at = now if is_complete else None
        row.save(update_fields=["state", "effective_at"])


def void(*, agreement_id: int, reason: str, actor: Actor, now: datetime) -> Agreement | Refused:
    """Ends an agreement that is not in force yet; void already, it stays so."""
    with transaction.atomic():
        row = _locked(agreement_id, actor)
        if row is None:
            return _missing()
        if row.state == AgreementState.VOID:
            return row
        if row.state == AgreementState.EFFECTIVE:
            return not_now("agreement.effective", "合同已生效，不能作废", "The agreement is in force")
        row.state = AgreementState.VOID
        row.save(update_fields=["state"])
        what = AgreementVoided(agreement_id=row.pk, number=row.number, reason=reason)
        record(what, actor=actor, now=now, case_id=row.application.case_id)
    return row


def _locked(agreement_id: int, actor: Actor) -> Agreement | None:
    seen = visible_agreements(actor).filter(pk=agreement_id).order_by().values("pk")
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("application")
    return rows.filter(pk__in=seen).first()


def _missing() -> Refused:
    return not_found("agreement.missing", "没有这份合同", "There is no such agreement")
