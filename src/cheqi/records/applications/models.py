"""Applications: who wants which loan for which car, paid to which dealer, and what was decided.

The case of the process engine moves it; `number` is the case number that people quote. Amounts in fen.
"""

from django.db import models
from django.db.models import F, Q

from cheqi.foundation.privacy.fields import BlindIndexField, Last4Field, SealedTextField
from cheqi.foundation.privacy.models import Sealed
from cheqi.foundation.staff.models import Branch
from cheqi.records.applications.choices import (
    Act,
    CustomerType,
    MandateState,
    Opinion,
    PartyRole,
    PayeeState,
    SourceChannel,
)
from cheqi.records.parties.models import BankAccount, Party
from cheqi.records.products.models import ProductVersion
from cheqi.records.vehicles.models import Vehicle


class Dealer(Sealed):
    """The dealer who sells the car and is paid; the bank's word on the account is kept here."""

    name = models.CharField(max_length=80)
    uscc = models.CharField(max_length=18, unique=True)
    account = SealedTextField()
    account_index = BlindIndexField(of="account")
    account_last4 = Last4Field(of="account")
    account_name = models.CharField(max_length=80)
    bank_name = models.CharField(max_length=60)
    bank_code = models.CharField(max_length=20, blank=True, default="")
    payee_state = models.CharField(max_length=16, choices=PayeeState.choices, default=PayeeState.UNCHECKED)
    payee_checked_at = models.DateTimeField(null=True)
    payee_reference = models.CharField(max_length=64, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        """A verdict has its time."""

        constraints = [
            models.CheckConstraint(
                name="dealer_payee_checked_when",
                condition=Q(payee_state=PayeeState.UNCHECKED) | Q(payee_checked_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Application(models.Model):
    """One application. `case_id` is the workflow case, set when the case is opened."""

    number = models.CharField(max_length=24, unique=True)
    case_id = models.BigIntegerField(null=True, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="+")
    customer_type = models.CharField(max_length=13, choices=CustomerType.choices)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="applications")
    price_fen = models.BigIntegerField()
    down_payment_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    balloon_fen = models.BigIntegerField(default=0)
    term_months = models.PositiveIntegerField()
    monthly_income_fen = models.BigIntegerField(null=True)
    due_day = models.PositiveSmallIntegerField(null=True)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, related_name="+")
    collection_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="+")
    source_channel = models.CharField(max_length=6, choices=SourceChannel.choices)
    creator_kind = models.CharField(max_length=10)
    creator_id = models.CharField(max_length=40)
    creator_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        """Amounts that a loan can have."""

        constraints = [
            models.CheckConstraint(
                name="application_amounts",
                condition=Q(price_fen__gt=0, down_payment_fen__gte=0, amount_fen__gt=0),
            ),
            models.CheckConstraint(
                name="application_within_price",
                condition=Q(amount_fen__lte=F("price_fen") - F("down_payment_fen")),
            ),
            models.CheckConstraint(
                name="application_balloon", condition=Q(balloon_fen__gte=0, balloon_fen__lt=F("amount_fen"))
            ),
            models.CheckConstraint(name="application_term", condition=Q(term_months__gt=0)),
            models.CheckConstraint(
                name="application_customer_type", condition=Q(customer_type__in=CustomerType.values)
            ),
            models.CheckConstraint(
                name="application_due_day",
                condition=Q(due_day__isnull=True) | Q(due_day__gte=1, due_day__lte=31),
            ),
        ]
        indexes = [models.Index(fields=["branch", "-id"], name="application_branch")]

    def __str__(self) -> str:
        return self.number


class ApplicationParty(models.Model):
    """A party and what it is in the application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="roles")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=14, choices=PartyRole.choices)

    class Meta:
        """One borrower; nobody twice."""

        constraints = [
            models.UniqueConstraint(fields=["application", "party"], name="application_party_once"),
            models.UniqueConstraint(
                fields=["application"], name="application_one_borrower", condition=Q(role=PartyRole.BORROWER)
            ),
            models.CheckConstraint(name="application_party_role", condition=Q(role__in=PartyRole.values)),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.role}"


class Mandate(models.Model):
    """The auto-debit mandate of an application's collection account."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="mandate")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=MandateState.choices, default=MandateState.NOT_ASKED)
    reference = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    limit_fen = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        """A live mandate has the bank's reference."""

        constraints = [
            models.CheckConstraint(
                name="mandate_active_has_reference",
                condition=~Q(state=MandateState.ACTIVE) | ~Q(reference=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"


class CreditAuthorisation(models.Model):
    """The customer's consent to ask the bureau: the text as shown, when, how, and for what."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="authorisations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    authorised_at = models.DateTimeField()

    class Meta:
        """Once per person and application."""

        constraints = [
            models.UniqueConstraint(fields=["application", "party"], name="authorisation_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.party_id}"


class Declination(models.Model):
    """A co-borrower or guarantor said no; `settled_at` is set once they are asked again, or take no part."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="declinations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=14, choices=PartyRole.choices)
    act = models.CharField(max_length=7, choices=Act.choices)
    declined_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """At most one that is open a person and application."""

        constraints = [
            models.UniqueConstraint(
                fields=["application", "party"],
                name="declination_open_once",
                condition=Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(name="declination_act", condition=Q(act__in=Act.values)),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.role} {self.act}"


class PersonChange(models.Model):
    """Who stood in a role before, who does now (nobody: left out), and why."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="person_changes")
    role = models.CharField(max_length=14, choices=PartyRole.choices)
    before = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        """A change has its reason."""

        constraints = [models.CheckConstraint(name="person_change_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.application_id} {self.role}"


class CreditReport(Sealed):
    """The bureau's answer: sealed whole, with the figures that the policy looks at beside it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="credit_reports")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    authorisation = models.ForeignKey(CreditAuthorisation, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64, unique=True)
    answer = SealedTextField()
    figures = models.JSONField(default=dict)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reference


class OfferSnapshot(models.Model):
    """The offer as it was calculated: inputs, figures, findings, pack versions. Never changed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="offers")
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    calculated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {self.calculated_at:%Y-%m-%d %H:%M}"


class CreditDecision(models.Model):
    """What one reviewer decided in one round, with reasons and a copy of what it was decided on."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    step = models.CharField(max_length=40)
    round = models.PositiveIntegerField(default=1)
    opinion = models.CharField(max_length=8, choices=Opinion.choices)
    reasons = models.JSONField(default=list)
    comment = models.TextField(blank=True, default="")
    offer = models.ForeignKey(OfferSnapshot, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    decided_at = models.DateTimeField()

    class Meta:
        """One decision a step and round: of two at once, one wins."""

        constraints = [
            models.UniqueConstraint(
                fields=["application", "step", "round"], name="decision_once_per_step_and_round"
            ),
            models.CheckConstraint(name="decision_opinion", condition=Q(opinion__in=Opinion.values)),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.step} {self.opinion}"
