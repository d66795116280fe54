"""Actions at the wrong moment, twice, by the wrong person: nothing changes, and the answer says why."""

import pytest

from cheqi.areas.origination.operations.drafting import start
from cheqi.areas.origination.operations.reviewing import give_opinion
from cheqi.areas.origination.operations.securing import order_payout
from cheqi.areas.origination.operations.submitting import submit
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.workflow.models import Transition
from cheqi.records.applications.models import Application, CreditDecision
from tests.faults.conftest import Way, everything, refused
from tests.journeys.acts import done, owner_of

pytestmark = pytest.mark.django_db


def test_a_step_that_is_not_open_is_not_now_with_the_reason(way: Way) -> None:
    way.send()
    before, reviewer = everything(), way.world.staff("zhaolei")
    given = {"case_id": way.case_id, "actor": reviewer, "now": way.world.now}
    answer = refused(give_opinion(**given, step="review", opinion="approve", key="early"))
    assert answer.kind is RefusalKind.NOT_NOW
    payer = way.world.staff("sunhao", stepped_up=True)
    paid = refused(order_payout(case_id=way.case_id, actor=payer, now=way.world.now, key="early-pay"))
    assert paid.kind is RefusalKind.NOT_NOW
    assert everything() == before


def test_sending_twice_gives_the_same_answer_and_one_application(way: Way) -> None:
    way.send()
    before = everything()
    given = {"case_id": way.case_id, "actor": way.world.staff("chenjing"), "now": way.world.now}
    again = done(submit(**given, key="submit-1"))
    assert (again.case_id, again.process) == (way.case_id, "application")
    assert everything() == before
    customer = way.world.customer(way.party_id)
    other = refused(submit(case_id=way.case_id, actor=customer, now=way.world.now, key="submit-2"))
    assert other.kind is RefusalKind.NOT_NOW
    assert everything() == before
    assert Application.objects.count() == 1


def test_starting_twice_gives_the_same_draft(way: Way) -> None:
    branch = way.world.lender.branches["HZ"].pk
    given = {"branch_id": branch, "mobile": "13900000018", "now": way.world.now}
    first = done(start(**given, actor=way.world.staff("chenjing"), key="start-1"))
    before = everything()
    assert done(start(**given, actor=way.world.staff("chenjing"), key="start-1")).pk == first.pk
    assert everything() == before


def test_deciding_twice_gives_the_same_answer_once_and_the_wrong_people_are_turned_away(way: Way) -> None:
    way.send().review()
    before = everything()
    given = {"case_id": way.case_id, "step": "review", "opinion": "approve", "now": way.world.now}
    answer = refused(give_opinion(**given, actor=way.world.staff("chenjing"), key="by-manager"))
    assert answer.kind is RefusalKind.NOT_ALLOWED
    elsewhere = give_opinion(**given, actor=way.world.staff("fengqi"), key="by-stranger")
    missing = give_opinion(
        **{**given, "case_id": 999_999}, actor=way.world.staff("fengqi"), key="by-stranger-2"
    )
    assert isinstance(elsewhere, Refused)
    assert elsewhere.kind is RefusalKind.NOT_FOUND
    assert elsewhere == missing
    assert everything() == before

    reviewer = owner_of(way.world, way.case_id, "review")
    first = done(give_opinion(**given, actor=reviewer, key="review-1"))
    after = everything()
    assert done(give_opinion(**given, actor=reviewer, key="review-1")) == first
    assert everything() == after
    assert CreditDecision.objects.count() == 1
    assert Transition.objects.filter(step="review", after="DONE").count() == 1
