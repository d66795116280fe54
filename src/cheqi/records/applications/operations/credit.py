"""The customer's consent to the credit enquiry, and the bureau's answer."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.events.lending import CreditAuthorised, CreditReportReceived, OtherAuthorisedCredit
from cheqi.foundation.eventlog.operations import record
from cheqi.records.applications.models import CreditAuthorisation, CreditReport
from cheqi.records.applications.operations.entering import locked, missing
from cheqi.records.common import not_found, not_now


def authorise_credit(
    *,
    application_id: int,
    party_id: int,
    text: str,
    purpose: str,
    method: str,
    actor: Actor,
    now: datetime,
    other: str = "",
) -> CreditAuthorisation | Refused:
    """Keeps the consent with the text as shown; given already, the first one stands.

    `other` says what they are when it is not the applicant, as the applicant reads it. Refused for a person
    who is not in the application.
    """
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        if not row.roles.filter(party_id=party_id).exists():
            return not_found("credit.party", "此人不在申请中", "This person is not in the application")
        consent, is_new = CreditAuthorisation.objects.get_or_create(
            application=row,
            party_id=party_id,
            defaults={
                "purpose": purpose,
                "text": text,
                "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
                "method": method,
                "authorised_at": now,
            },
        )
        if is_new:
            record(_said(consent, other), actor=actor, now=now, case_id=row.case_id, party_id=party_id)
    return consent


def _said(consent: CreditAuthorisation, other: str) -> CreditAuthorised | OtherAuthorisedCredit:
    if not other:
        return CreditAuthorised(
            application_id=consent.application_id,
            purpose=consent.purpose,
            text_sha256=consent.text_sha256,
            method=consent.method,
        )
    return OtherAuthorisedCredit(
        application_id=consent.application_id,
        role_title=other,
        purpose=consent.purpose,
        text_sha256=consent.text_sha256,
        method=consent.method,
    )


def keep_credit_report(
    *,
    application_id: int,
    party_id: int,
    reference: str,
    answer: str,
    figures: Mapping[str, int | str | bool | None],
    actor: Actor,
    now: datetime,
) -> CreditReport | Refused:
    """Keeps the bureau's answer sealed, once per reference. Refused without the person's consent."""
    with transaction.atomic():
        row = locked(application_id, actor)
        if row is None:
            return missing()
        consent = CreditAuthorisation.objects.filter(application=row, party_id=party_id).first()
        if consent is None:
            return not_now(
                "credit.consent", "未经授权不得查询征信", "The bureau is not asked without consent"
            )
        known = CreditReport.objects.filter(reference=reference, application=row).first()
        if known is not None:
            return known
        report = CreditReport(
            application=row,
            party_id=party_id,
            authorisation=consent,
            reference=reference,
            answer=answer,
            figures=dict(figures),
            received_at=now,
        )
        report.save(force_insert=True)
        what = CreditReportReceived(application_id=row.pk, reference=reference)
        record(what, actor=actor, now=now, case_id=row.case_id, party_id=party_id)
    return report
