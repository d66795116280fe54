"""Cars: once per VIN, with the source of every fact."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.records.tests.scenarios import NOW, a_branch, a_car, a_manager, a_vin, done, rules
from cheqi.records.vehicles.models import Vehicle, VehicleFact
from cheqi.records.vehicles.operations import record_vehicle, verify_facts
from cheqi.records.vehicles.queries import fact_sources, vehicle

pytestmark = pytest.mark.django_db


def test_a_car_is_recorded_once_per_vin_however_it_is_typed() -> None:
    first = a_car()
    again = done(
        record_vehicle(
            brand="示例",
            model="远行",
            condition="NEW",
            energy="ICE",
            vin=f" {a_vin().lower()} ",
            actor=SYSTEM,
            now=NOW,
        )
    )
    assert again.pk == first.pk
    assert Vehicle.objects.count() == 1


def test_everything_wrong_with_a_car_is_named_at_once() -> None:
    result = record_vehicle(
        brand="",
        model="x",
        condition="OLD",
        energy="STEAM",
        vin="LSVAM4180N2000001X",
        plate="浙江12345",
        registered_date=date(2027, 1, 1),
        list_price_fen=-1,
        mileage_km=-1,
        actor=SYSTEM,
        now=NOW,
    )
    assert not result
    assert {each.field for each in result.findings} == {  # type: ignore[union-attr]
        "brand",
        "condition",
        "energy",
        "vin",
        "plate",
        "registered_date",
        "list_price_fen",
        "mileage_km",
    }
    assert Vehicle.objects.count() == 0


def test_a_new_car_may_have_no_vin_yet_and_gets_it_from_a_document() -> None:
    rows = [
        done(record_vehicle(brand="示例", model="远行", condition="NEW", energy="NEV", actor=SYSTEM, now=NOW))
        for _ in range(2)
    ]
    assert rows[0].pk != rows[1].pk
    facts = {"vin": a_vin(), "engine_number": "ab 12345"}
    done(
        verify_facts(
            vehicle_id=rows[0].pk, facts=facts, origin="DOCUMENT", document_id=3, actor=SYSTEM, now=NOW
        )
    )
    rows[0].refresh_from_db()
    assert (rows[0].vin, rows[0].engine_number) == (a_vin(), "AB12345")
    assert fact_sources(rows[0].pk, SYSTEM)["vin"].document_id == 3
    taken = verify_facts(vehicle_id=rows[1].pk, facts={"vin": a_vin()}, origin="CLERK", actor=SYSTEM, now=NOW)
    assert rules(taken) == ["vehicle.vin_taken"]
    rows[1].refresh_from_db()
    assert (rows[1].vin, VehicleFact.objects.count()) == ("", 2)


def test_only_the_branches_with_business_see_the_car() -> None:
    branch, other = a_branch("HZ01"), a_branch("SH01")
    row = done(
        record_vehicle(
            brand="示例",
            model="远行",
            condition="NEW",
            energy="ICE",
            branch_id=branch.pk,
            actor=SYSTEM,
            now=NOW,
        )
    )
    assert vehicle(row.pk, a_manager(branch)) == row
    assert vehicle(row.pk, a_manager(other)) is None


@pytest.mark.parametrize(
    "values", [{"list_price_fen": 0}, {"mileage_km": -1}, {"energy": "X"}, {"condition": "X"}]
)
def test_the_database_refuses_what_no_car_can_be(values: dict[str, Any]) -> None:
    row = {"brand": "a", "model": "b", "condition": "NEW", "energy": "ICE", "created_at": NOW, **values}
    with pytest.raises(IntegrityError), transaction.atomic():
        Vehicle(**row).save()
    assert Vehicle.objects.count() == 0
