"""Products on offer, and what one would cost."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.loan.offer import Offer, Request, calculate
from cheqi.records.applications.operations.offers import first_due
from cheqi.records.common import lender_date
from cheqi.records.products.models import ProductVersion
from cheqi.records.products.queries import conditions, fees, on_offer
from cheqi.web.api.answers import Routes, call_of
from cheqi.web.api.shapes import FindingShape, finding_shapes

router = Router(tags=["products"])
routes = Routes(router)
NO_PRODUCT = refuse(
    RefusalKind.NOT_FOUND, "product.missing", Text("该产品当前不可申请", "This product is not on offer today")
)
Fen = Annotated[int, Field(ge=0, le=10**13)]


class ProductShape(Schema):
    """A product as it is offered today. Rates are exact decimals, a fraction a year."""

    code: str = Field(examples=["new-car"])
    name: str = Field(examples=["新车标准贷"])
    version: int = Field(examples=[1])
    method: str = Field(examples=["EQUAL_INSTALLMENT"])
    rate: str = Field(examples=["0.0588000000"])
    min_amount_fen: int = Field(examples=[2000000])
    max_amount_fen: int = Field(examples=[80000000])
    min_term_months: int = Field(examples=[6])
    max_term_months: int = Field(examples=[60])
    max_ltv: str = Field(examples=["0.8000000000"])
    customer_types: list[str] = Field(examples=[["EMPLOYEE", "SELF_EMPLOYED"]])
    conditions: list[str] = Field(examples=[["NEW"]])


class ProductList(Schema):
    """The products on offer today, by code."""

    items: list[ProductShape]


class OfferWanted(Schema):
    """What the customer wants."""

    product: str = Field(max_length=30, examples=["new-car"])
    price_fen: Fen = Field(examples=[15000000])
    down_payment_fen: Fen = Field(examples=[5000000])
    term_months: int = Field(ge=0, le=1200, examples=[36])
    condition: Literal["NEW", "USED"] = "NEW"
    usage: Literal["OWN", "COMMERCIAL"] = "OWN"
    energy: Literal["ICE", "NEV"] = "ICE"


class PaymentShape(Schema):
    """One installment of an offer, in fen."""

    number: int = Field(examples=[1])
    due_date: date = Field(examples=["2026-12-23"])
    amount_fen: int = Field(examples=[303219])
    principal_fen: int = Field(examples=[254219])
    interest_fen: int = Field(examples=[49000])


class OfferShape(Schema):
    """The offer as of today. `annual_rate` is the APR by IRR with every fee, as the law has it disclosed.

    `findings` are the limits that it passes: with any of them it cannot be approved.
    """

    amount_fen: int = Field(examples=[10000000])
    installment_fen: int = Field(examples=[303219])
    total_interest_fen: int = Field(examples=[915884])
    total_fees_fen: int = Field(examples=[0])
    total_cost_fen: int = Field(examples=[915884])
    annual_rate: str = Field(examples=["0.0588000000"])
    loan_to_value: str = Field(examples=["0.6666666667"])
    findings: list[FindingShape]
    installments: list[PaymentShape]


@routes.get("products", scope="products:read", answer=ProductList, summary="Products on offer")
def list_products(
    request: HttpRequest,
    customer_type: Annotated[str, Query("", max_length=20, examples=["EMPLOYEE"])],
    condition: Annotated[str, Query("", max_length=10, examples=["NEW"])],
) -> ProductList:
    """What may be applied for today, by customer type and condition of the car where they are given."""
    call = call_of(request)
    rows = on_offer(lender_date(call.now), call.actor, customer_type=customer_type, condition=condition)
    return ProductList(items=[_product(row, call.language) for row in rows])


@routes.ask("offers", scope="products:read", answer=OfferShape, summary="Calculate an offer")
def calculate_offer(request: HttpRequest, body: OfferWanted) -> OfferShape | Refused:
    """Schedule, installment, cost and annual rate, if it were paid out today. Nothing is kept."""
    call = call_of(request)
    today = lender_date(call.now)
    row = next((each for each in on_offer(today, call.actor) if each.product.code == body.product), None)
    if row is None:
        return NO_PRODUCT
    amount_fen = body.price_fen - body.down_payment_fen
    wanted = Request(
        price_fen=body.price_fen,
        down_payment_fen=body.down_payment_fen,
        amount_fen=amount_fen,
        term_months=body.term_months,
        disbursement_date=today,
        first_due_date=first_due(today, None),
    )
    terms = conditions(row, on=today, is_used=body.condition == "USED", usage=body.usage, energy=body.energy)
    offer = calculate(wanted, terms, fees(row, amount_fen))
    return offer if isinstance(offer, Refused) else _offer(offer, amount_fen, call.language)


def _product(row: ProductVersion, language: str) -> ProductShape:
    name = Text(row.product.name_zh, row.product.name_en)
    return ProductShape(
        code=row.product.code,
        name=name.in_language(language),
        version=row.version,
        method=row.method,
        rate=_rate(row.rate),
        min_amount_fen=row.min_amount_fen,
        max_amount_fen=row.max_amount_fen,
        min_term_months=row.min_term_months,
        max_term_months=row.max_term_months,
        max_ltv=_rate(row.max_ltv),
        customer_types=list(row.customer_types),
        conditions=list(row.conditions),
    )


def _offer(offer: Offer, amount_fen: int, language: str) -> OfferShape:
    return OfferShape(
        amount_fen=amount_fen,
        installment_fen=offer.installment_fen,
        total_interest_fen=offer.total_interest_fen,
        total_fees_fen=offer.total_fees_fen,
        total_cost_fen=offer.total_cost_fen,
        annual_rate=_rate(offer.annual_rate),
        loan_to_value=_rate(offer.loan_to_value),
        findings=finding_shapes(offer.findings, language),
        installments=[
            PaymentShape.model_validate(each, from_attributes=True) for each in offer.schedule.installments
        ],
    )


def _rate(rate: Decimal) -> str:
    return f"{rate:.10f}"
