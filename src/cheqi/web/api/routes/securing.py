"""Between contract and payout: insurance, GPS, lien papers, certificate and payee, entered by a program."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from cheqi.areas.origination.operations import securing
from cheqi.core.base.findings import Refused
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.web.api.answers import Routes, call_of
from cheqi.web.api.queries import case_at
from cheqi.web.api.routes.applications import Number
from cheqi.web.api.shapes import Moved, moved

router = Router(tags=["steps before the payout"])
routes = Routes(router)
Line = Annotated[str, Field(min_length=1, max_length=100)]
Optional = Annotated[str, Field(max_length=40)]
Fen = Annotated[int, Field(ge=0, le=10**13)]


class InsuranceEntered(Schema):
    """A policy on the car; the lender must be its first beneficiary."""

    insurer: Line = Field(examples=["示例财产保险"])
    policy_number: Line = Field(examples=["PDZA202633010000000001"])
    beneficiary: Line = Field(examples=["车契演示汽车金融有限公司"])
    sum_fen: Fen = Field(examples=[15000000])
    from_date: date = Field(examples=["2026-11-23"])
    until_date: date = Field(examples=["2027-11-22"])


class GpsEntered(Schema):
    """A GPS contract."""

    provider: Line = Field(examples=["示例定位服务"])
    contract_number: Line = Field(examples=["GPS-2026-001"])
    device_number: Line = Field(examples=["860000000000001"])
    from_date: date = Field(examples=["2026-11-23"])
    until_date: date | None = Field(default=None, examples=["2029-11-22"])


class LienEntered(Schema):
    """What the registry needs; plate and VIN where they were not known before."""

    certificate_number: Line = Field(examples=["330012345678"])
    plate: Optional = Field(default="", examples=["浙A12345"])
    vin: Optional = Field(default="", examples=["LSVAA4187N2183621"])
    engine_number: Optional = Field(default="", examples=["EA211-0001"])


class TitleEntered(Schema):
    """Where the registration certificate lies."""

    shelf: Line = Field(examples=["A-03-17"])


class PayeeEntered(Schema):
    """The dealer's corrected account."""

    account: Line = Field(examples=["1904510104000009001"])
    account_name: Line = Field(examples=["示例汽车销售有限公司"])
    bank_name: Line = Field(examples=["示例银行杭州支行"])


@routes.post("{number}/insurance", scope="cases:back_office", answer=Moved, summary="Record the insurance")
def record_insurance(request: HttpRequest, number: Number, body: InsuranceEntered) -> Moved | Refused:
    """Keeps the policy and finishes the step."""
    call = call_of(request)
    case_id = case_at(number, "record_insurance", call.actor)
    policy = securing.Policy(**body.model_dump())
    return _moved(
        securing.record_insurance(
            case_id=case_id, policy=policy, actor=call.actor, now=call.now, key=call.key
        )
    )


@routes.post("{number}/gps", scope="cases:back_office", answer=Moved, summary="Record the GPS contract")
def record_gps(request: HttpRequest, number: Number, body: GpsEntered) -> Moved | Refused:
    """Keeps the contract and finishes the step."""
    call = call_of(request)
    case_id = case_at(number, "record_gps", call.actor)
    contract = securing.Gps(**body.model_dump())
    return _moved(
        securing.record_gps(case_id=case_id, contract=contract, actor=call.actor, now=call.now, key=call.key)
    )


@routes.post("{number}/lien", scope="cases:registry", answer=Moved, summary="Prepare the lien filing")
def prepare_lien(request: HttpRequest, number: Number, body: LienEntered) -> Moved | Refused:
    """Completes the car's data; the filing then goes to the registry."""
    call = call_of(request)
    done = securing.prepare_lien(
        case_id=case_at(number, "prepare_lien", call.actor),
        car={"plate": body.plate, "vin": body.vin, "engine_number": body.engine_number},
        certificate_number=body.certificate_number,
        actor=call.actor,
        now=call.now,
        key=call.key,
    )
    return _moved(done)


@routes.post("{number}/title", scope="cases:registry", answer=Moved, summary="Take the certificate in")
def take_title(request: HttpRequest, number: Number, body: TitleEntered) -> Moved | Refused:
    """The registration certificate is in custody."""
    call = call_of(request)
    done = securing.take_title(
        case_id=case_at(number, "take_title", call.actor),
        shelf=body.shelf,
        actor=call.actor,
        now=call.now,
        key=call.key,
    )
    return _moved(done)


@routes.post("{number}/payee", scope="cases:back_office", answer=Moved, summary="Correct the payee")
def correct_payee(request: HttpRequest, number: Number, body: PayeeEntered) -> Moved | Refused:
    """The dealer's account as it should be; the bank checks it anew."""
    call = call_of(request)
    done = securing.correct_payee(
        case_id=case_at(number, "correct_payee", call.actor),
        account=body.model_dump(),
        actor=call.actor,
        now=call.now,
        key=call.key,
    )
    return _moved(done)


def _moved(done: CaseMoved | Refused) -> Moved | Refused:
    return done if isinstance(done, Refused) else moved(done)
