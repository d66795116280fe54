"""The disbursement, recorded once: account, installments, transfers and event in one transaction."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.base.text import Text
from cheqi.core.events.lending import LoanDisbursed
from cheqi.core.ledger import Purpose
from cheqi.core.loan.fees import Fee, FeeTiming, fee_at_fen
from cheqi.core.loan.schedule import Schedule, build
from cheqi.core.loan.terms import disbursed_on, from_data, to_data
from cheqi.foundation.eventlog.operations import record
from cheqi.records.agreements.choices import AgreementState
from cheqi.records.agreements.models import Agreement
from cheqi.records.agreements.queries import visible_agreements
from cheqi.records.common import conflict, not_found, not_now
from cheqi.records.ledger.models import Transfer
from cheqi.records.ledger.operations import Posting, post
from cheqi.records.ledger.queries import open_date
from cheqi.records.loans.models import Installment, LoanAccount
from cheqi.records.loans.queries import visible_loans


def disburse(
    *,
    agreement_id: int,
    key: str,
    actor: Actor,
    now: datetime,
    disbursement_date: date | None = None,
) -> LoanAccount | Refused:
    """Records the payout of an agreement on the open business date (or an earlier value date).

    The second call with the same key gives the same loan. Refused for another key of the same agreement,
    a key that belongs to another agreement, an agreement that is not in force, and a date in the future.
    Loan account, installments, the transfer from loans to payouts in transit, and the event are written
    together or not at all.
    """
    try:
        with transaction.atomic():
            return _disburse(agreement_id, key, disbursement_date, actor, now)
    except IntegrityError:
        with transaction.atomic():
            made = _made_before(agreement_id, key)
            if made is None:
                raise
            return made


def _disburse(
    agreement_id: int, key: str, on: date | None, actor: Actor, now: datetime
) -> LoanAccount | Refused:
    seen = visible_agreements(actor).filter(pk=agreement_id).order_by().values("pk")
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("application__product_version")
    agreement = rows.filter(pk__in=seen).first()
    if agreement is None:
        return _unknown_agreement()
    if (made := _made_before(agreement_id, key)) is not None:
        return made
    if agreement.state != AgreementState.EFFECTIVE:
        return not_now("loan.agreement", "合同尚未生效，不能放款", "The agreement is not in force yet")
    today = open_date(agreement.legal_entity)
    day = on or today
    if day > today:
        return not_now("loan.date", "放款日不能晚于营业日", "A payout is not dated after the business date")
    schedule = build(disbursed_on(from_data(agreement.terms), day))
    loan = _account(agreement, schedule, key, now)
    _installments(loan, agreement, schedule)
    posted = post(
        legal_entity=agreement.legal_entity,
        postings=[
            Posting(
                key=f"disburse:{key}",
                debit=Purpose.LOAN_PRINCIPAL,
                credit=Purpose.PAYOUT_IN_TRANSIT,
                amount_fen=loan.principal_fen,
                value_date=day,
                subject=f"loan:{loan.pk}",
                memo=loan.number,
            )
        ],
        actor=actor,
        now=now,
    )
    if not posted:
        raise RuntimeError(f"the ledger knows this disbursement and the loan does not: {key}")
    what = LoanDisbursed(
        loan_id=loan.pk,
        number=loan.number,
        agreement_id=agreement.pk,
        principal_fen=loan.principal_fen,
        disbursement_date=day,
        first_due_date=schedule.terms.first_due_date,
        key=key,
    )
    record(what, actor=actor, now=now, case_id=loan.case_id, party_id=loan.borrower_id)
    return loan


def _made_before(agreement_id: int, key: str) -> LoanAccount | Refused | None:
    """The loan of this key, a refusal where key and agreement were used apart, or None."""
    by_key = LoanAccount.objects.filter(key=key).first()
    if by_key is not None:
        if by_key.agreement_id == agreement_id:
            return by_key
        return conflict("loan.key", "该放款键已用于其他合同", "The key belongs to another agreement")
    if LoanAccount.objects.filter(agreement_id=agreement_id).exists():
        return conflict("loan.disbursed", "该合同已放款", "The agreement was paid out already")
    return None


def _account(agreement: Agreement, schedule: Schedule, key: str, now: datetime) -> LoanAccount:
    terms, application = schedule.terms, agreement.application
    loan = LoanAccount(
        number=agreement.number,
        key=key,
        agreement=agreement,
        borrower_id=agreement.borrower_id,
        branch_id=application.branch_id,
        product_version_id=application.product_version_id,
        legal_entity=agreement.legal_entity,
        case_id=application.case_id,
        terms=to_data(terms),
        principal_fen=terms.principal_fen,
        principal_balance_fen=terms.principal_fen,
        next_due_date=terms.first_due_date,
        accrual_anchor_date=terms.disbursement_date,
        disbursement_date=terms.disbursement_date,
        disbursed_at=now,
    )
    loan.save(force_insert=True)
    return loan


def _installments(loan: LoanAccount, agreement: Agreement, schedule: Schedule) -> None:
    fees = [
        Fee(each["code"], Text(each["zh"], each["en"]), each["amount_fen"], FeeTiming(each["timing"]))
        for each in agreement.fees
    ]
    count = len(schedule.installments)
    Installment.objects.bulk_create(
        Installment(
            loan=loan,
            number=row.number,
            start_date=row.start_date,
            due_date=row.due_date,
            principal_fen=row.principal_fen,
            interest_fen=row.interest_fen,
            fee_fen=fee_at_fen(fees, row.number, count),
            balance_after_fen=row.balance_after_fen,
        )
        for row in schedule.installments
    )


def settle_payout(
    *, loan_id: int, reference: str, value_date: date, actor: Actor, now: datetime
) -> Transfer | Refused:
    """Books that the bank paid the dealer: payouts in transit to bank; once, whatever comes twice."""
    with transaction.atomic():
        loan = visible_loans(actor).filter(pk=loan_id).first()
        if loan is None:
            return not_found("loan.missing", "没有这笔贷款", "There is no such loan")
        posted = post(
            legal_entity=loan.legal_entity,
            postings=[
                Posting(
                    key=f"payout:{loan.key}",
                    debit=Purpose.PAYOUT_IN_TRANSIT,
                    credit=Purpose.BANK,
                    amount_fen=loan.principal_fen,
                    value_date=value_date,
                    subject=f"loan:{loan.pk}",
                    memo=reference,
                )
            ],
            actor=actor,
            now=now,
        )
    return posted if isinstance(posted, Refused) else posted[0]


def _unknown_agreement() -> Refused:
    return not_found("agreement.missing", "没有这份合同", "There is no such agreement")
