"""Money goes only where the bank has confirmed the name, whatever was changed since and by whom."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone, translation

from cheqi.areas.origination.answers import payee_answered
from cheqi.areas.origination.operations.securing import order_payout
from cheqi.core.base.findings import Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.registry import Answer
from cheqi.foundation.workflow.models import Case
from cheqi.ports.payments import PayeeAnswer, PayeeCheck, PayeeVerdict
from cheqi.records.applications.models import Application, Dealer
from cheqi.records.applications.operations import record_dealer
from tests.journeys.acts import done, open_steps, owner_of, secured, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_steps import in_contract


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def seller_of(case_id: int) -> Dealer:
    """The dealer of a case, as it stands now."""
    dealer = Application.objects.get(case_id=case_id).dealer
    assert dealer is not None
    return dealer


def moved(world: World, dealer: Dealer, account: str) -> None:
    """Somebody enters another account for the dealer."""
    done(
        record_dealer(
            name=dealer.name,
            uscc=dealer.uscc,
            account=account,
            account_name=dealer.account_name,
            bank_name=dealer.bank_name,
            bank_code=dealer.bank_code,
            actor=world.staff("limin"),
            now=world.now,
        )
    )


def ready_to_pay(world: World) -> int:
    """A case in which everything is there but the last yes."""
    case_id = in_contract(world)
    secured(world, case_id, owner_of(world, case_id, "record_insurance"))
    for _ in range(8):
        world.pass_time(30)
    assert open_steps(case_id) == {"disburse"}
    return case_id


def ordered(world: World, case_id: int, key: str) -> list[str]:
    """The rules that stand against paying now; none when it was ordered."""
    login = next(
        login
        for login, member in world.lender.members.items()
        if str(member.pk) == owner_of(world, case_id, "disburse").id
    )
    actor = world.staff(login, stepped_up=True)
    result = order_payout(case_id=case_id, actor=actor, now=world.now, key=key)
    return [one.rule for one in result.findings] if isinstance(result, Refused) else []


def test_an_account_that_was_changed_since_it_was_checked_is_not_paid(world: World) -> None:
    case_id = ready_to_pay(world)
    dealer = seller_of(case_id)
    right = dealer.account
    moved(world, dealer, f"{right[:-4]}7777")
    assert ordered(world, case_id, "pay-1") == ["disbursement.payee"]
    assert open_steps(case_id) == {"disburse"}
    assert not Exchange.objects.filter(operation="pay_out").exists()
    moved(world, dealer, right)
    assert ordered(world, case_id, "pay-2") == ["disbursement.payee"]
    Dealer.objects.filter(pk=dealer.pk).update(payee_state="MATCH", payee_checked_at=world.now)
    assert ordered(world, case_id, "pay-3") == []


def test_an_account_that_is_changed_between_the_yes_and_the_order_is_not_paid(world: World) -> None:
    case_id = ready_to_pay(world)
    dealer = seller_of(case_id)
    assert ordered(world, case_id, "pay-1") == []
    moved(world, dealer, f"{dealer.account[:-4]}7777")
    world.pass_time()
    assert not Exchange.objects.filter(operation="pay_out").exists()
    assert Case.objects.get(pk=case_id).status != "DISBURSED"


def test_a_word_about_the_account_before_says_nothing_about_the_one_that_is(world: World) -> None:
    case_id = sent(world)
    dealer = seller_of(case_id)
    asked = PayeeCheck(key="k", account_number=dealer.account, name=dealer.account_name)
    moved(world, dealer, f"{dealer.account[:-4]}7777")
    word = PayeeAnswer("k", PayeeVerdict.MATCH, "R1")
    answer = Answer(1, "k", "payments", "verify_payee", case_id, request=asked, result=word)
    with transaction.atomic():
        payee_answered(answer, now=world.now)
    assert seller_of(case_id).payee_state == "UNCHECKED"
    assert "correct_payee" in open_steps(case_id)


def test_who_changed_an_account_is_on_record_by_its_end(world: World) -> None:
    case_id = sent(world)
    dealer = seller_of(case_id)
    before = EventRow.objects.filter(type="lending.dealer_account_set").count()
    moved(world, dealer, dealer.account)
    assert EventRow.objects.filter(type="lending.dealer_account_set").count() == before
    moved(world, dealer, f"{dealer.account[:-4]}7777")
    row = EventRow.objects.filter(type="lending.dealer_account_set").order_by("-pk")[0]
    assert row.actor_name == "李敏"
    assert row.payload == {
        "dealer_id": dealer.pk,
        "name": dealer.name,
        "was_last4": dealer.account[-4:],
        "last4": "7777",
    }
