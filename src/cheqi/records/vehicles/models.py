"""The cars. A new car may have no plate yet and, until it is delivered, no VIN."""

from django.db import models
from django.db.models import Q

from cheqi.foundation.staff.models import Branch
from cheqi.records.parties.models import FactSource
from cheqi.records.vehicles.choices import Condition, Energy, Usage


class Vehicle(models.Model):
    """A car as its papers describe it; `list_price_fen` is the maker's price, not what is paid."""

    vin = models.CharField(max_length=17, blank=True, default="")
    plate = models.CharField(max_length=10, blank=True, default="")
    brand = models.CharField(max_length=40)
    model = models.CharField(max_length=80)
    engine_number = models.CharField(max_length=30, blank=True, default="")
    registered_date = models.DateField(null=True)
    condition = models.CharField(max_length=4, choices=Condition.choices)
    energy = models.CharField(max_length=3, choices=Energy.choices)
    usage = models.CharField(max_length=10, choices=Usage.choices, default=Usage.OWN)
    list_price_fen = models.BigIntegerField(null=True)
    mileage_km = models.IntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        """One car per VIN; a used car was registered once."""

        constraints = [
            models.UniqueConstraint(fields=["vin"], name="vehicle_once_per_vin", condition=~Q(vin="")),
            models.CheckConstraint(name="vehicle_condition", condition=Q(condition__in=Condition.values)),
            models.CheckConstraint(name="vehicle_energy", condition=Q(energy__in=Energy.values)),
            models.CheckConstraint(name="vehicle_usage", condition=Q(usage__in=Usage.values)),
            models.CheckConstraint(
                name="vehicle_list_price", condition=Q(list_price_fen__isnull=True) | Q(list_price_fen__gt=0)
            ),
            models.CheckConstraint(
                name="vehicle_mileage", condition=Q(mileage_km__isnull=True) | Q(mileage_km__gte=0)
            ),
        ]
        indexes = [models.Index(fields=["plate", "id"], name="vehicle_plate")]

    def __str__(self) -> str:
        return f"{self.brand} {self.model} {self.plate or self.vin[-6:]}".strip()


class VehicleBranch(models.Model):
    """A branch that has business with the car and therefore sees it."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="serving")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Once per branch."""

        constraints = [models.UniqueConstraint(fields=["vehicle", "branch"], name="vehicle_branch_once")]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.branch_id}"


class VehicleFact(FactSource):
    """The source of one fact about a car."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="facts")

    class Meta:
        """The latest source of a field is found by index; a fact from a document names it."""

        indexes = [models.Index(fields=["vehicle", "field", "-id"], name="vehicle_fact_latest")]
        constraints = [
            models.CheckConstraint(
                name="vehicle_fact_names_document",
                condition=~Q(origin="DOCUMENT") | Q(document_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id}.{self.field} {self.origin}"
