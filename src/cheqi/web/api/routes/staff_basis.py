"""What a reviewer decides on, as the desk shows it: offer, credit policy, the bureau's figures, decisions.

What the other of two independent reviewers decided stands here only once the caller has decided.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from cheqi.areas.origination.crediting import asked_about
from cheqi.areas.origination.operations.reviewing import REFUSAL_REASONS
from cheqi.core.base.text import Text
from cheqi.core.process.discretion import veiled
from cheqi.foundation.privacy.masking import mask
from cheqi.foundation.workflow.store import load_case
from cheqi.records.applications.models import Application, CreditDecision, CreditReport
from cheqi.records.applications.queries import by_case, credit_reports, decisions, latest_offer
from cheqi.web.api.answers import Call, Routes, call_of
from cheqi.web.api.errors import of_refusal
from cheqi.web.api.queries import NO_CASE, case_id_of
from cheqi.web.api.routes.applications import PROCESS, Number
from cheqi.web.api.scopes import STAFF
from cheqi.web.api.shapes import AT

router = Router(tags=["staff: work"])
routes = Routes(router)


class RowShape(Schema):
    """One installment of the offer, in fen."""

    number: int = Field(examples=[1])
    due_date: date = Field(examples=["2026-12-23"])
    principal_fen: int = Field(examples=[254219])
    interest_fen: int = Field(examples=[49000])
    balance_after_fen: int = Field(examples=[9745781])


class OfferFigures(Schema):
    """The offer that was calculated last. Rates are exact decimals, `annual_rate` the APR by IRR."""

    installment_fen: int = Field(examples=[303219])
    annual_rate: str = Field(examples=["0.0588000000"])
    total_interest_fen: int = Field(examples=[915884])
    total_fees_fen: int = Field(examples=[0])
    total_cost_fen: int = Field(examples=[915884])
    loan_to_value: str = Field(examples=["0.6666666667"])
    installments: list[RowShape]
    calculated_at: datetime = Field(examples=[AT])


class PolicyLine(Schema):
    """What a rule of the credit policy says about the application."""

    rule: str = Field(examples=["credit.income"])
    outcome: str = Field(description="REFUSE or REFER", examples=["REFER"])
    message: str = Field(examples=["月供超过收入的一半"])
    clause: str = Field(examples=["授信政策 3.2"])


class PolicyShape(Schema):
    """The credit policy as it was asked."""

    version: int = Field(description="Of the pack that was asked.", examples=[2])
    outcome: str = Field(description="PASS, REFER or REFUSE", examples=["PASS"])
    findings: list[PolicyLine]


class ReportShape(Schema):
    """What the bureau said about one person, name masked; no figures where it has not answered."""

    role: str = Field(examples=["借款人"])
    name: str = Field(examples=["李*"])
    consented_at: datetime | None = Field(default=None, examples=[AT])
    report_number: str = Field(default="", examples=["CR-2026-001"])
    has_bureau_file: bool | None = None
    bureau_score: int | None = Field(default=None, examples=[680])
    accounts: int | None = Field(default=None, examples=[4])
    current_overdue: int | None = Field(default=None, examples=[0])
    worst_overdue_months_24m: int | None = Field(default=None, examples=[0])
    monthly_payments_fen: int | None = Field(default=None, examples=[120000])
    enquiries_3m: int | None = Field(default=None, examples=[1])


class DecisionShape(Schema):
    """What a reviewer decided."""

    step: str = Field(examples=["review"])
    round: int = Field(examples=[1])
    opinion: str = Field(description="APPROVE, REFUSE or RETURN", examples=["APPROVE"])
    reasons: list[str] = Field(examples=[["收入不足以支付月供"]])
    comment: str = Field(examples=["收入稳定"])
    by: str = Field(examples=["赵磊"])
    decided_at: datetime = Field(examples=[AT])


class Basis(Schema):
    """What a decision rests on, as far as the case has come."""

    amount_fen: int = Field(examples=[10000000])
    price_fen: int = Field(examples=[15000000])
    down_payment_fen: int = Field(examples=[5000000])
    term_months: int = Field(examples=[36])
    monthly_income_fen: int = Field(examples=[1800000])
    offer: OfferFigures | None
    policy: PolicyShape | None
    reports: list[ReportShape]
    decisions: list[DecisionShape]
    is_veiled: bool = Field(description="A decision is there that you see once you have decided.")


@routes.get("cases/{number}/basis", scope=STAFF, answer=Basis, summary="What a decision rests on")
def get_basis(request: HttpRequest, number: Number) -> Basis:
    """Offer, credit policy, the bureau's figures and decisions; documents have routes of their own."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor, process=PROCESS)
    loaded, application = load_case(case_id), by_case(case_id, call.actor)
    if loaded is None or application is None:
        raise of_refusal(NO_CASE)
    record = loaded.record
    hidden = veiled(record.definition, record.state, call.actor)
    return Basis(
        amount_fen=application.amount_fen,
        price_fen=application.price_fen,
        down_payment_fen=application.down_payment_fen,
        term_months=application.term_months,
        monthly_income_fen=application.monthly_income_fen or 0,
        offer=_offer(application, call),
        policy=_policy(record.data_of("check_policy"), call.language),
        reports=_reports(application, call),
        decisions=[
            _decision(one, call.language)
            for one in decisions(application.pk, call.actor)
            if one.step not in hidden
        ],
        is_veiled=bool(hidden),
    )


def _offer(application: Application, call: Call) -> OfferFigures | None:
    found = latest_offer(application.pk, call.actor)
    if found is None:
        return None
    rows = [
        RowShape(number=number, due_date=due, principal_fen=principal, interest_fen=interest,
                 balance_after_fen=balance)
        for number, due, principal, interest, balance in found.data["installments"]
    ]  # fmt: skip
    names = OfferFigures.model_fields.keys() - {"installments", "calculated_at"}
    figures = {name: found.data[name] for name in names}
    return OfferFigures(**figures, installments=rows, calculated_at=found.calculated_at)


def _policy(checked: Mapping[str, Any], language: str) -> PolicyShape | None:
    if not checked:
        return None
    lines = [
        PolicyLine(
            rule=row["rule"],
            outcome=row["outcome"],
            message=Text(row["zh"], row["en"]).in_language(language),
            clause=row["clause"],
        )
        for row in checked.get("findings", ())
    ]
    return PolicyShape(version=checked["pack"]["version"], outcome=checked["outcome"], findings=lines)


def _reports(application: Application, call: Call) -> list[ReportShape]:
    newest = {row.party_id: row for row in credit_reports(application.pk, call.actor)}
    return [
        ReportShape(
            role=one.title.in_language(call.language),
            name=mask("name", one.party.name, call.actor),
            consented_at=one.consent.authorised_at if one.consent else None,
            **_figures(newest.get(one.party.pk)),
        )
        for one in asked_about(application)
    ]


def _figures(report: CreditReport | None) -> dict[str, Any]:
    """The figures that the desk shows, where the bureau gave them."""
    shown = ReportShape.model_fields.keys() - {"role", "name", "consented_at"}
    return {name: value for name, value in (report.figures if report else {}).items() if name in shown}


def _decision(row: CreditDecision, language: str) -> DecisionShape:
    return DecisionShape(
        step=row.step,
        round=row.round,
        opinion=row.opinion,
        reasons=[REFUSAL_REASONS[code].in_language(language) for code in row.reasons],
        comment=row.comment,
        by=row.actor_name,
        decided_at=row.decided_at,
    )
