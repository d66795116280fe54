"""Where the way turns: four eyes, a co-borrower, returns from registry and bank, withdrawal."""

from datetime import timedelta

import pytest

from cheqi.areas.origination.operations.reviewing import give_opinion
from cheqi.areas.origination.operations.securing import correct_payee, order_payout, prepare_lien
from cheqi.areas.origination.operations.signing import show_contract
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.foundation.workflow.operations import finish_step, withdraw
from cheqi.records.agreements.models import Agreement
from cheqi.records.applications.models import ApplicationParty, Dealer
from cheqi.records.liens.models import LienChange
from cheqi.records.loans.models import LoanAccount
from tests.journeys.acts import (
    CAR,
    authorised,
    co_borrower,
    decided,
    done,
    handed_in,
    open_steps,
    owner_of,
    party_in,
    secured,
    sent,
    signed,
)
from tests.journeys.conftest import World


def in_review(world: World, **changes: str) -> int:
    """A case whose documents and credit enquiries are done."""
    case_id = sent(world, **changes)
    party_id = Case.objects.get(pk=case_id).party_id or 0
    handed_in(world, case_id)
    authorised(world, case_id, party_id)
    roles = ApplicationParty.objects.filter(application__case_id=case_id, party__kind="PERSON")
    for row in roles.exclude(party_id=party_id):
        authorised(world, case_id, row.party_id)
    world.pass_time()
    return case_id


def called(world: World, case_id: int) -> None:
    """The verification call above the product's amount."""

    done(
        finish_step(
            case_id=case_id,
            step="call_customer",
            outcome="confirmed",
            actor=owner_of(world, case_id, "call_customer"),
            now=world.now,
            key=f"call-{case_id}",
        )
    )
    world.pass_time()


LARGE = {"price_fen": "400000", "down_payment_fen": "150000", "monthly_income_fen": "60000"}


def test_two_reviewers_decide_side_by_side_and_the_manager_settles_what_they_differ_on(world: World) -> None:
    case_id = in_review(world, **LARGE)
    called(world, case_id)
    assert open_steps(case_id) == {"review", "second_review"}
    first, second = owner_of(world, case_id, "review"), owner_of(world, case_id, "second_review")
    assert first.id != second.id
    decided(world, case_id, "review", "approve")
    assert open_steps(case_id) == {"second_review"}
    decided(world, case_id, "second_review", "refuse", reasons=["DEBT"])
    assert open_steps(case_id) == {"settle_split"}
    decided(world, case_id, "settle_split", "refuse", reasons=["DEBT"])
    assert (Case.objects.get(pk=case_id).status, open_steps(case_id)) == ("REFUSED", set())
    assert not Agreement.objects.exists()


def test_nobody_reviews_twice_and_a_refusal_says_why(world: World) -> None:
    case_id = in_review(world, **LARGE)
    called(world, case_id)
    first = owner_of(world, case_id, "review")
    silent = give_opinion(
        case_id=case_id, step="review", opinion="refuse", actor=first, now=world.now, key="silent"
    )
    assert isinstance(silent, Refused)
    assert silent.findings[0].rule == "decision.reasons"
    assert open_steps(case_id) == {"review", "second_review"}
    again = give_opinion(
        case_id=case_id, step="second_review", opinion="approve", actor=first, now=world.now, key="again"
    )
    assert isinstance(again, Refused)
    assert again.kind is RefusalKind.NOT_ALLOWED


def test_a_co_borrower_signs_too_and_sees_nothing_else(world: World) -> None:
    case_id = in_review(world, **co_borrower())
    decided(world, case_id, "review", "approve")
    assert open_steps(case_id) == {"sign_contract", "co_sign"}
    signed(world, case_id, Case.objects.get(pk=case_id).party_id or 0, key="borrower")
    assert open_steps(case_id) == {"co_sign"}
    signed(world, case_id, party_in(case_id, "CO_BORROWER"), key="other")
    world.pass_time()
    assert not {"sign_contract", "co_sign"} & open_steps(case_id)
    assert Agreement.objects.get().state == "EFFECTIVE"


def test_the_registry_returns_a_filing_and_the_corrected_one_is_registered(world: World) -> None:
    case_id = in_review(world)
    decided(world, case_id, "review", "approve")
    signed(world, case_id, Case.objects.get(pk=case_id).party_id or 0)
    world.pass_time()
    clerk = world.staff("limin")
    done(
        prepare_lien(
            case_id=case_id,
            car={"plate": CAR.plate},
            certificate_number="330012345600",
            actor=clerk,
            now=world.now,
            key="lien-wrong",
        )
    )
    for _ in range(6):
        world.pass_time(40)
    assert StepRow.objects.filter(case_id=case_id, key="prepare_lien").count() == 2
    secured(world, case_id, clerk)
    states = list(LienChange.objects.order_by("pk").values_list("to_state", flat=True))
    assert states == ["PREPARED", "FILED", "RETURNED", "FILED", "REGISTERED"]


def test_a_payee_whom_the_bank_does_not_know_is_corrected_before_any_money_moves(world: World) -> None:
    dealer = world.lender.dealers[0]
    right = dealer.account
    dealer.account = f"{right[:-4]}7777"
    dealer.save()
    case_id = sent(world)
    world.pass_time()
    assert "correct_payee" in open_steps(case_id)
    account = {"account": right, "account_name": dealer.account_name, "bank_name": dealer.bank_name}
    done(
        correct_payee(
            case_id=case_id, account=account, actor=world.staff("limin"), now=world.now, key="correct"
        )
    )
    world.pass_time()
    assert "correct_payee" not in open_steps(case_id)
    assert Dealer.objects.get(pk=dealer.pk).payee_state == "MATCH"


def test_a_payout_that_comes_back_books_nothing_and_the_next_one_books_once(world: World) -> None:
    dealer = world.lender.dealers[0]
    right = dealer.account
    dealer.account = f"{right[:-4]}5555"
    dealer.save()
    case_id = in_review(world)
    decided(world, case_id, "review", "approve")
    signed(world, case_id, Case.objects.get(pk=case_id).party_id or 0)
    world.pass_time()
    secured(world, case_id, world.staff("limin"))
    paid(world, case_id, "pay-1")
    assert "correct_payee" in open_steps(case_id)
    assert not LoanAccount.objects.exists()
    account = {"account": right, "account_name": dealer.account_name, "bank_name": dealer.bank_name}
    done(
        correct_payee(
            case_id=case_id, account=account, actor=world.staff("limin"), now=world.now, key="correct"
        )
    )
    world.pass_time()
    paid(world, case_id, "pay-2")
    assert Case.objects.get(pk=case_id).status == "DISBURSED"
    assert LoanAccount.objects.count() == 1


def paid(world: World, case_id: int, key: str) -> None:
    """The payout is ordered, and the bank has had its time."""
    payer = world.staff("sunhao", stepped_up=True)
    done(order_payout(case_id=case_id, actor=payer, now=world.now, key=key))
    for _ in range(4):
        world.now += timedelta(minutes=30)
        world.bank.control("advance")
        world.pass_time()


def test_a_customer_withdraws_and_the_contract_is_void(world: World) -> None:
    case_id = in_review(world)
    decided(world, case_id, "review", "approve")
    assert open_steps(case_id) == {"sign_contract"}
    customer = world.customer(Case.objects.get(pk=case_id).party_id or 0)
    done(withdraw(case_id=case_id, reason="不买了", actor=customer, now=world.now, key="withdraw"))
    world.settle()
    assert Case.objects.get(pk=case_id).status == "WITHDRAWN"
    assert [agreement.state for agreement in Agreement.objects.all()] == ["VOID"]
    assert [paper.state for paper in Paper.objects.all()] == ["VOID"]


@pytest.mark.parametrize("role", ["zhengyi", "fengqi"])
def test_colleagues_of_another_branch_do_not_see_the_case(world: World, role: str) -> None:
    case_id = in_review(world)
    answer = give_opinion(
        case_id=case_id, step="review", opinion="approve", actor=world.staff(role), now=world.now, key="x"
    )
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.NOT_FOUND
    assert open_steps(case_id) == {"review"}


def test_nobody_signs_before_there_is_a_contract(world: World) -> None:
    case_id = sent(world)
    customer = world.customer(Case.objects.get(pk=case_id).party_id or 0)
    answer = show_contract(case_id=case_id, actor=customer, now=world.now)
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.findings[0].rule) == (RefusalKind.NOT_NOW, "contract.missing")
    assert not Paper.objects.exists()
