"""Agreements: the terms frozen with their hash, the contract's documents, and who signed when.

The first due date depends on the day of the payout; frozen are the terms as the contract states them.
"""

from django.db import models
from django.db.models import Q

from cheqi.records.agreements.choices import AgreementState, Signer
from cheqi.records.applications.models import Application
from cheqi.records.parties.models import Party


class Agreement(models.Model):
    """One contract. `terms` is `core.loan.terms.to_data`; `terms_sha256` is over its canonical form."""

    number = models.CharField(max_length=32, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="agreements")
    borrower = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements")
    legal_entity = models.CharField(max_length=40)
    terms = models.JSONField()
    terms_sha256 = models.CharField(max_length=64)
    fees = models.JSONField(default=list)
    annual_rate = models.DecimalField(max_digits=12, decimal_places=10)
    state = models.CharField(max_length=9, choices=AgreementState.choices, default=AgreementState.PREPARED)
    created_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True)

    class Meta:
        """One live agreement an application."""

        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="agreement_one_live_per_application",
                condition=~Q(state=AgreementState.VOID),
            ),
            models.CheckConstraint(
                name="agreement_effective_when",
                condition=~Q(state=AgreementState.EFFECTIVE) | Q(effective_at__isnull=False),
            ),
            models.CheckConstraint(name="agreement_state", condition=Q(state__in=AgreementState.values)),
        ]

    def __str__(self) -> str:
        return self.number


class AgreementDocument(models.Model):
    """A file of the agreement, by its content: the contract as prepared, as signed, the schedule."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=30)
    file_key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        """The same content once per kind."""

        constraints = [
            models.UniqueConstraint(fields=["agreement", "kind", "sha256"], name="agreement_document_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind}"


class Signature(models.Model):
    """One signature, with what was shown and how consent was given."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    signer = models.CharField(max_length=11, choices=Signer.choices)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=80)
    method = models.CharField(max_length=20)
    document_sha256 = models.CharField(max_length=64)
    certificate_serial = models.CharField(max_length=80, blank=True, default="")
    evidence = models.JSONField(default=dict)
    signed_at = models.DateTimeField()

    class Meta:
        """Everybody signs once; a person who signs is a party."""

        constraints = [
            models.UniqueConstraint(fields=["agreement", "signer", "party"], name="signature_once"),
            models.UniqueConstraint(
                fields=["agreement"], name="signature_of_lender_once", condition=Q(signer=Signer.LENDER)
            ),
            models.CheckConstraint(
                name="signature_has_its_party", condition=Q(signer=Signer.LENDER) | Q(party__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.signer}"
