"""What the automatic steps of the application do. Each may run twice for a round and does its work once.

An operation that asks an outside system returns no outcome: the step then waits, and `answers.py` ends it.
"""

from datetime import datetime

from django.db import transaction

from cheqi.areas.origination import lending, policy
from cheqi.areas.origination.crediting import Asked, asked_about, fresh_reports, missing, said_titles
from cheqi.areas.origination.domain import Decision, Opinion, combine
from cheqi.areas.origination.operations.consents import AUTHORISED, STEP_OF_OTHERS
from cheqi.areas.origination.operations.signing import SIGNED
from cheqi.areas.origination.people import application_of, key_for
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Refused
from cheqi.core.events.lending import CreditPolicyChecked
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.exchanges.operations import ask
from cheqi.foundation.whole import Stopped, must
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import StepResult, awaits, operation
from cheqi.ports.credit_bureau import Authorisation, CreditEnquiry, Subject
from cheqi.ports.payments import PayeeCheck
from cheqi.records.applications.operations import keep_offer

awaits(
    AUTHORISED,
    SIGNED,
    "bureau.answered",
    "bank.payee_checked",
    "bank.mandate_created",
    "bank.paid",
    "registry.lien_answered",
)


class StepCannotRun(RuntimeError):
    """An automatic step met a refusal: it is tried again, and then lies among the dead letters."""


@operation("origination.enquire_credit")
@transaction.atomic
def enquire_credit(case: CaseRecord, actor: Actor, now: datetime) -> StepResult:
    """Asks the bureau about each person who consented, unless a report of the last 30 days is there.

    All are asked together, so that the first answer finds the other questions on record.
    """
    application = application_of(case.id)
    asked, fresh = asked_about(application), fresh_reports(application, now)
    lacking = [one for one in missing(asked) if one.is_applicant or STEP_OF_OTHERS in case.definition.by_key]
    if lacking:
        raise StepCannotRun(f"{case.number}: no consent of the {said_titles(lacking).en} is on record")
    open_questions = [one for one in asked if one.consent is not None and one.party.pk not in fresh]
    for one in open_questions:
        enquiry = _enquiry(case, one)
        ask("credit_bureau", "enquire", key=enquiry.key, payload=enquiry, now=now, case_id=case.id)
    return StepResult() if open_questions else StepResult(outcome="done")


def _enquiry(case: CaseRecord, asked: Asked) -> CreditEnquiry:
    """The question about one person, with the consent that allows it."""
    person, consent, key = asked.party, asked.consent, key_for(case, "credit", "enquire_credit")
    assert consent is not None, f"{case.number}: nobody is asked about without consent"
    return CreditEnquiry(
        key=key if asked.is_applicant else f"{key}:{person.pk}",
        subject=Subject(name=person.name, id_number=person.id_number, mobile=person.mobile),
        purpose=asked.purpose,
        authorisation=Authorisation(
            reference=f"consent-{consent.pk}",
            authorised_at=consent.authorised_at,
            text_version=consent.text_sha256[:16],
        ),
        enquirer=case.created_by_name,
    )


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
    try:
        offer = must(keep_offer(application_id=application.pk, actor=SYSTEM, now=now))
    except Stopped as stopped:
        raise StepCannotRun(f"{case.number}: {stopped.refused.findings[0].message.en}") from stopped
    data = policy.check(application, offer.data["installment_fen"], now) | {"offer_id": offer.pk}
    event = CreditPolicyChecked(
        application_id=application.pk,
        outcome=data["outcome"],
        rules=tuple(one["rule"] for one in data["findings"]),
        pack_version=data["pack"]["version"],
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


def _run(result: StepResult | Refused) -> StepResult:
    """A result, or the refusal as a failure that is tried again and then shown to people."""
    if isinstance(result, Refused):
        raise StepCannotRun(result.findings[0].message.en)
    return result
