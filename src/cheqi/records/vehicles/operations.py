"""Writing cars: once per VIN, facts with their source."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, Refused
from cheqi.core.base.identifiers import check_plate, check_vin, normalise_plate, normalise_vin
from cheqi.records.common import conflict, finding, invalid, lender_date, not_found, who
from cheqi.records.vehicles.choices import Condition, Energy, Usage
from cheqi.records.vehicles.models import Vehicle, VehicleBranch, VehicleFact

DETAILS = frozenset(
    {"vin", "plate", "engine_number", "registered_date", "usage", "list_price_fen", "mileage_km"}
)
FACTS = DETAILS | {"brand", "model"}


def record_vehicle(
    *,
    brand: str,
    model: str,
    condition: str,
    energy: str,
    actor: Actor,
    now: datetime,
    branch_id: int | None = None,
    **details: Any,
) -> Vehicle | Refused:
    """Enters a car, or finds the one with this VIN; `branch_id` will see it from then on.

    `details` are vin, plate, engine_number, registered_date, usage, list_price_fen, mileage_km.
    Refused with everything that is wrong.
    """
    if unknown := set(details) - DETAILS:
        raise TypeError(f"a vehicle has no {sorted(unknown)}")
    values = {"brand": brand.strip(), "model": model.strip(), "condition": condition, "energy": energy}
    values |= _spelt(details)
    if (refused := invalid(check_vehicle(values, lender_date(now)))) is not None:
        return refused
    with transaction.atomic():
        vin = values.get("vin", "")
        row = Vehicle.objects.filter(vin=vin).first() if vin else None
        if row is None:
            row = Vehicle(**values, created_at=now)
            row.save(force_insert=True)
        if branch_id is not None:
            VehicleBranch.objects.get_or_create(vehicle=row, branch_id=branch_id)
    return row


def verify_facts(
    *,
    vehicle_id: int,
    facts: Mapping[str, Any],
    origin: str,
    actor: Actor,
    now: datetime,
    document_id: int | None = None,
    reference: str = "",
) -> Vehicle | Refused:
    """Takes facts over onto the car, each with its source row. The caller has checked who may see the car.

    Refused where a value is wrong in itself, names another field, or gives the VIN of another car.
    """
    spelt = _spelt(facts)
    findings = [
        finding("vehicle.fact", name, "不可核实的字段", "Not a fact to verify") for name in set(facts) - FACTS
    ]
    if origin == "DOCUMENT" and document_id is None:
        findings.append(
            finding("vehicle.source", "document_id", "请指明来源资料", "Name the source document")
        )
    findings += check_vehicle(spelt, lender_date(now))
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        row = Vehicle.objects.select_for_update().filter(pk=vehicle_id).first()
        if row is None:
            return not_found("vehicle.missing", "没有这辆车", "There is no such vehicle")
        vin = spelt.get("vin", "")
        if vin and Vehicle.objects.filter(vin=vin).exclude(pk=row.pk).exists():
            return conflict("vehicle.vin_taken", "该车架号属于另一辆车", "The VIN is another vehicle's")
        for name, value in spelt.items():
            setattr(row, name, value)
        row.save(update_fields=sorted(spelt))
        VehicleFact.objects.bulk_create(
            VehicleFact(
                vehicle=row,
                field=name,
                origin=origin,
                document_id=document_id,
                reference=reference,
                verified_at=now,
                **who(actor),
            )
            for name in sorted(spelt)
        )
    return row


_SPELLINGS = {"vin": normalise_vin, "plate": normalise_plate, "engine_number": normalise_vin}


def _spelt(details: Mapping[str, Any]) -> dict[str, Any]:
    """VIN, plate and engine number as they are compared; the rest as it is."""
    return {
        name: _SPELLINGS[name](str(value)) if name in _SPELLINGS and value else value
        for name, value in details.items()
    }


_CHOICES = {"condition": Condition.values, "energy": Energy.values, "usage": Usage.values}


def check_vehicle(values: Mapping[str, Any], today: date) -> list[Finding]:
    """Findings about the given fields of a car; fields that are not given are not looked at."""
    found: list[Finding] = []
    for name, check in (("vin", check_vin), ("plate", check_plate)):
        if values.get(name):
            found += [Finding(each.rule, each.message, name) for each in check(str(values[name]))]
    for name, allowed in _CHOICES.items():
        if name in values and values[name] not in allowed:
            found.append(finding(f"vehicle.{name}", name, "请从列表中选择", "Choose one of the list"))
    for name in ("brand", "model"):
        if name in values and not str(values[name]).strip():
            found.append(finding(f"vehicle.{name}", name, "请填写品牌型号", "Please give brand and model"))
    registered, price, mileage = (
        values.get(name) for name in ("registered_date", "list_price_fen", "mileage_km")
    )
    if isinstance(registered, date) and not date(1985, 1, 1) <= registered <= today:
        found.append(
            finding(
                "vehicle.registered",
                "registered_date",
                "注册日期不可能",
                "The registration date is impossible",
            )
        )
    if price is not None and int(price) <= 0:
        found.append(
            finding("vehicle.price", "list_price_fen", "指导价须大于零", "A list price is above zero")
        )
    if mileage is not None and int(mileage) < 0:
        found.append(finding("vehicle.mileage", "mileage_km", "里程不能为负", "A mileage is not negative"))
    return found
