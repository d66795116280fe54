"""Every pack that comes with Cheqi loads, and its own cases hold."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import cheqi.rules
from cheqi.rules import Pack, evaluate, evaluate_all, load_pack, pick, run_cases
from cheqi.rules.model import Scalar

FOLDER = Path(cheqi.rules.__file__).parent / "packs"
OTHER_FORMS = {"processes", "assumptions"}
CALENDARS = {"cn_business_calendar.yaml"}
FILES = sorted(
    path
    for path in FOLDER.glob("*/*.yaml")
    if path.parent.name not in OTHER_FORMS and path.name not in CALENDARS
)


def packs() -> list[Pack]:
    """All baseline packs."""
    found = [load_pack(path.read_text(encoding="utf-8")) for path in FILES]
    return [pack for pack in found if isinstance(pack, Pack)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_pack_loads_and_its_cases_hold(path: Path) -> None:
    pack = load_pack(path.read_text(encoding="utf-8"))
    assert isinstance(pack, Pack), [str(problem) for problem in pack]
    assert pack.kind.value.lower() in {path.parent.name, path.parent.name.removesuffix("s")}
    assert [str(problem) for problem in run_cases(pack)] == []


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: f"{pack.name}-{pack.version}")
def test_every_row_of_a_pack_is_reached_by_one_of_its_cases(pack: Pack) -> None:
    for table in pack.decisions.values():
        reached = {row for case in pack.cases if case.decision == table.key for row in case.rows}
        assert {row.key for row in table.rows} == reached, table.key


def test_the_loan_to_value_of_own_cars_was_freed_on_the_third_of_april_2024() -> None:
    inputs: dict[str, Scalar] = {"is_used": False, "usage": "OWN", "energy": "NEV"}
    before = pick(packs(), "auto_loan_ltv", date(2024, 4, 2))
    after = pick(packs(), "auto_loan_ltv", date(2024, 4, 3))
    assert before is not None
    assert after is not None
    assert evaluate(before, inputs).value == {"max_ltv": Decimal("0.85")}
    assert evaluate(after, inputs).value == {"max_ltv": None}


def test_an_employee_buying_a_used_car_is_asked_for_these_documents() -> None:
    pack = pick(packs(), "application_materials", date(2026, 11, 1))
    assert pack is not None
    found = evaluate_all(pack, {"customer_type": "EMPLOYEE", "car_type": "USED"})
    assert [decision.value["slot"] for decision in found if decision.value["is_required"]] == [
        "ID_CARD_FRONT",
        "ID_CARD_BACK",
        "DRIVING_LICENCE",
        "VEHICLE_LICENCE",
        "BANK_STATEMENT",
    ]
