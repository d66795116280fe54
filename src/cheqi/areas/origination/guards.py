"""Why an action is not possible yet: the sentence that stands beside the disabled button."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from cheqi.areas.origination import materials  # noqa: F401 (registers what the step asks for)
from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.foundation.documents.choices import FieldVerdict
from cheqi.foundation.documents.models import FieldValue
from cheqi.foundation.staff.requires import step_up
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.registry import guard
from cheqi.records.applications.choices import MandateState
from cheqi.records.applications.models import Mandate, OfferSnapshot
from cheqi.records.liens.queries import policies_of_case

LIVE_DOCUMENTS = ("READ", "NEEDS_CLERK", "ACCEPTED")


@guard("application.verify_documents.confirm")
def fields_are_settled(case: CaseRecord, actor: Actor, now: datetime) -> tuple[Finding, ...]:
    """Every doubtful field has been looked at by a person."""
    open_fields = FieldValue.objects.filter(
        document__case_id=case.id, document__state__in=LIVE_DOCUMENTS, verdict=FieldVerdict.CLERK
    ).count()
    if not open_fields:
        return ()
    message = Text(f"还有 {open_fields} 个字段待确认", f"{open_fields} fields are still to be settled")
    return (Finding("application.fields_open", message),)


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
    """Mandate, insurance with us as beneficiary, payee, and a second factor given within ten minutes."""
    found = []
    mandate = Mandate.objects.filter(application__case_id=case.id).first()
    if mandate is None or mandate.state != MandateState.ACTIVE:
        reason = mandate.reason if mandate else ""
        found.append(
            Finding(
                "disbursement.mandate",
                Text(f"代扣协议未生效 {reason}".strip(), f"The mandate is not active {reason}".strip()),
            )
        )
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if not policies_of_case(case.id, SYSTEM, covering=today).exists():
        message = Text(
            "车辆保险未覆盖今天，或第一受益人不是贷款人",
            "The car is not insured today with the lender as first beneficiary",
        )
        found.append(Finding("disbursement.insurance", message))
    refused = step_up(actor, now)
    if refused is not None:
        found += refused.findings
    return tuple(found)
