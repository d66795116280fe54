"""Accounts, the open business date, and transfers. Balances are sums of transfers, so they always balance."""

from django.db import models
from django.db.models import F, Q

from cheqi.records.ledger.choices import AccountKindChoice


class BusinessDate(models.Model):
    """The lender's open day of one legal entity; nothing is booked up to `closed_until_date`."""

    legal_entity = models.CharField(max_length=40, unique=True)
    open_date = models.DateField()
    closed_until_date = models.DateField(null=True)

    class Meta:
        """The open day lies after what is closed."""

        constraints = [
            models.CheckConstraint(
                name="business_date_after_closed",
                condition=Q(closed_until_date__isnull=True) | Q(open_date__gt=F("closed_until_date")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.legal_entity} {self.open_date}"


class Account(models.Model):
    """One account of a legal entity's chart; postings find it by its purpose."""

    legal_entity = models.CharField(max_length=40)
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=9, choices=AccountKindChoice.choices)
    purpose = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        """A code and a purpose once per entity."""

        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "code"], name="ledger_account_code_once"),
            models.UniqueConstraint(
                fields=["legal_entity", "purpose"],
                name="ledger_account_purpose_once",
                condition=~Q(purpose=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Transfer(models.Model):
    """One movement. Never changed or deleted: a correction is a reversal and a new transfer."""

    key = models.CharField(max_length=120, unique=True)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount_fen = models.BigIntegerField()
    value_date = models.DateField()
    booking_date = models.DateField()
    subject = models.CharField(max_length=60)
    memo = models.CharField(max_length=120, blank=True, default="")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    posted_at = models.DateTimeField()

    class Meta:
        """More than nothing, between two accounts."""

        constraints = [
            models.CheckConstraint(name="transfer_amount", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="transfer_two_accounts", condition=~Q(debit=F("credit"))),
        ]
        indexes = [
            models.Index(fields=["subject", "id"], name="transfer_subject"),
            models.Index(fields=["booking_date", "debit"], name="transfer_debits_of_day"),
            models.Index(fields=["booking_date", "credit"], name="transfer_credits_of_day"),
        ]

    def __str__(self) -> str:
        return self.key
