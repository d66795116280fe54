"""Agreements: frozen, signed in order, in force when the lender has signed."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.core.loan.terms import from_data
from cheqi.foundation.eventlog.models import EventRow
from cheqi.records.agreements.models import Agreement, AgreementDocument, Signature
from cheqi.records.agreements.operations import add_document, prepare, sign, terms_hash, void
from cheqi.records.agreements.queries import agreement, documents, live_for, schedule, signatures
from cheqi.records.applications.checks import RoleOf
from cheqi.records.applications.operations import change, decide, keep_offer
from cheqi.records.applications.queries import borrower
from cheqi.records.tests.scenarios import (
    NOW,
    REVIEWER,
    a_branch,
    a_customer,
    a_manager,
    a_person,
    an_application,
    an_approved_application,
    an_effective_agreement,
    done,
    rules,
)

pytestmark = pytest.mark.django_db


def prepared() -> Agreement:
    """An agreement that waits for signatures."""
    return done(prepare(application_id=an_approved_application().pk, number="HT1", actor=SYSTEM, now=NOW))


def signed_by(row: Agreement, signer: str, party_id: int | None = None) -> Any:
    """The result of one signature."""
    return sign(
        agreement_id=row.pk,
        signer=signer,
        party_id=party_id,
        name="某",
        method="ONE_TIME_CODE",
        document_sha256="a" * 64,
        actor=SYSTEM,
        now=NOW,
    )


def test_the_approved_terms_are_frozen_with_their_hash() -> None:
    row = prepared()
    terms = from_data(row.terms)
    assert (terms.principal_fen, terms.rate, terms.term_months) == (10_000_000, Decimal("0.06"), 36)
    assert row.terms_sha256 == terms_hash(row.terms)
    assert terms_hash({**row.terms, "rate": "0.05"}) != row.terms_sha256
    assert round(row.annual_rate, 6) == Decimal("0.060000")
    assert schedule(row).installment_fen == 304_219
    assert EventRow.objects.filter(type="lending.agreement_prepared").count() == 1


def test_preparing_again_gives_the_same_agreement_and_another_number_is_refused() -> None:
    row = prepared()
    application_id = row.application_id
    assert done(prepare(application_id=application_id, number="HT1", actor=SYSTEM, now=NOW)).pk == row.pk
    assert rules(prepare(application_id=application_id, number="HT2", actor=SYSTEM, now=NOW)) == [
        "agreement.live"
    ]
    assert Agreement.objects.count() == 1


def test_nothing_is_prepared_without_an_approval() -> None:
    application = an_application()
    result = prepare(application_id=application.pk, number="HT1", actor=SYSTEM, now=NOW)
    assert rules(result) == ["agreement.approval"]
    assert Agreement.objects.count() == 0


def test_nothing_is_prepared_where_the_offer_passes_a_limit() -> None:
    application = an_application(term_months=48)
    application.vehicle.condition = "USED"
    application.vehicle.save()
    done(keep_offer(application_id=application.pk, actor=SYSTEM, now=NOW))
    done(decide(application_id=application.pk, step="review", opinion="APPROVE", actor=REVIEWER, now=NOW))
    result = prepare(application_id=application.pk, number="HT1", actor=SYSTEM, now=NOW)
    assert rules(result) == ["auto_loan_term.max_term.used"]
    assert Agreement.objects.count() == 0


def test_the_lender_signs_last_and_then_the_agreement_is_in_force() -> None:
    row = prepared()
    person = borrower(row.application_id)
    assert rules(signed_by(row, "LENDER")) == ["agreement.order"]
    assert done(signed_by(row, "CUSTOMER", person.pk)).state == "SIGNED"
    effective = done(signed_by(row, "LENDER"))
    assert (effective.state, effective.effective_at) == ("EFFECTIVE", NOW)
    assert done(signed_by(row, "LENDER")).state == "EFFECTIVE"
    assert [each.signer for each in signatures(row.pk, SYSTEM)] == ["CUSTOMER", "LENDER"]


def test_everybody_on_the_customer_s_side_signs() -> None:
    application = an_application()
    guarantor = a_person("李一", 2)
    everyone = (RoleOf(borrower(application.pk).pk, "BORROWER"), RoleOf(guarantor.pk, "GUARANTOR"))
    done(change(application_id=application.pk, roles=everyone, actor=SYSTEM, now=NOW))
    done(keep_offer(application_id=application.pk, actor=SYSTEM, now=NOW))
    done(decide(application_id=application.pk, step="review", opinion="APPROVE", actor=REVIEWER, now=NOW))
    row = done(prepare(application_id=application.pk, number="HT1", actor=SYSTEM, now=NOW))
    assert done(signed_by(row, "CUSTOMER", borrower(application.pk).pk)).state == "PREPARED"
    assert done(signed_by(row, "GUARANTOR", guarantor.pk)).state == "SIGNED"


@pytest.mark.parametrize("signer", ["CUSTOMER", "GUARANTOR"])
def test_who_is_not_to_sign_is_refused(signer: str) -> None:
    row = prepared()
    assert rules(signed_by(row, signer, a_person("李一", 2).pk)) == ["agreement.signer"]
    assert Signature.objects.count() == 0
    row.refresh_from_db()
    assert row.state == "PREPARED"


def test_a_void_agreement_makes_room_for_another_and_is_not_signed() -> None:
    row = prepared()
    assert done(void(agreement_id=row.pk, reason="金额有误", actor=SYSTEM, now=NOW)).state == "VOID"
    assert rules(signed_by(row, "CUSTOMER", borrower(row.application_id).pk)) == ["agreement.closed"]
    second = done(prepare(application_id=row.application_id, number="HT2", actor=SYSTEM, now=NOW))
    assert live_for(row.application_id, SYSTEM) == second


def test_an_agreement_in_force_is_not_voided() -> None:
    row = an_effective_agreement()
    assert rules(void(agreement_id=row.pk, reason="x", actor=SYSTEM, now=NOW)) == ["agreement.effective"]
    row.refresh_from_db()
    assert row.state == "EFFECTIVE"


def test_a_document_is_kept_once_per_content() -> None:
    row = prepared()
    given: dict[str, Any] = {
        "agreement_id": row.pk,
        "kind": "CONTRACT",
        "file_key": "ab/cd",
        "sha256": "b" * 64,
        "size": 9,
        "actor": SYSTEM,
        "now": NOW,
    }
    assert done(add_document(**given)).pk == done(add_document(**given)).pk
    assert [each.file_key for each in documents(row.pk, SYSTEM)] == ["ab/cd"]
    stranger = a_manager(a_branch("SH01"))
    assert rules(add_document(**{**given, "actor": stranger, "sha256": "c" * 64})) == ["agreement.missing"]
    assert AgreementDocument.objects.count() == 1


def test_the_customer_sees_the_own_agreement_and_a_stranger_none() -> None:
    row = prepared()
    assert agreement(row.pk, a_customer(borrower(row.application_id))) == row
    assert agreement(row.pk, a_customer(a_person("李一", 2))) is None
    assert signatures(row.pk, a_manager(a_branch("SH01"))) == ()


def test_the_database_holds_one_live_agreement_an_application() -> None:
    row = prepared()
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(
            number="HT9",
            application_id=row.application_id,
            borrower_id=row.borrower_id,
            legal_entity="x",
            terms={},
            terms_sha256="",
            annual_rate=Decimal(0),
            created_at=NOW,
        )
    assert Agreement.objects.count() == 1
