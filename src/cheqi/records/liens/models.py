"""What secures a loan, kept because lien release ends it later: lien, certificate, insurance, GPS."""

from django.db import models
from django.db.models import F, Q

from cheqi.records.agreements.models import Agreement
from cheqi.records.liens.choices import LienState, TitleHolder
from cheqi.records.vehicles.models import Vehicle


class Lien(models.Model):
    """The lien of one agreement on one car, as the vehicle registry knows it."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="lien")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="liens")
    state = models.CharField(max_length=10, choices=LienState.choices, default=LienState.PREPARED)
    registry_reference = models.CharField(max_length=64, blank=True, default="")
    registered_date = models.DateField(null=True)
    released_date = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        """One live lien a car; what is registered has its date and reference."""

        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], name="lien_one_live_per_vehicle", condition=~Q(state=LienState.RELEASED)
            ),
            models.CheckConstraint(
                name="lien_registered_when",
                condition=~Q(state=LienState.REGISTERED)
                | (Q(registered_date__isnull=False) & ~Q(registry_reference="")),
            ),
            models.CheckConstraint(
                name="lien_released_when",
                condition=~Q(state=LienState.RELEASED) | Q(released_date__isnull=False),
            ),
            models.CheckConstraint(name="lien_state", condition=Q(state__in=LienState.values)),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.state}"


class LienChange(models.Model):
    """A change of state: who, when, why."""

    lien = models.ForeignKey(Lien, on_delete=models.CASCADE, related_name="changes")
    from_state = models.CharField(max_length=10, blank=True, default="")
    to_state = models.CharField(max_length=10, choices=LienState.choices)
    reason = models.CharField(max_length=200, blank=True, default="")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.lien_id} {self.from_state} {self.to_state}"


class TitleCustody(models.Model):
    """One stay of the registration certificate with somebody; open until it goes on."""

    lien = models.ForeignKey(Lien, on_delete=models.PROTECT, related_name="custody")
    certificate_number = models.CharField(max_length=20)
    holder = models.CharField(max_length=8, choices=TitleHolder.choices)
    shelf = models.CharField(max_length=30, blank=True, default="")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=60)

    class Meta:
        """In one place at a time; with the lender it lies on a shelf."""

        constraints = [
            models.UniqueConstraint(
                fields=["lien"], name="custody_one_open", condition=Q(until_at__isnull=True)
            ),
            models.CheckConstraint(
                name="custody_on_a_shelf", condition=~Q(holder=TitleHolder.LENDER) | ~Q(shelf="")
            ),
            models.CheckConstraint(
                name="custody_period", condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_number} {self.holder}"


class Insurance(models.Model):
    """A policy on the car; the lender is to be the first beneficiary. Half-open period."""

    lien = models.ForeignKey(Lien, on_delete=models.PROTECT, related_name="insurances")
    insurer = models.CharField(max_length=60)
    policy_number = models.CharField(max_length=40, unique=True)
    is_lender_beneficiary = models.BooleanField()
    sum_fen = models.BigIntegerField()
    from_date = models.DateField()
    until_date = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        """A policy covers something for some time."""

        constraints = [
            models.CheckConstraint(name="insurance_period", condition=Q(until_date__gt=F("from_date"))),
            models.CheckConstraint(name="insurance_sum", condition=Q(sum_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return self.policy_number


class GpsContract(models.Model):
    """The contract for the tracking device; ended when the lien is released."""

    lien = models.ForeignKey(Lien, on_delete=models.PROTECT, related_name="gps_contracts")
    provider = models.CharField(max_length=60)
    contract_number = models.CharField(max_length=40, unique=True)
    device_numbers = models.JSONField(default=list)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        """It ends after it starts."""

        constraints = [
            models.CheckConstraint(
                name="gps_period", condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date"))
            )
        ]

    def __str__(self) -> str:
        return self.contract_number
