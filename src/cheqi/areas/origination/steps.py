"""What the automatic steps of the application do. Each may run twice for a round and does its work once.

An operation that asks an outside system returns no outcome: the step then waits, and `answers.py` ends it.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from cheqi.areas.origination import lending
from cheqi.areas.origination.assessment import Situation, policy_inputs
from cheqi.areas.origination.domain import Decision, Opinion, combine
from cheqi.areas.origination.people import applicant_of, application_of, key_for
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Refused
from cheqi.core.events.lending import CreditPolicyChecked
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.exchanges.operations import ask
from cheqi.foundation.rulebook.queries import pack
from cheqi.foundation.whole import Stopped, must
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import StepResult, awaits, operation
from cheqi.ports.credit_bureau import Authorisation, CreditEnquiry, EnquiryPurpose, Subject
from cheqi.ports.payments import PayeeCheck
from cheqi.records.applications.models import Application, CreditAuthorisation, CreditReport
from cheqi.records.applications.operations import keep_offer
from cheqi.rules import evaluate_all

REPORT_IS_FRESH_FOR = timedelta(days=30)

awaits(
    "bureau.answered",
    "bank.payee_checked",
    "bank.mandate_created",
    "bank.paid",
    "registry.lien_answered",
)


class StepCannotRun(RuntimeError):
    """An automatic step met a refusal: it is tried again, and then lies among the dead letters."""


@operation("origination.enquire_credit")
def enquire_credit(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Asks the bureau about the applicant, unless a report of the last 30 days is there."""
    application = application_of(case.id)
    if latest_report(application, now) is not None:
        return StepResult(outcome="done")
    person = applicant_of(application)
    consent = CreditAuthorisation.objects.filter(application=application, party=person).first()
    if consent is None:
        raise StepCannotRun(f"{case.number}: no consent to a credit enquiry is on record")
    key = key_for(case, "credit", "enquire_credit")
    enquiry = CreditEnquiry(
        key=key,
        subject=Subject(name=person.name, id_number=person.id_number, mobile=person.mobile),
        purpose=EnquiryPurpose.LOAN_APPROVAL,
        authorisation=Authorisation(
            reference=f"consent-{consent.pk}",
            authorised_at=consent.authorised_at,
            text_version=consent.text_sha256[:16],
        ),
        enquirer=case.created_by_name,
    )
    ask("credit_bureau", "enquire", key=key, payload=enquiry, now=now, case_id=case.id)
    return StepResult()


@operation("origination.verify_payee")
def verify_payee(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Asks the bank whether the dealer's account bears the dealer's name."""
    dealer = application_of(case.id).dealer
    if dealer is None:
        raise StepCannotRun(f"{case.number}: no dealer to be paid")
    key = key_for(case, "payee", "verify_payee")
    check = PayeeCheck(
        key=key, account_number=dealer.account, name=dealer.account_name, bank_code=dealer.bank_code
    )
    ask("payments", "verify_payee", key=key, payload=check, now=now, case_id=case.id)
    return StepResult()


@operation("origination.check_policy")
@transaction.atomic
def check_policy(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Calculates the offer, asks the credit policy, and keeps both with their inputs."""
    application = application_of(case.id)
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    try:
        offer = must(keep_offer(application_id=application.pk, actor=SYSTEM, now=now))
    except Stopped as stopped:
        raise StepCannotRun(f"{case.number}: {stopped.refused.findings[0].message.en}") from stopped
    report = latest_report(application, now)
    situation = Situation(
        customer_type=application.customer_type,
        birth_date=applicant_of(application).birth_date,
        monthly_income_fen=application.monthly_income_fen,
        installment_fen=offer.data["installment_fen"],
        term_months=application.term_months,
        car_registered_date=application.vehicle.registered_date,
    )
    inputs = policy_inputs(situation, report.figures if report else {}, today)
    policy = pack("credit_policy", today)
    met = evaluate_all(policy, inputs)
    outcomes = {str(one.value["outcome"]) for one in met}
    outcome = next((word for word in ("REFUSE", "REFER") if word in outcomes), "PASS")
    data: dict[str, Any] = {
        "outcome": outcome,
        "findings": [
            {
                "outcome": str(one.value["outcome"]),
                "rule": one.rule,
                "clause": one.clause,
                "zh": one.explanation.zh,
                "en": one.explanation.en,
            }
            for one in met
        ],
        "inputs": {
            name: value if isinstance(value, int | bool) else str(value) for name, value in inputs.items()
        },
        "pack": {"name": policy.name, "version": policy.version},
        "report": report.reference if report else "",
        "offer_id": offer.pk,
    }
    event = CreditPolicyChecked(
        application_id=application.pk,
        outcome=outcome,
        rules=tuple(one.rule for one in met),
        pack_version=policy.version,
    )
    record(event, actor=actor, now=now, case_id=case.id)
    return StepResult(outcome="done", data=data)


@operation("origination.decide")
def decide(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Combines what one reviewer, or two side by side, decided."""
    first = Opinion(case.outcome_of("review").upper())
    second = case.outcome_of("second_review")
    decision = combine(first, Opinion(second.upper()) if second else None)
    outcome = {Decision.APPROVED: "approved", Decision.REFUSED: "refused", Decision.SPLIT: "split"}[decision]
    return StepResult(outcome=outcome, facts={"decision": decision.value})


@operation("origination.prepare_contract")
def prepare_contract(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Freezes the approved terms and draws the contract up."""
    return _run(lending.prepare_contract(case, now=now))


@operation("origination.countersign")
def countersign(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Signs for the lender; the agreement is then in force."""
    return _run(lending.countersign(case, now=now))


@operation("origination.set_up_mandate")
def set_up_mandate(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Asks the customer's bank for the auto-debit mandate."""
    return _run(lending.ask_for_mandate(case, now=now))


@operation("origination.register_lien")
def register_lien(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Files the lien at the vehicle registry."""
    return _run(lending.file_lien(case, now=now))


@operation("origination.pay_out")
def pay_out(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Instructs the bank to pay the dealer, once for the agreement."""
    return _run(lending.instruct_payout(case, now=now))


def latest_report(application: Application, now: datetime) -> CreditReport | None:
    """The newest report of the applicant that is not older than 30 days."""
    reports = CreditReport.objects.filter(application=application, received_at__gt=now - REPORT_IS_FRESH_FOR)
    return reports.order_by("-pk").first()


def _run(result: StepResult | Refused) -> StepResult:
    """A result, or the refusal as a failure that is tried again and then shown to people."""
    if isinstance(result, Refused):
        raise StepCannotRun(result.findings[0].message.en)
    return result
