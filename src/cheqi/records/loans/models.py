"""Loan accounts and installments. A row carries what a day's end needs; postings keep it.

`accrual_anchor_date` is the day up to which interest is in installments or booked; accrued interest is a
pure function of it and a date, computed on read.
"""

from django.db import models
from django.db.models import Q

from cheqi.foundation.staff.models import Branch
from cheqi.records.agreements.models import Agreement
from cheqi.records.loans.choices import LoanState
from cheqi.records.parties.models import Party
from cheqi.records.products.models import ProductVersion


class LoanAccount(models.Model):
    """One disbursed loan. `key` is the caller's idempotency key of the disbursement."""

    number = models.CharField(max_length=32, unique=True)
    key = models.CharField(max_length=120, unique=True)
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="loan")
    borrower = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="loans")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="+")
    legal_entity = models.CharField(max_length=40)
    case_id = models.BigIntegerField(null=True)
    terms = models.JSONField()
    state = models.CharField(max_length=11, choices=LoanState.choices, default=LoanState.ACTIVE)
    principal_fen = models.BigIntegerField()
    principal_balance_fen = models.BigIntegerField()
    next_due_date = models.DateField(null=True)
    oldest_due_date = models.DateField(null=True)
    overdue_principal_fen = models.BigIntegerField(default=0)
    overdue_interest_fen = models.BigIntegerField(default=0)
    accrual_anchor_date = models.DateField()
    disbursement_date = models.DateField()
    disbursed_at = models.DateTimeField()

    class Meta:
        """Balances stay between zero and the loan."""

        constraints = [
            models.CheckConstraint(
                name="loan_principal_balance",
                condition=Q(
                    principal_fen__gt=0,
                    principal_balance_fen__gte=0,
                    principal_balance_fen__lte=models.F("principal_fen"),
                ),
            ),
            models.CheckConstraint(
                name="loan_overdue", condition=Q(overdue_principal_fen__gte=0, overdue_interest_fen__gte=0)
            ),
            models.CheckConstraint(name="loan_state", condition=Q(state__in=LoanState.values)),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="loan_branch"),
            models.Index(fields=["next_due_date", "id"], name="loan_next_due"),
        ]

    def __str__(self) -> str:
        return self.number


class Installment(models.Model):
    """One row of the repayment schedule as agreed."""

    loan = models.ForeignKey(LoanAccount, on_delete=models.PROTECT, related_name="installments")
    number = models.PositiveIntegerField()
    start_date = models.DateField()
    due_date = models.DateField()
    principal_fen = models.BigIntegerField()
    interest_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField(default=0)
    balance_after_fen = models.BigIntegerField()

    class Meta:
        """Each number once, nothing negative."""

        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="installment_once"),
            models.CheckConstraint(
                name="installment_amounts",
                condition=Q(
                    principal_fen__gte=0, interest_fen__gte=0, fee_fen__gte=0, balance_after_fen__gte=0
                ),
            ),
            models.CheckConstraint(
                name="installment_period", condition=Q(due_date__gt=models.F("start_date"))
            ),
        ]
        indexes = [models.Index(fields=["due_date", "loan"], name="installment_due")]

    @property
    def amount_fen(self) -> int:
        """Everything that is due on the day."""
        return self.principal_fen + self.interest_fen + self.fee_fen

    def __str__(self) -> str:
        return f"{self.loan_id} {self.number}"
