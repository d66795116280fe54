"""Reading loans, scoped: the account, its schedule as agreed, and what is next."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cheqi.core.base.actors import Actor
from cheqi.foundation.staff.scopes import visible
from cheqi.records.loans.models import Installment, LoanAccount


@dataclass(frozen=True, slots=True)
class LoanView:
    """A loan with its schedule, as pages and statements show it."""

    loan: LoanAccount
    installments: tuple[Installment, ...]

    @property
    def total_interest_fen(self) -> int:
        """Interest over the whole term as agreed."""
        return sum(row.interest_fen for row in self.installments)

    def next_after(self, day: date) -> Installment | None:
        """The first installment due on the day or later."""
        return next((row for row in self.installments if row.due_date >= day), None)


def visible_loans(actor: Actor) -> QuerySet[LoanAccount]:
    """The loans that the actor may see; a customer those of which they are the borrower."""
    return visible(LoanAccount.objects.all(), actor, branch="branch_id", party="borrower_id", case="case_id")


def loan(loan_id: int, actor: Actor) -> LoanView | None:
    """One loan with its schedule; two statements."""
    return _view(visible_loans(actor).filter(pk=loan_id))


def loan_by_number(number: str, actor: Actor) -> LoanView | None:
    """One loan by the number that people quote; two statements."""
    return _view(visible_loans(actor).filter(number=number.strip().upper()))


def loan_of_agreement(agreement_id: int, actor: Actor) -> LoanView | None:
    """The loan that an agreement became; two statements."""
    return _view(visible_loans(actor).filter(agreement_id=agreement_id))


def loan_of_case(case_id: int, actor: Actor) -> LoanView | None:
    """The loan that an application's case ended in; two statements."""
    return _view(visible_loans(actor).filter(case_id=case_id))


def loans_of(party_id: int, actor: Actor) -> tuple[LoanAccount, ...]:
    """The loans of a borrower, newest first."""
    return tuple(visible_loans(actor).filter(borrower_id=party_id).order_by("-pk"))


def _view(rows: QuerySet[LoanAccount]) -> LoanView | None:
    row = rows.select_related("agreement", "borrower", "product_version__product").first()
    return None if row is None else LoanView(row, tuple(row.installments.order_by("number")))
