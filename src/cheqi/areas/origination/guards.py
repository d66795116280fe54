"""Why an action is not possible yet: the sentence that stands beside the disabled button."""

from collections.abc import Set
from datetime import datetime

from django.db.models import Count, Q

from cheqi.areas.origination.materials import slots_of
from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.foundation.documents.choices import FieldVerdict
from cheqi.foundation.documents.models import Document
from cheqi.foundation.staff.requires import step_up
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import guard
from cheqi.records.applications.choices import MandateState, PayeeState
from cheqi.records.applications.models import Mandate, OfferSnapshot
from cheqi.records.common import lender_date
from cheqi.records.liens.queries import policies_of_case

LIVE_DOCUMENTS = ("READ", "NEEDS_CLERK", "ACCEPTED")


@guard("application.verify_documents.confirm")
def documents_are_settled(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """Every document that is required is there, and every doubtful field has been looked at by a person."""
    doubtful = Count("fields", filter=Q(fields__verdict=FieldVerdict.CLERK))
    rows = Document.objects.filter(case_id=case.id).order_by("pk").annotate(doubtful=doubtful)
    newest: dict[str, str] = {}
    live: dict[str, int] = {}
    for slot, state, fields in rows.values_list("slot", "state", "doubtful"):
        newest[slot] = state
        live |= {slot: fields} if state in LIVE_DOCUMENTS else {}
    lacking = {slot for slot, state in newest.items() if state not in LIVE_DOCUMENTS}
    found = [_lacking(case, lacking)] if lacking else []
    if open_fields := sum(live.values()):
        message = Text(f"还有 {open_fields} 个字段待确认", f"{open_fields} fields are still to be settled")
        found.append(Finding("application.fields_open", message))
    return tuple(one for one in found if one is not None)


def _lacking(case: CaseRecord, lacking: Set[str]) -> Finding | None:
    """The required documents among those that do not count as they are."""
    titles = [slot.title for slot in slots_of(case) if slot.is_required and slot.key in lacking]
    if not titles:
        return None
    zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
    message = Text(f"等客户重新上传：{zh}", f"Waiting for the customer to send again: {en}")
    return Finding("application.documents_lacking", message)


@guard("application.review.approve")
@guard("application.second_review.approve")
@guard("application.settle_split.approve")
def policy_and_limits_allow(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """Nobody approves what the credit policy refuses or a limit of product or law forbids."""
    checked = case.data_of("check_policy")
    found = [
        Finding(row["rule"], Text(row["zh"], row["en"]), clause=row["clause"])
        for row in checked.get("findings", ())
        if row["outcome"] == "REFUSE"
    ]
    offer = OfferSnapshot.objects.filter(pk=checked.get("offer_id") or 0).first()
    for row in offer.data["findings"] if offer else ():
        found.append(Finding(row["rule"], Text(row["zh"], row["en"])))
    return tuple(found)


@guard("application.prepare_lien.ready")
def lien_data_is_complete(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """The registry wants plate and VIN."""
    car = application_of(case.id).vehicle
    found = []
    if not car.plate:
        message = Text("请先补录号牌号码", "Enter the plate first")
        found.append(Finding("lien.plate", message, field="plate"))
    if not car.vin:
        found.append(Finding("lien.vin", Text("请先补录车辆识别代号", "Enter the VIN first"), field="vin"))
    return tuple(found)


@guard("application.record_insurance.recorded")
def insurance_is_recorded(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """A policy on this car is on record."""
    if policies_of_case(case.id, SYSTEM).exists():
        return ()
    message = Text("请先登记保险单", "Record the policy first")
    return (Finding("insurance.missing", message),)


@guard("application.disburse.pay")
def money_may_go(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """Mandate, insurance with us as beneficiary, payee as its account stands now, a fresh second factor."""
    found = []
    mandates = Mandate.objects.select_related("application__dealer")
    mandate = mandates.filter(application__case_id=case.id).first()
    if mandate is None or mandate.state != MandateState.ACTIVE:
        reason = mandate.reason if mandate else ""
        found.append(
            Finding(
                "disbursement.mandate",
                Text(f"代扣协议未生效 {reason}".strip(), f"The mandate is not active {reason}".strip()),
            )
        )
    today = lender_date(now)
    if not policies_of_case(case.id, SYSTEM, covering=today).exists():
        message = Text(
            "车辆保险未覆盖今天，或第一受益人不是贷款人",
            "The car is not insured today with the lender as first beneficiary",
        )
        found.append(Finding("disbursement.insurance", message))
    dealer = (mandate.application if mandate else application_of(case.id)).dealer
    if dealer is None or dealer.payee_state != PayeeState.MATCH:  # another case may have changed it
        found.append(Finding("disbursement.payee", _unconfirmed(case)))
    refused = step_up(actor, now)
    if refused is not None:
        found += refused.findings
    return tuple(found)


def _unconfirmed(case: CaseRecord) -> Text:
    """Why the payee's account is not paid, and the way; a case of an older version has to be moved first."""
    if case.definition.by_key["disburse"].outcome("recheck") is None:
        return Text(
            "收款账户有变更，银行还没有确认户名，请运营经理把案件迁移到新版流程后重新核验",
            "The payee's account has changed and is not confirmed: have the operations manager move the case"
            " to the new version of the process, then check it again",
        )
    return Text(
        "收款账户有变更，银行还没有确认户名，请先重新核验收款账户",
        "The payee's account has changed and the bank has not confirmed it: have it checked again first",
    )


@guard("application.disburse.recheck")
def payee_is_unconfirmed(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """The bank is not asked again about an account that it has confirmed as it stands."""
    dealer = application_of(case.id).dealer
    if dealer is None or dealer.payee_state != PayeeState.MATCH:
        return ()
    message = Text(
        "银行已确认现在的收款账户，无需重新核验", "The bank has confirmed the payee's account as it stands"
    )
    return (Finding("disbursement.payee_confirmed", message),)
