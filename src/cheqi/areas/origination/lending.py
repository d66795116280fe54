"""From the decision to the money: contract, signatures, mandate, lien, payout. Called by `steps.py`."""

from datetime import datetime

from django.conf import settings

from cheqi.areas.origination.contract import contract_of, signatories_of
from cheqi.areas.origination.operations.ending import void_contract
from cheqi.areas.origination.people import application_of, key_for, people_of
from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.dates import add_months
from cheqi.core.base.findings import RefusalKind, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.operations import ask
from cheqi.foundation.paper.operations import draw_up, sign_lender
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import StepResult
from cheqi.ports.payments import MandateRequest, PayOut
from cheqi.ports.vehicle_registry import ApplicationType, FilingBusiness, LienFiling, Mortgagor
from cheqi.records.agreements import operations as agreements
from cheqi.records.agreements.models import Agreement
from cheqi.records.agreements.queries import live_for, schedule
from cheqi.records.applications.choices import CustomerType, MandateState, PartyRole, PayeeState
from cheqi.records.applications.operations import set_mandate
from cheqi.records.liens import operations as liens
from cheqi.records.liens.choices import LienState

PLATE_KIND_SMALL_CAR = "02"
PLATE_KIND_NEW_ENERGY = "52"
MANDATE_RUNS_ON_MONTHS = 3
LAST_COMMON_DAY = 28


class NoAgreement(LookupError):
    """A step behind the contract has no agreement to work on."""


@whole
def prepare_contract(case: CaseRecord, *, now: datetime) -> StepResult:
    """Freezes the approved offer into an agreement and draws its contract up; the same round does it once."""
    application = application_of(case.id)
    round_number = case.round_of("prepare_contract")
    suffix = f"-{round_number}" if round_number > 1 else ""
    number = f"HT{case.number.removeprefix('CQ')}{suffix}"
    live = live_for(application.pk, SYSTEM)
    if live is not None and live.number != number:
        must(void_contract(case_id=case.id, reason="重新审批", now=now))
    agreement = must(agreements.prepare(application_id=application.pk, number=number, actor=SYSTEM, now=now))
    paper = must(
        draw_up(
            contract_of(agreement, application, now),
            case_id=case.id,
            party_id=case.party_id or agreement.borrower_id,
            branch_id=application.branch_id,
            signatories=signatories_of(application),
            agreement_ref=f"agreement:{agreement.pk}",
            actor=SYSTEM,
            now=now,
            key=f"contract:{number}",
        )
    )
    return StepResult(outcome="done", data={"agreement_id": agreement.pk, "paper_id": paper.pk})


@whole
def countersign(case: CaseRecord, *, now: datetime) -> StepResult:
    """Puts the lender's seal under the contract, and the agreement in force."""
    agreement = agreement_of(case)
    paper_id = case.data_of("prepare_contract")["paper_id"]
    paper = must(sign_lender(paper_id, actor=SYSTEM, now=now, key=f"countersign:{agreement.number}"))
    must(
        agreements.sign(
            agreement_id=agreement.pk,
            signer="LENDER",
            name=settings.LENDER_NAME,
            method="CERTIFICATE",
            document_sha256=paper.sha256,
            actor=SYSTEM,
            now=now,
        )
    )
    return StepResult(outcome="done")


@whole
def ask_for_mandate(case: CaseRecord, *, now: datetime) -> StepResult:
    """Asks for the mandate: at most twice the highest installment a time, until after the last one."""
    agreement, application = agreement_of(case), application_of(case.id)
    account = application.collection_account
    if account is None:
        raise NoAgreement(f"{case.number}: no account to collect from")
    rows = schedule(agreement).installments
    limit_fen = 2 * max(row.amount_fen for row in rows)
    must(
        set_mandate(
            application_id=application.pk,
            state=MandateState.PENDING,
            limit_fen=limit_fen,
            actor=SYSTEM,
            now=now,
        )
    )
    owner, key = account.party, key_for(case, "mandate", "set_up_mandate")
    request = MandateRequest(
        key=key,
        account_number=account.number,
        name=account.holder_name,
        id_number=owner.id_number,
        mobile=owner.mobile,
        contract_number=agreement.number,
        limit_fen=limit_fen,
        debit_day=min(rows[0].due_date.day, LAST_COMMON_DAY),
        valid_until_date=add_months(rows[-1].due_date, MANDATE_RUNS_ON_MONTHS),
    )
    ask("payments", "create_mandate", key=key, payload=request, now=now, case_id=case.id)
    return StepResult()


@whole
def file_lien(case: CaseRecord, *, now: datetime) -> StepResult:
    """Files the lien with the data that the clerk prepared."""
    agreement, application = agreement_of(case), application_of(case.id)
    prepared, car = case.data_of("prepare_lien"), application.vehicle
    owner = people_of(application, PartyRole.BORROWER)[0]
    lien = must(liens.prepare_lien(agreement_id=agreement.pk, actor=SYSTEM, now=now))
    must(liens.move_lien(lien_id=lien.pk, to_state=LienState.FILED, actor=SYSTEM, now=now))
    key = key_for(case, "lien", "register_lien")
    is_company = application.customer_type == CustomerType.COMPANY
    filing = LienFiling(
        key=key,
        business=FilingBusiness.REGISTER_LIEN,
        application_type=ApplicationType.LENDER_FOR_COMPANY
        if is_company
        else ApplicationType.LENDER_FOR_PERSON,
        plate_number=car.plate,
        plate_kind=PLATE_KIND_NEW_ENERGY if car.energy == "NEV" else PLATE_KIND_SMALL_CAR,
        vin=car.vin,
        certificate_number=str(prepared.get("certificate_number", "")),
        main_contract_number=agreement.number,
        lien_contract_number=f"{agreement.number}-DY",
        lender_code=settings.LENDER_CODE,
        agent=str(prepared.get("agent", "")),
        mortgagor=Mortgagor(name=owner.name, id_number=owner.id_number, mobile=owner.mobile),
        batch_number=key,
    )
    ask("vehicle_registry", "register_lien", key=key, payload=filing, now=now, case_id=case.id)
    return StepResult()


@whole
def instruct_payout(case: CaseRecord, *, now: datetime) -> StepResult:
    """Instructs the bank, or has the payee checked again where the account was changed since the yes.

    The key carries the round. Another round comes only after the bank has returned the payment of this one,
    or when none was ordered in it: so what was ordered is never ordered under a second key.
    """
    agreement, application = agreement_of(case), application_of(case.id)
    dealer = application.dealer
    if dealer is None:
        raise NoAgreement(f"{case.number}: no dealer to be paid")
    key = key_for(case, "payout", "pay_out")
    if Exchange.objects.filter(key=key).exists():
        return StepResult()
    if dealer.payee_state != PayeeState.MATCH:
        if case.definition.by_key["pay_out"].outcome("recheck") is not None:
            return StepResult(outcome="recheck")
        message = Text("收款账户尚未核验", "The bank has not confirmed the dealer's account")
        must(refuse(RefusalKind.NOT_NOW, "disbursement.payee", message))
    instruction = PayOut(
        key=key,
        amount_fen=int(agreement.terms["principal_fen"]),
        account_number=dealer.account,
        name=dealer.account_name,
        bank_code=dealer.bank_code,
        memo=f"车贷放款 {agreement.number}",
    )
    ask("payments", "pay_out", key=key, payload=instruction, now=now, case_id=case.id)
    return StepResult()


def principal_of(case: CaseRecord) -> int:
    """The principal of the live agreement, in fen. Raises NoAgreement."""
    return int(agreement_of(case).terms["principal_fen"])


def agreement_of(case: CaseRecord) -> Agreement:
    """The live agreement of a case. Raises NoAgreement."""
    found = live_for(application_of(case.id).pk, SYSTEM)
    if found is None:
        raise NoAgreement(case.number)
    return found
