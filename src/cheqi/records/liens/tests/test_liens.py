"""Liens, certificates, insurance and GPS contracts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.eventlog.models import EventRow
from cheqi.records.liens.models import GpsContract, Insurance, Lien, LienChange, TitleCustody
from cheqi.records.liens.operations import move_lien, move_title, prepare_lien, record_gps, record_insurance
from cheqi.records.liens.queries import custody, gps_contracts, insurances, is_insured, lien_of
from cheqi.records.tests.scenarios import (
    NOW,
    TODAY,
    a_branch,
    a_customer,
    a_manager,
    an_effective_agreement,
    done,
    rules,
)

pytestmark = pytest.mark.django_db


def a_lien() -> Lien:
    """The lien of an agreement in force, to be filed."""
    return done(prepare_lien(agreement_id=an_effective_agreement().pk, actor=SYSTEM, now=NOW))


def moved(lien: Lien, to_state: str, **given: Any) -> Any:
    """The result of moving the lien."""
    return move_lien(lien_id=lien.pk, to_state=to_state, actor=SYSTEM, now=NOW, **given)


def a_policy(lien: Lien, **changes: Any) -> Any:
    """The result of recording a one-year policy."""
    given: dict[str, Any] = {
        "insurer": "示例财险",
        "policy_number": "PDAA1",
        "is_lender_beneficiary": True,
        "sum_fen": 15_000_000,
        "from_date": TODAY,
        "until_date": date(2027, 11, 23),
        "actor": SYSTEM,
        "now": NOW,
    }
    return record_insurance(lien_id=lien.pk, **{**given, **changes})


def test_a_lien_goes_from_filing_to_registration_with_a_row_for_each_change() -> None:
    lien = a_lien()
    assert done(prepare_lien(agreement_id=lien.agreement_id, actor=SYSTEM, now=NOW)).pk == lien.pk
    for state in ("FILED", "RETURNED", "FILED", "REGISTERED", "REGISTERED"):
        done(
            moved(lien, state, reference="330100001", on=TODAY, reason="补正" if state == "RETURNED" else "")
        )
    row = lien_of(lien.agreement_id, SYSTEM)
    assert row is not None
    assert (row.state, row.registered_date, row.registry_reference) == ("REGISTERED", TODAY, "330100001")
    changes = LienChange.objects.order_by("pk").values_list("to_state", flat=True)
    assert list(changes) == ["PREPARED", "FILED", "RETURNED", "FILED", "REGISTERED"]
    assert EventRow.objects.filter(type="lending.lien_changed").count() == 4


@pytest.mark.parametrize("state", ["REGISTERED", "RELEASED", "RETURNED"])
def test_a_move_that_is_none_is_refused(state: str) -> None:
    lien = a_lien()
    assert rules(moved(lien, state, reference="1")) == ["lien.move"]
    lien.refresh_from_db()
    assert (lien.state, LienChange.objects.count()) == ("PREPARED", 1)


def test_a_registration_without_its_reference_is_refused() -> None:
    lien = a_lien()
    done(moved(lien, "FILED"))
    assert rules(moved(lien, "REGISTERED")) == ["lien.reference"]
    lien.refresh_from_db()
    assert lien.state == "FILED"


def test_a_car_carries_one_lien_at_a_time() -> None:
    lien = a_lien()
    second = an_effective_agreement(2)
    second.application.vehicle_id = lien.vehicle_id
    second.application.save()
    assert rules(prepare_lien(agreement_id=second.pk, actor=SYSTEM, now=NOW)) == ["lien.taken"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Lien.objects.create(agreement=second, vehicle_id=lien.vehicle_id, changed_at=NOW)
    assert Lien.objects.count() == 1


def test_the_certificate_lies_in_one_place_at_a_time() -> None:
    lien = a_lien()
    given: dict[str, Any] = {"lien_id": lien.pk, "certificate_number": "330012345678", "actor": SYSTEM}
    first = done(move_title(holder="LENDER", shelf="A-03-12", now=NOW, **given))
    assert done(move_title(holder="LENDER", shelf="A-03-12", now=NOW, **given)).pk == first.pk
    later = NOW + timedelta(days=2)
    done(move_title(holder="REGISTRY", now=later, **given))
    stays = custody(lien.pk, SYSTEM)
    assert [(stay.holder, stay.until_at) for stay in stays] == [("LENDER", later), ("REGISTRY", None)]
    assert rules(move_title(holder="LENDER", now=later, **given)) == ["title.shelf"]
    assert TitleCustody.objects.count() == 2


def test_a_policy_protects_the_lender_from_its_first_to_before_its_last_day() -> None:
    lien = a_lien()
    policy = done(a_policy(lien))
    assert done(a_policy(lien)).pk == policy.pk
    assert is_insured(lien.pk, TODAY, SYSTEM)
    assert is_insured(lien.pk, date(2027, 11, 22), SYSTEM)
    assert not is_insured(lien.pk, date(2027, 11, 23), SYSTEM)
    assert not is_insured(lien.pk, TODAY - timedelta(days=1), SYSTEM)
    assert [each.policy_number for each in insurances(lien.pk, SYSTEM)] == ["PDAA1"]


def test_everything_wrong_with_a_policy_is_named_and_nothing_kept() -> None:
    lien = a_lien()
    result = a_policy(lien, insurer="", sum_fen=0, until_date=TODAY, is_lender_beneficiary=False)
    assert rules(result) == ["lien.insurer", "insurance.sum", "insurance.period", "insurance.beneficiary"]
    assert Insurance.objects.count() == 0


def test_a_policy_number_belongs_to_one_lien() -> None:
    done(a_policy(a_lien()))
    other = done(prepare_lien(agreement_id=an_effective_agreement(2).pk, actor=SYSTEM, now=NOW))
    assert rules(a_policy(other)) == ["insurance.policy"]
    assert Insurance.objects.count() == 1


def test_a_gps_contract_names_its_devices() -> None:
    lien = a_lien()
    given: dict[str, Any] = {
        "lien_id": lien.pk,
        "provider": "示例定位",
        "contract_number": "GPS-1",
        "from_date": TODAY,
        "actor": SYSTEM,
        "now": NOW,
    }
    assert rules(record_gps(device_numbers=[], **given)) == ["gps.devices"]
    assert GpsContract.objects.count() == 0
    contract = done(record_gps(device_numbers=[" 8640001 "], **given))
    assert done(record_gps(device_numbers=["8640001"], **given)).pk == contract.pk
    assert [each.device_numbers for each in gps_contracts(lien.pk, SYSTEM)] == [["8640001"]]


def test_another_branch_neither_sees_nor_moves_the_lien() -> None:
    lien = a_lien()
    stranger = a_manager(a_branch("SH01"))
    assert lien_of(lien.agreement_id, stranger) is None
    assert lien_of(lien.agreement_id, a_customer(lien.agreement.borrower)) == lien
    result = move_lien(lien_id=lien.pk, to_state="FILED", actor=stranger, now=NOW)
    assert rules(result) == ["lien.missing"]
    lien.refresh_from_db()
    assert lien.state == "PREPARED"
