"""Reading cars: those that a branch of the actor has business with."""

from django.db.models import QuerySet

from cheqi.core.base.actors import Actor
from cheqi.foundation.staff.scopes import visible
from cheqi.records.vehicles.models import Vehicle, VehicleFact


def visible_vehicles(actor: Actor) -> QuerySet[Vehicle]:
    """The cars that the actor may see; customers reach theirs through their application."""
    return visible(Vehicle.objects.all(), actor, branch="serving__branch_id", party=None, case=None)


def vehicle(vehicle_id: int, actor: Actor) -> Vehicle | None:
    """One car, or None where there is none to see."""
    return visible_vehicles(actor).filter(pk=vehicle_id).first()


def fact_sources(vehicle_id: int, actor: Actor) -> dict[str, VehicleFact]:
    """The latest source of each verified field."""
    rows = VehicleFact.objects.filter(vehicle__in=visible_vehicles(actor).filter(pk=vehicle_id)).order_by(
        "pk"
    )
    return {row.field: row for row in rows}
