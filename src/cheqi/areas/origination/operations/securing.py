"""Between contract and payout: insurance, GPS, the lien's papers, the certificate, the order to pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from cheqi.areas.origination.lending import NoAgreement, agreement_of, principal_of
from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.money import format_yuan
from cheqi.core.base.text import Text
from cheqi.foundation.whole import Stopped, must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import finish_step
from cheqi.records.applications.operations import record_dealer
from cheqi.records.common import lender_date
from cheqi.records.liens import operations as liens
from cheqi.records.liens.choices import TitleHolder
from cheqi.records.parties.choices import FactOrigin
from cheqi.records.vehicles.operations import verify_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """An insurance policy as a clerk enters it."""

    insurer: str
    policy_number: str
    beneficiary: str
    sum_fen: int
    from_date: date
    until_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gps:
    """A GPS contract as a clerk enters it."""

    provider: str
    contract_number: str
    device_number: str
    from_date: date
    until_date: date | None = None


@whole
def record_insurance(*, case_id: int, policy: Policy, actor: Actor, now: datetime, key: str) -> CaseMoved:
    """Keeps the policy and finishes the step.

    Refused unless the lender is its first beneficiary, it is in force on the day (`now` on the lender's
    calendar) and insures at least the loan: otherwise it would not cover what the lien stands for.
    """
    lien = must(_lien(case_id, actor, now))
    principal_fen = principal_of(must(case_for(case_id, actor)))
    if findings := _objections_to(policy, principal_fen, lender_date(now)):
        raise Stopped(Refused(RefusalKind.INVALID, findings))
    must(
        liens.record_insurance(
            lien_id=lien,
            insurer=policy.insurer,
            policy_number=policy.policy_number,
            is_lender_beneficiary=True,
            sum_fen=policy.sum_fen,
            from_date=policy.from_date,
            until_date=policy.until_date,
            actor=actor,
            now=now,
        )
    )
    return must(
        finish_step(
            case_id=case_id, step="record_insurance", outcome="recorded", actor=actor, now=now, key=key
        )
    )


def _objections_to(policy: Policy, principal_fen: int, today: date) -> tuple[Finding, ...]:
    found = []
    if policy.beneficiary.strip() != settings.LENDER_NAME:
        message = Text(
            f"第一受益人须为{settings.LENDER_NAME}，请先向保险公司批改",
            f"The first beneficiary must be {settings.LENDER_NAME}; have the policy endorsed first",
        )
        found.append(Finding("insurance.beneficiary", message, field="beneficiary"))
    if policy.sum_fen < principal_fen:
        amount = format_yuan(principal_fen)
        message = Text(
            f"保额不能低于贷款本金 {amount}，请核对保单，或请客户加保",
            f"The sum must be at least the loan of {amount}: check the policy, or ask for more cover",
        )
        found.append(Finding("insurance.sum_too_small", message, field="sum_fen"))
    if policy.until_date <= today:
        message = Text(
            "这份保单已到期，请登记有效的保单", "This policy has run out: record one that is in force"
        )
        found.append(Finding("insurance.over", message, field="until_date"))
    return tuple(found)


@whole
def record_gps(*, case_id: int, contract: Gps, actor: Actor, now: datetime, key: str) -> CaseMoved:
    """Keeps the GPS contract and finishes the step."""
    lien = must(_lien(case_id, actor, now))
    must(
        liens.record_gps(
            lien_id=lien,
            provider=contract.provider,
            contract_number=contract.contract_number,
            device_numbers=[contract.device_number],
            from_date=contract.from_date,
            until_date=contract.until_date,
            actor=actor,
            now=now,
        )
    )
    return must(
        finish_step(case_id=case_id, step="record_gps", outcome="recorded", actor=actor, now=now, key=key)
    )


@whole
def prepare_lien(
    *,
    case_id: int,
    car: Mapping[str, str],
    certificate_number: str,
    actor: Actor,
    now: datetime,
    key: str,
) -> CaseMoved:
    """Completes the car's data (`plate`, `vin`, `engine_number`) for the registry and finishes the step.

    Refused while plate, VIN or certificate number are missing or fail their checks.
    """
    must(case_for(case_id, actor))
    if not certificate_number.strip():
        message = Text("请填写登记证书编号", "Give the certificate number")
        finding = Finding("lien.certificate", message, field="certificate_number")
        raise Stopped(Refused(RefusalKind.INVALID, (finding,)))
    given = {name: value.strip() for name, value in car.items() if value.strip()}
    if given:
        vehicle_id = application_of(case_id).vehicle_id
        must(verify_facts(vehicle_id=vehicle_id, facts=given, origin=FactOrigin.CLERK, actor=actor, now=now))
    return must(
        finish_step(
            case_id=case_id,
            step="prepare_lien",
            outcome="ready",
            data={"certificate_number": certificate_number.strip(), "agent": actor.name},
            actor=actor,
            now=now,
            key=key,
        )
    )


@whole
def take_title(*, case_id: int, shelf: str, actor: Actor, now: datetime, key: str) -> CaseMoved:
    """Keeps on which shelf the registration certificate lies and finishes the step."""
    case = must(case_for(case_id, actor))
    lien = must(_lien(case_id, actor, now))
    must(
        liens.move_title(
            lien_id=lien,
            holder=TitleHolder.LENDER,
            certificate_number=str(case.data_of("prepare_lien").get("certificate_number", "")),
            shelf=shelf.strip(),
            actor=actor,
            now=now,
        )
    )
    return must(
        finish_step(case_id=case_id, step="take_title", outcome="stored", actor=actor, now=now, key=key)
    )


@whole
def correct_payee(
    *, case_id: int, account: Mapping[str, str], actor: Actor, now: datetime, key: str
) -> CaseMoved:
    """Corrects the dealer's account (`account`, `account_name`, `bank_name`); the bank checks it anew."""
    must(case_for(case_id, actor))
    dealer = application_of(case_id).dealer
    assert dealer is not None, f"case {case_id} has no dealer"
    must(
        record_dealer(
            name=dealer.name,
            uscc=dealer.uscc,
            account=account.get("account", ""),
            account_name=account.get("account_name", ""),
            bank_name=account.get("bank_name", ""),
            bank_code=account.get("bank_code", dealer.bank_code),
            case_id=case_id,
            actor=actor,
            now=now,
        )
    )
    return must(
        finish_step(case_id=case_id, step="correct_payee", outcome="corrected", actor=actor, now=now, key=key)
    )


def order_payout(*, case_id: int, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    """The last human yes before the money moves; the second factor must be fresh."""
    return finish_step(case_id=case_id, step="disburse", outcome="pay", actor=actor, now=now, key=key)


def recheck_payee(*, case_id: int, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    """Has the bank confirm the dealer's account as it stands now, before the payout is decided on anew.

    Contract, insurance, lien and certificate stay as they are. Refused while the account is confirmed.
    """
    return finish_step(case_id=case_id, step="disburse", outcome="recheck", actor=actor, now=now, key=key)


def _lien(case_id: int, actor: Actor, now: datetime) -> int | Refused:
    case = case_for(case_id, actor)
    if isinstance(case, Refused):
        return case
    try:
        agreement = agreement_of(case)
    except NoAgreement:
        message = Text("这件案件没有生效的合同，请先完成签约", "There is no agreement in force: sign first")
        return refuse(RefusalKind.NOT_NOW, "securing.agreement", message)
    lien = liens.prepare_lien(agreement_id=agreement.pk, actor=actor, now=now)
    return lien if isinstance(lien, Refused) else int(lien.pk)
