"""What answers from outside do: each in the transaction that records the answer, exactly once."""

from datetime import datetime

from cheqi.areas.origination.assessment import figures_of
from cheqi.areas.origination.lending import agreement_of
from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.exchanges.choices import ExchangeState
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.registry import Answer, on_answer
from cheqi.foundation.whole import must
from cheqi.foundation.workflow.operations import signal
from cheqi.foundation.workflow.store import load_case
from cheqi.ports.credit_bureau import CreditReport
from cheqi.ports.payments import Mandate, PayeeAnswer, PaymentStatus
from cheqi.ports.payments import MandateState as BankMandate
from cheqi.ports.vehicle_registry import FilingStatus
from cheqi.records.applications.choices import MandateState, PayeeState
from cheqi.records.applications.models import CreditAuthorisation
from cheqi.records.applications.operations import keep_credit_report, keep_payee_verdict, set_mandate
from cheqi.records.applications.operations.entering import locked
from cheqi.records.common import lender_date
from cheqi.records.liens.choices import LienState
from cheqi.records.liens.operations import move_lien
from cheqi.records.liens.queries import lien_of
from cheqi.records.loans.operations import disburse, settle_payout

MANDATES = {
    BankMandate.PENDING: MandateState.PENDING,
    BankMandate.ACTIVE: MandateState.ACTIVE,
    BankMandate.REFUSED: MandateState.REFUSED,
}


@on_answer("credit_bureau.enquire")
def credit_answered(answer: Answer, *, now: datetime) -> None:
    """Keeps the report of one person, sealed; without one (declined) the policy sees that there is no file.

    The case moves on with the last answer of the round. Answers take turns by the application's row, so
    that of two at once the second sees the first.
    """
    if answer.case_id is None:
        return
    application = application_of(answer.case_id)
    locked(application.pk, SYSTEM)
    if isinstance(answer.result, CreditReport):
        consent_id = int(answer.request.authorisation.reference.removeprefix("consent-"))
        must(
            keep_credit_report(
                application_id=application.pk,
                party_id=CreditAuthorisation.objects.get(pk=consent_id, application=application).party_id,
                reference=answer.result.report_number,
                answer=answer.result.raw.decode("utf-8", "replace"),
                figures=figures_of(answer.result),
                actor=SYSTEM,
                now=now,
            )
        )
    if not _others_to_come(answer):
        _signal(answer, "bureau.answered", now=now)


def _others_to_come(answer: Answer) -> bool:
    """Whether another question of the same round has no final answer yet: `case:credit:round[:party]`."""
    asked = ":".join(answer.key.split(":")[:3])
    final = (ExchangeState.DONE, ExchangeState.FAILED)
    others = Exchange.objects.filter(case_id=answer.case_id, port="credit_bureau").exclude(state__in=final)
    keys = others.exclude(pk=answer.exchange_id).values_list("key", flat=True)
    return any(key == asked or key.startswith(f"{asked}:") for key in keys)


@on_answer("payments.verify_payee")
def payee_answered(answer: Answer, *, now: datetime) -> None:
    """Keeps the bank's word on the dealer's account; a refusal to answer counts as an unknown account.

    A word about an account that is not the dealer's any more says nothing about the one that is.
    """
    if answer.case_id is None:
        return
    dealer = application_of(answer.case_id).dealer
    state, reference, is_match = PayeeState.ACCOUNT_UNKNOWN, answer.key, False
    if isinstance(answer.result, PayeeAnswer):
        state, reference = PayeeState(answer.result.verdict.value), answer.result.reference
        is_match = answer.result.is_match
    asked = answer.request
    is_current = dealer is not None and (asked.account_number, asked.name) == (
        dealer.account,
        dealer.account_name,
    )
    is_match = is_match and is_current
    if dealer is not None and is_current:
        must(keep_payee_verdict(dealer_id=dealer.pk, state=state, reference=reference, actor=SYSTEM, now=now))
    _signal(answer, "bank.payee_checked", now=now, facts={"payee_matches": is_match})


@on_answer("payments.create_mandate")
def mandate_answered(answer: Answer, *, now: datetime) -> None:
    """Keeps where the mandate stands. One that is refused is kept as refused: the payout is then guarded."""
    if answer.case_id is None:
        return
    state, reference, reason = MandateState.REFUSED, "", ""
    if isinstance(answer.result, Mandate):
        state, reference = MANDATES[answer.result.state], answer.result.reference
        reason = answer.result.reason
    elif answer.declined:
        reason = answer.declined.reason
    must(
        set_mandate(
            application_id=application_of(answer.case_id).pk,
            state=state,
            reference=reference,
            reason=reason,
            actor=SYSTEM,
            now=now,
        )
    )
    _signal(answer, "bank.mandate_created", now=now)


@on_answer("vehicle_registry.register_lien")
def lien_answered(answer: Answer, *, now: datetime) -> None:
    """Registered, or returned with the registry's reason."""
    if answer.case_id is None:
        return
    loaded = load_case(answer.case_id)
    assert loaded is not None, f"case {answer.case_id} vanished"
    lien = lien_of(agreement_of(loaded.record).pk, SYSTEM)
    assert lien is not None, f"case {answer.case_id} filed a lien that is not there"
    status, reason = answer.result, answer.declined.reason if answer.declined else ""
    if isinstance(status, FilingStatus) and status.is_endorsed:
        today = lender_date(now)
        must(
            move_lien(
                lien_id=lien.pk,
                to_state=LienState.REGISTERED,
                reference=status.filing_number,
                on=today,
                actor=SYSTEM,
                now=now,
            )
        )
        _signal(answer, "registry.lien_answered", now=now, outcome="registered")
        return
    reason = status.return_reason if isinstance(status, FilingStatus) else reason
    must(move_lien(lien_id=lien.pk, to_state=LienState.RETURNED, reason=reason, actor=SYSTEM, now=now))
    _signal(answer, "registry.lien_answered", now=now, outcome="returned", reason=reason)


@on_answer("payments.pay_out")
def payout_answered(answer: Answer, *, now: datetime) -> None:
    """The bank paid: the loan account opens. It came back: the payee is corrected, nothing is booked."""
    if answer.case_id is None:
        return
    status = answer.result
    if not (isinstance(status, PaymentStatus) and status.is_settled):
        reason = status.reason if isinstance(status, PaymentStatus) else ""
        reason = reason or (answer.declined.reason if answer.declined else "")
        facts = {"payee_matches": False}
        _signal(answer, "bank.paid", now=now, outcome="returned", facts=facts, reason=reason)
        return
    loaded = load_case(answer.case_id)
    assert loaded is not None, f"case {answer.case_id} vanished"
    agreement = agreement_of(loaded.record)
    loan = must(disburse(agreement_id=agreement.pk, key=answer.key, actor=SYSTEM, now=now))
    paid_at = status.settled_at or now
    must(
        settle_payout(
            loan_id=loan.pk,
            reference=status.reference,
            value_date=lender_date(paid_at),
            actor=SYSTEM,
            now=now,
        )
    )
    _signal(answer, "bank.paid", now=now, outcome="paid")


def _signal(
    answer: Answer,
    awaited: str,
    *,
    now: datetime,
    outcome: str = "",
    facts: dict[str, bool] | None = None,
    reason: str = "",
) -> None:
    """Moves the case; one that does not wait any more (withdrawn, or sent back meanwhile) stays as it is."""
    assert answer.case_id is not None, "asked about a case"
    loaded = load_case(answer.case_id)
    if loaded is None or not loaded.record.state.is_open:
        return
    waiting = loaded.record.definition.awaiting.get(awaited, ())
    steps = [loaded.record.state.steps.get(key) for key in waiting]
    if not any(step is not None and step.is_open for step in steps):
        return
    must(
        signal(
            case_id=answer.case_id,
            awaited=awaited,
            outcome=outcome,
            facts=facts,
            data={"exchange": answer.exchange_id, "reason": reason} if reason else None,
            actor=SYSTEM,
            now=now,
            key=f"answer:{answer.key}",
        )
    )
