"""Loans: the account behind an application, and its schedule as agreed."""

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.records.loans.queries import loan_of_case
from cheqi.web.api.answers import Routes, call_of
from cheqi.web.api.queries import case_id_of
from cheqi.web.api.routes.applications import Number

router = Router(tags=["loans"])
routes = Routes(router)
NO_LOAN = refuse(
    RefusalKind.NOT_FOUND, "loan.missing", Text("还没有贷款账户", "There is no loan account yet")
)


class InstallmentShape(Schema):
    """One installment as agreed, in fen."""

    number: int = Field(examples=[1])
    due_date: date = Field(examples=["2026-12-23"])
    principal_fen: int = Field(examples=[254219])
    interest_fen: int = Field(examples=[49000])
    fee_fen: int = Field(examples=[0])
    amount_fen: int = Field(examples=[303219])
    balance_after_fen: int = Field(examples=[9745781])


class LoanShape(Schema):
    """A loan account, amounts in fen."""

    number: str = Field(examples=["LN-2026-000381"])
    state: str = Field(examples=["ACTIVE"])
    principal_fen: int = Field(examples=[10000000])
    principal_balance_fen: int = Field(examples=[10000000])
    total_interest_fen: int = Field(examples=[915884])
    disbursement_date: date = Field(examples=["2026-11-23"])
    next_due_date: date | None = Field(default=None, examples=["2026-12-23"])
    overdue_principal_fen: int = Field(examples=[0])
    overdue_interest_fen: int = Field(examples=[0])
    installments: list[InstallmentShape]


@routes.get(
    "applications/{number}/loan", scope="loans:read", answer=LoanShape, summary="Account and schedule"
)
def get_loan(request: HttpRequest, number: Number) -> LoanShape | Refused:
    """The loan that the application became; 404 before it was paid out."""
    call = call_of(request)
    view = loan_of_case(case_id_of(number, call.actor), call.actor)
    if view is None:
        return NO_LOAN
    rows = [InstallmentShape.model_validate(each, from_attributes=True) for each in view.installments]
    account = view.loan
    return LoanShape(
        number=account.number,
        state=account.state,
        principal_fen=account.principal_fen,
        principal_balance_fen=account.principal_balance_fen,
        total_interest_fen=view.total_interest_fen,
        disbursement_date=account.disbursement_date,
        next_due_date=account.next_due_date,
        overdue_principal_fen=account.overdue_principal_fen,
        overdue_interest_fen=account.overdue_interest_fen,
        installments=rows,
    )
