"""The main job without a browser: from the first visit to the disbursed loan."""

from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.core.base.findings import Refused
from cheqi.demo.people import a_person, a_vehicle
from cheqi.records.applications.models import Application
from tests.journeys.conftest import World

PERSON, CAR = a_person(11), a_vehicle(11)


def answers(world: World, **changes: str) -> dict[str, str]:
    """What an employee who buys a new car enters."""
    return {
        "customer_type": "EMPLOYEE",
        "name": PERSON.name,
        "id_number": PERSON.id_number,
        "monthly_income_fen": "18000",
        "condition": "NEW",
        "energy": "ICE",
        "usage": "OWN",
        "brand": CAR.brand,
        "model": CAR.model,
        "vin": CAR.vin,
        "price_fen": "150000",
        "down_payment_fen": "50000",
        "product": "new-car",
        "term_months": "36",
        "dealer_id": str(world.lender.dealers[0].pk),
        "account_bank": "示例银行",
        "account_number": PERSON.bank_card,
        **changes,
    }


def test_a_client_manager_sends_an_application_and_the_case_moves_on(world: World) -> None:
    manager = world.staff("chenjing")
    draft = start(
        branch_id=world.lender.branches["HZ"].pk,
        mobile=PERSON.mobile,
        actor=manager,
        now=world.now,
        key="start-1",
    )
    assert not isinstance(draft, Refused)
    saved = answer(case_id=draft.case_id, entered=answers(world), actor=manager, now=world.now)
    assert not isinstance(saved, Refused)
    assert saved.findings == ()
    moved = submit(case_id=draft.case_id, actor=manager, now=world.now, key="submit-1")
    assert not isinstance(moved, Refused), moved
    assert {step for step, _ in moved.open_steps} == {
        "collect_materials",
        "authorise_credit",
        "verify_payee",
    }
    application = Application.objects.get(case_id=draft.case_id)
    assert (application.amount_fen, application.term_months) == (10_000_000, 36)
