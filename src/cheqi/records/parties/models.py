"""People and companies, their accounts, and where each verified fact about them comes from.

ID number, mobile, address, e-mail and account numbers lie sealed; exact search goes through blind
indexes, recognition through the last four characters. A party is seen by the branches that serve it.
"""

from django.db import models
from django.db.models import Q

from cheqi.foundation.privacy.fields import BlindIndexField, Last4Field, SealedTextField
from cheqi.foundation.privacy.models import Sealed
from cheqi.foundation.staff.models import Branch
from cheqi.records.parties.choices import Channel, FactOrigin, Language, PartyKind


class Party(Sealed):
    """A person (ID card number) or a company (unified social credit code in `id_number`).

    Somebody who has just logged in is known by the mobile alone, until they say who they are.
    """

    kind = models.CharField(max_length=8, choices=PartyKind.choices)
    name = models.CharField(max_length=80, blank=True, default="")
    id_number = SealedTextField(blank=True, default="")
    id_number_index = BlindIndexField(of="id_number")
    id_last4 = Last4Field(of="id_number")
    mobile = SealedTextField(blank=True, default="")
    mobile_index = BlindIndexField(of="mobile")
    mobile_last4 = Last4Field(of="mobile")
    birth_date = models.DateField(null=True)
    address = SealedTextField(blank=True, default="")
    email = SealedTextField(blank=True, default="")
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ZH)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.IN_APP)
    created_at = models.DateTimeField()

    class Meta:
        """One party per ID number."""

        constraints = [
            models.CheckConstraint(name="party_kind", condition=Q(kind__in=PartyKind.values)),
            models.CheckConstraint(name="party_is_recognisable", condition=~Q(name="") | ~Q(mobile_index="")),
            models.UniqueConstraint(
                fields=["id_number_index"], name="party_once_per_id_number", condition=~Q(id_number_index="")
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="party_name"),
            models.Index(fields=["name"], name="party_name_begins", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["mobile_last4", "id"], name="party_mobile_last4"),
            models.Index(fields=["id_last4", "id"], name="party_id_last4"),
        ]

    def __str__(self) -> str:
        return self.name


class PartyBranch(models.Model):
    """A branch that serves the party and therefore sees it."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="serving")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Once per branch."""

        constraints = [models.UniqueConstraint(fields=["party", "branch"], name="party_branch_once")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.branch_id}"


class BankAccount(Sealed):
    """A bank card or account of the party, to collect from or pay to."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="bank_accounts")
    number = SealedTextField()
    number_index = BlindIndexField(of="number", kind="account")
    number_last4 = Last4Field(of="number")
    bank_name = models.CharField(max_length=60)
    bank_code = models.CharField(max_length=20, blank=True, default="")
    holder_name = models.CharField(max_length=80)
    is_verified = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)
    verified_reference = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        """Once per party and number; verified means that somebody said when."""

        constraints = [
            models.UniqueConstraint(fields=["party", "number_index"], name="bank_account_once_per_party"),
            models.CheckConstraint(
                name="bank_account_verified_when",
                condition=Q(is_verified=False) | Q(verified_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.number_last4}"


class FactSource(models.Model):
    """Which document or system a verified fact comes from, and who took it over. A new fact is a new row."""

    field = models.CharField(max_length=40)
    origin = models.CharField(max_length=10, choices=FactOrigin.choices)
    document_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=80, blank=True, default="")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    verified_at = models.DateTimeField()

    class Meta:
        """Each record has its own table."""

        abstract = True


class PartyFact(FactSource):
    """The source of one fact about a party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="facts")

    class Meta:
        """The latest source of a field is found by index; a fact from a document names it."""

        indexes = [models.Index(fields=["party", "field", "-id"], name="party_fact_latest")]
        constraints = [
            models.CheckConstraint(
                name="party_fact_names_document",
                condition=~Q(origin=FactOrigin.DOCUMENT) | Q(document_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id}.{self.field} {self.origin}"
