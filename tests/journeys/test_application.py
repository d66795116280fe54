"""The main job without a browser: from the first visit to the disbursed loan."""

import pytest

from cheqi.areas.origination.operations.documents import confirm
from cheqi.areas.origination.operations.reviewing import give_opinion
from cheqi.areas.origination.operations.securing import order_payout
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.records.applications.models import Application
from cheqi.records.loans.models import LoanAccount
from tests.journeys.acts import (
    authorised,
    done,
    open_steps,
    owner_of,
    photographed,
    secured,
    sent,
    settle_everything,
    signed,
)
from tests.journeys.conftest import World


def test_an_application_is_sent_and_the_customer_has_the_ball(world: World) -> None:
    case_id = sent(world)
    assert open_steps(case_id) == {"collect_materials", "authorise_credit", "verify_payee"}
    application = Application.objects.get(case_id=case_id)
    assert (application.amount_fen, application.term_months) == (10_000_000, 36)
    values = StepRow.objects.filter(case_id=case_id, status="OPEN").values_list("value_fen", flat=True)
    assert set(values) == {10_000_000}


@pytest.mark.ocr
def test_from_the_first_visit_to_the_disbursed_loan(world: World) -> None:
    case_id = sent(world)
    party_id = Case.objects.get(pk=case_id).party_id or 0
    photographed(world, case_id, party_id)
    authorised(world, case_id, party_id)
    world.pass_time()
    assert open_steps(case_id) == {"verify_documents"}
    clerk = world.staff("limin")
    settle_everything(world, case_id, clerk)
    done(confirm(case_id=case_id, comment="已电话核实", actor=clerk, now=world.now, key="confirm-1"))
    world.pass_time()
    assert open_steps(case_id) == {"review"}
    reviewer = owner_of(world, case_id, "review")
    done(
        give_opinion(
            case_id=case_id, step="review", opinion="approve", actor=reviewer, now=world.now, key="review-1"
        )
    )
    world.pass_time()
    assert open_steps(case_id) == {"sign_contract"}
    signed(world, case_id, party_id)
    world.pass_time()
    assert open_steps(case_id) == {"record_insurance", "prepare_lien"}
    secured(world, case_id, clerk)
    assert open_steps(case_id) == {"disburse"}
    payer = world.staff("sunhao", stepped_up=True)
    done(order_payout(case_id=case_id, actor=payer, now=world.now, key="pay-1"))
    world.pass_time()
    case = Case.objects.get(pk=case_id)
    assert (case.status, open_steps(case_id)) == ("DISBURSED", set())
    loan = LoanAccount.objects.get(case_id=case_id)
    assert (loan.principal_fen, loan.installments.count()) == (10_000_000, 36)
    assert sum(row.principal_fen for row in loan.installments.all()) == 10_000_000
