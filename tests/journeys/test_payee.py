"""Money goes only where the bank has confirmed the name, whatever was changed since and by whom."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone, translation

from cheqi.areas.origination.answers import payee_answered
from cheqi.areas.origination.desk.securing import PAYOUT
from cheqi.areas.origination.guards import money_may_go
from cheqi.areas.origination.lending import instruct_payout
from cheqi.areas.origination.operations.securing import correct_payee, order_payout, recheck_payee
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.outside import from_bytes
from cheqi.foundation.exchanges.registry import Answer
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.ports.payments import PayeeAnswer, PayeeCheck, PayeeVerdict, PayOut
from cheqi.records.agreements.models import Agreement
from cheqi.records.applications.models import Application, Dealer, Mandate
from cheqi.records.applications.operations import record_dealer
from cheqi.records.liens.models import Lien
from cheqi.ui.casework import Work
from tests.journeys.acts import case_record, done, open_steps, owner_of, secured, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, case_page, login_of, looked_at, posted
from tests.journeys.test_desk_steps import in_contract
from tests.journeys.test_portal_pages import at_the_phone, of


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
    for _ in range(3):
        world.pass_time(30)
    assert paid_to() == []
    assert open_steps(case_id) == {"correct_payee"}  # the bank was asked about it at once, and knows it not
    assert not Wakeup.objects.filter(state="DEAD").exists()


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


def signed_and_registered(case_id: int) -> list[tuple[object, ...]]:
    """What was signed, insured and registered of a case, and the rounds of the steps that did it."""
    keys = (
        "sign_contract",
        "countersign",
        "set_up_mandate",
        "record_insurance",
        "register_lien",
        "take_title",
    )
    rounds = StepRow.objects.filter(case_id=case_id, key__in=keys).order_by("pk")
    return [
        *rounds.values_list("key", "round", "status", "outcome"),
        *Agreement.objects.order_by("pk").values_list("number", "state"),
        *Lien.objects.order_by("pk").values_list("pk", "state"),
        *Mandate.objects.order_by("pk").values_list("pk", "state"),
    ]


def rechecked(world: World, case_id: int, key: str = "again") -> list[str]:
    """The payout officer has the account checked again; the rules that stand against it, or none."""
    result = recheck_payee(
        case_id=case_id, actor=owner_of(world, case_id, "disburse"), now=world.now, key=key
    )
    return [one.rule for one in result.findings] if isinstance(result, Refused) else []


def paid_to() -> list[str]:
    """The accounts that the bank was told to pay, in order."""
    asked = Exchange.objects.filter(operation="pay_out").order_by("pk")
    return [from_bytes(bytes(one.payload), PayOut).account_number for one in asked]


def test_an_account_that_another_case_changed_is_checked_again_and_paid_once_confirmed(world: World) -> None:
    case_id = ready_to_pay(world)
    dealer, before = seller_of(case_id), signed_and_registered(case_id)
    other = f"{dealer.account[:-4]}1234"
    moved(world, dealer, other)
    assert ordered(world, case_id, "pay-1") == ["disbursement.payee"]
    assert rechecked(world, case_id) == []
    assert open_steps(case_id) == {"verify_payee"}
    for _ in range(3):
        world.pass_time(30)
    assert open_steps(case_id) == {"disburse"}
    assert seller_of(case_id).payee_state == "MATCH"
    assert signed_and_registered(case_id) == before
    assert ordered(world, case_id, "pay-2") == []
    for _ in range(4):
        world.pass_time(30)
    assert Case.objects.get(pk=case_id).status == "DISBURSED"
    assert paid_to() == [other]


def test_an_account_that_the_bank_refuses_at_the_second_look_is_corrected_as_ever(world: World) -> None:
    case_id = ready_to_pay(world)
    dealer, before = seller_of(case_id), signed_and_registered(case_id)
    right = dealer.account
    moved(world, dealer, f"{right[:-4]}7777")
    assert rechecked(world, case_id) == []
    world.pass_time(30)
    assert open_steps(case_id) == {"correct_payee"}
    account = {"account": right, "account_name": dealer.account_name, "bank_name": dealer.bank_name}
    clerk = owner_of(world, case_id, "correct_payee")
    done(correct_payee(case_id=case_id, account=account, actor=clerk, now=world.now, key="right"))
    for _ in range(3):
        world.pass_time(30)
    assert open_steps(case_id) == {"disburse"}
    assert signed_and_registered(case_id) == before
    assert ordered(world, case_id, "pay-2") == []
    for _ in range(4):
        world.pass_time(30)
    assert paid_to() == [right]


def test_an_account_that_is_confirmed_is_not_checked_again(world: World) -> None:
    case_id = ready_to_pay(world)
    assert rechecked(world, case_id) == ["disbursement.payee_confirmed"]
    assert open_steps(case_id) == {"disburse"}
    reviewer = world.staff("zhaolei")
    refused = recheck_payee(case_id=case_id, actor=reviewer, now=world.now, key="not-mine")
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_ALLOWED


def test_what_was_ordered_already_is_not_ordered_again_when_the_account_changes(world: World) -> None:
    case_id = ready_to_pay(world)
    dealer = seller_of(case_id)
    assert ordered(world, case_id, "pay-1") == []
    case = case_record(case_id)
    done(instruct_payout(case, now=world.now))
    moved(world, dealer, f"{dealer.account[:-4]}1234")
    again = done(instruct_payout(case, now=world.now))  # killed before it said that it had run
    assert again.outcome == ""
    assert paid_to() == [dealer.account]


def test_the_desk_offers_the_second_look_only_where_it_is_needed(world: World) -> None:
    case_id = ready_to_pay(world)
    dealer = seller_of(case_id)
    client = at_the_desk(world, login_of(world, case_id, "disburse"))
    page = f"{case_page(case_id)}?step=disburse"
    assert "重新核验收款账户" not in looked_at(client, page)
    moved(world, dealer, f"{dealer.account[:-4]}1234")
    shown = looked_at(client, page)
    assert "请先重新核验收款账户" in shown
    assert 'value="recheck"' in shown
    assert posted(client, case_id, "disburse", "recheck") == 302
    assert open_steps(case_id) == {"verify_payee"}
    number, party_id = of(case_id)
    tracker = at_the_phone(world, party_id).get(f"/cases/{number}/").content.decode()
    assert "正在与银行核对经销商收款账户" in tracker
    assert "「放款复核」前还需再核对一次，我们正在办理，您不用做什么" in tracker
    assert "「放款复核」已完成" not in tracker


def test_a_case_of_an_older_version_says_how_it_gets_the_way(world: World) -> None:
    case_id = ready_to_pay(world)
    dealer = seller_of(case_id)
    moved(world, dealer, f"{dealer.account[:-4]}1234")
    case = case_record(case_id)
    step = case.definition.by_key["disburse"]
    older = replace(step, outcomes=tuple(one for one in step.outcomes if one.key == "pay"))
    steps = tuple(older if one is step else one for one in case.definition.steps)
    old = replace(case, definition=replace(case.definition, steps=steps))
    found = money_may_go(old, owner_of(world, case_id, "disburse"), world.now)
    said = [one.message.zh for one in found if one.rule == "disbursement.payee"]
    assert said == ["收款账户有变更，银行还没有确认户名，请运营经理把案件迁移到新版流程后重新核验"]
    work = Work(record=old, step=older, actor=owner_of(world, case_id, "disburse"), now=world.now)
    assert [deed.key for deed in PAYOUT.offered(work)] == ["pay"]
