"""Everybody of an application consents and signs on a phone of their own: refused at entry and at sending."""

from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.areas.origination.queries import answers_of
from cheqi.core.base.findings import Refused
from cheqi.records.applications.models import Application
from cheqi.records.parties.models import Party
from cheqi.records.parties.operations import record_party
from tests.journeys.acts import PERSON, answers, done, guarantor
from tests.journeys.conftest import World


def started(world: World) -> Draft:
    return done(
        start(
            branch_id=world.lender.branches["HZ"].pk,
            mobile=PERSON.mobile,
            actor=world.staff("chenjing"),
            now=world.now,
            key="own-phone",
        )
    )


def test_a_guarantor_with_the_applicants_mobile_is_refused_where_it_is_entered(world: World) -> None:
    draft = started(world)
    entered = {**answers(world, **guarantor()), "guarantor_mobile": PERSON.mobile}
    saved = done(answer(case_id=draft.case_id, entered=entered, actor=world.staff("chenjing"), now=world.now))
    (finding,) = saved.findings
    assert (finding.field, finding.clause.split()[-1]) == ("guarantor_mobile", "第一条")
    assert "请填写其本人在用的另一个手机号" in finding.message.zh
    draft.refresh_from_db()
    assert "guarantor_mobile" not in answers_of(draft)
    assert answers_of(draft)["guarantor_name"] == guarantor()["guarantor_name"]


def test_the_applicants_own_id_number_for_the_co_borrower_is_refused_at_sending_too(world: World) -> None:
    draft, manager = started(world), world.staff("chenjing")
    first = {name: value for name, value in answers(world, **guarantor()).items() if name != "id_number"}
    first["guarantor_id_number"] = PERSON.id_number
    for entered in (first, {"id_number": PERSON.id_number}):
        done(answer(case_id=draft.case_id, entered=entered, actor=manager, now=world.now))
    refused = submit(case_id=draft.case_id, actor=manager, now=world.now, key="send")
    assert isinstance(refused, Refused)
    assert [one.rule for one in refused.findings] == ["people_of_application.shared.id_number"]
    assert not Application.objects.exists()


def test_who_is_on_record_with_the_applicants_mobile_is_refused_at_sending(world: World) -> None:
    draft, manager, beside = started(world), world.staff("chenjing"), guarantor()
    done(
        record_party(
            name=beside["guarantor_name"],
            id_number=beside["guarantor_id_number"],
            mobile=PERSON.mobile,
            branch_id=draft.branch_id,
            actor=manager,
            now=world.now,
        )
    )
    saved = answer(case_id=draft.case_id, entered=answers(world, **beside), actor=manager, now=world.now)
    assert done(saved).findings == ()
    before = Party.objects.count()
    refused = submit(case_id=draft.case_id, actor=manager, now=world.now, key="send")
    assert isinstance(refused, Refused)
    assert [one.field for one in refused.findings] == ["guarantor_mobile"]
    assert (Application.objects.count(), Party.objects.count()) == (0, before)
