"""A co-borrower or guarantor declines: the applicant and the client manager hear it, and settle it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from cheqi.areas.origination.operations.declining import decline_consent, decline_signature
from cheqi.areas.origination.operations.replacing import NewPerson, ask_again, remove_person, replace_person
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.demo.people import a_person
from cheqi.foundation.documents.models import Document
from cheqi.foundation.eventlog.queries import timeline
from cheqi.foundation.messages.models import Message
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.workflow.definitions import definition_of_case
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.operations import withdraw
from cheqi.records.agreements.models import Agreement
from cheqi.records.applications.models import (
    ApplicationParty,
    CreditAuthorisation,
    Declination,
    PersonChange,
)
from cheqi.web.telling import told
from tests.journeys.acts import (
    PERSON,
    authorised,
    case_record,
    co_borrower,
    decided,
    done,
    guarantor,
    handed_in,
    open_steps,
    owner_of,
    party_in,
    sent,
    signed,
)
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import at_the_desk, case_page, login_of, posted
from tests.journeys.test_notices import hear
from tests.journeys.test_portal_pages import at_the_phone, looked_at, of
from tests.journeys.test_turns import in_review

OTHER = a_person(83)
NEW = NewPerson(name=OTHER.name, id_number=OTHER.id_number, mobile=OTHER.mobile)
TELL = "担保人不愿意，客户另找了朋友"


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(
    settings: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def declined(world: World, **changes: str) -> tuple[int, int]:
    """A case whose guarantor, asked for consent, said no on their own page: case and guarantor."""
    case_id = sent(world, **(changes or guarantor()))
    handed_in(world, case_id)
    number, applicant = of(case_id)
    authorised(world, case_id, applicant)
    me = party_in(case_id, "GUARANTOR")
    answer = at_the_phone(world, me).post(f"/cases/{number}/consent/decline/", {"once": "d" * 32})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{number}/part/")
    world.pass_time()
    return case_id, me


def manager_of(world: World, case_id: int) -> Actor:
    return owner_of(world, case_id, "change_people")


def replaced(world: World, case_id: int, party_id: int, by: NewPerson = NEW) -> Any:
    return replace_person(
        case_id=case_id,
        party_id=party_id,
        by=by,
        reason=TELL,
        actor=manager_of(world, case_id),
        now=world.now,
        key=f"replace-{by.mobile}",
    )


def test_a_guarantor_who_declines_brings_the_case_to_the_client_manager(world: World) -> None:
    case_id, me = declined(world)
    assert open_steps(case_id) == {"change_people"}
    said = Declination.objects.get()
    assert (said.party_id, said.role, said.act, said.settled_at) == (me, "GUARANTOR", "CONSENT", None)
    number, applicant = of(case_id)
    mine = looked_at(at_the_phone(world, me), f"/cases/{number}/part/")
    assert "您已表示不同意" in mine
    assert "改变主意了" in mine
    tracker = looked_at(at_the_phone(world, applicant), f"/cases/{number}/")
    assert "担保人" in tracker
    assert "不同意征信授权" in tracker
    assert "客户经理会联系您商量" in tracker
    assert not CreditAuthorisation.objects.filter(party_id=me).exists()


def test_the_applicant_and_the_client_manager_are_told(world: World) -> None:
    case_id, me = declined(world)
    hear(world)
    _, applicant = of(case_id)
    (message,) = Message.objects.filter(template="other_declined")
    assert message.party_id == applicant
    assert "担保人不同意征信查询授权" in message.text
    work = Message.objects.filter(template="staff_assigned", case_id=case_id)
    assert any("调整共同借款人、担保人" in one.text for one in work)
    assert not Message.objects.filter(template="other_declined", party_id=me).exists()


def test_declining_twice_is_once_and_who_consented_cannot_decline(world: World) -> None:
    case_id, me = declined(world)
    actor = world.customer(me)
    again = done(decline_consent(case_id=case_id, actor=actor, now=world.now))
    assert again.pk == Declination.objects.get().pk
    _, applicant = of(case_id)
    own = decline_consent(case_id=case_id, actor=world.customer(applicant), now=world.now)
    assert isinstance(own, Refused)
    assert own.kind is RefusalKind.NOT_ALLOWED
    stranger = decline_consent(case_id=case_id, actor=world.customer(10**6), now=world.now)
    assert isinstance(stranger, Refused)
    other = sent(world, key="second", **co_borrower())
    authorised(world, other, party_in(other, "CO_BORROWER"))
    late = decline_consent(case_id=other, actor=world.customer(party_in(other, "CO_BORROWER")), now=world.now)
    assert isinstance(late, Refused)
    assert late.kind is RefusalKind.NOT_NOW
    assert Declination.objects.count() == 1


def test_a_replaced_guarantor_brings_documents_and_consent_and_the_case_goes_on(world: World) -> None:
    case_id, me = declined(world)
    moved = done(replaced(world, case_id, me))
    assert {step for step, _ in moved.open_steps} == {"collect_materials", "authorise_credit_of_others"}
    new = party_in(case_id, "GUARANTOR")
    assert new != me
    change = PersonChange.objects.get()
    assert (change.before_id, change.after_id, change.reason) == (me, new, TELL)
    card = Document.objects.get(case_id=case_id, slot="GUARANTOR_ID_CARD")
    assert (card.state, card.reason_code) == ("REJECTED", "PERSON_CHANGED")
    number, applicant = of(case_id)
    assert "申请里换了人" in looked_at(at_the_phone(world, applicant), f"/cases/{number}/")
    hear(world)
    assert Message.objects.filter(template="consent_asked", party_id=new).exists()
    assert looked_at(at_the_phone(world, me), f"/cases/{number}/part/", 404)
    handed_in(world, case_id, only="GUARANTOR_ID_CARD")
    authorised(world, case_id, new)
    world.pass_time()
    assert open_steps(case_id) == {"review"}


def test_a_person_who_is_left_out_is_not_asked_for_and_everything_else_stays(world: World) -> None:
    case_id, me = declined(world)
    manager = manager_of(world, case_id)
    done(
        remove_person(
            case_id=case_id, party_id=me, reason="客户不要担保", actor=manager, now=world.now, key="out"
        )
    )
    world.pass_time()
    assert open_steps(case_id) == {"review"}
    assert case_record(case_id).facts["has_guarantor"] is False
    assert not ApplicationParty.objects.filter(application__case_id=case_id, role="GUARANTOR").exists()
    world.settle()
    _, applicant = of(case_id)
    definition = definition_of_case(case_id)
    lines = [told(one, definition, "zh-hans") for one in timeline(case_id, world.customer(applicant))]
    assert {"担保人不同意征信授权", "申请里不再有担保人"} <= set(lines)
    english = [told(one, definition, "en") for one in timeline(case_id, SYSTEM)]
    assert "Guarantor declined the credit enquiry" in english


def test_who_is_asked_again_may_still_consent(world: World) -> None:
    case_id, me = declined(world)
    manager = manager_of(world, case_id)
    done(
        ask_again(
            case_id=case_id, party_id=me, reason="已解释清楚", actor=manager, now=world.now, key="again"
        )
    )
    assert open_steps(case_id) == {"authorise_credit_of_others"}
    authorised(world, case_id, me)
    world.pass_time()
    assert open_steps(case_id) == {"review"}


def test_who_takes_the_place_is_checked_like_everybody(world: World) -> None:
    case_id, me = declined(world)
    for by, field in (
        (NewPerson(name=OTHER.name, id_number=OTHER.id_number, mobile=PERSON.mobile), "mobile"),
        (NewPerson(name=OTHER.name, id_number="110101199003070000", mobile=OTHER.mobile), "id_number"),
    ):
        refused = replaced(world, case_id, me, by)
        assert isinstance(refused, Refused)
        assert refused.findings[0].field == field
    silent = remove_person(
        case_id=case_id, party_id=me, reason=" ", actor=manager_of(world, case_id), now=world.now, key="s"
    )
    assert isinstance(silent, Refused)
    assert party_in(case_id, "GUARANTOR") == me
    assert open_steps(case_id) == {"change_people"}
    assert not PersonChange.objects.exists()


def test_people_are_changed_by_the_client_manager_alone_and_only_when_asked_to(world: World) -> None:
    case_id, me = declined(world)
    reviewer = world.staff("limin")
    refused = remove_person(
        case_id=case_id, party_id=me, reason="不要", actor=reviewer, now=world.now, key="other"
    )
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_ALLOWED
    calm = sent(world, key="calm", **co_borrower())
    early = remove_person(
        case_id=calm,
        party_id=party_in(calm, "CO_BORROWER"),
        reason="不要",
        actor=world.staff("chenjing"),
        now=world.now,
        key="early",
    )
    assert isinstance(early, Refused)
    assert early.kind is RefusalKind.NOT_NOW


def test_two_who_decline_are_settled_one_after_the_other(world: World) -> None:
    case_id, me = declined(world, **{**co_borrower(), **guarantor()})
    other = party_in(case_id, "CO_BORROWER")
    done(decline_consent(case_id=case_id, actor=world.customer(other), now=world.now))
    manager = manager_of(world, case_id)
    for place, party_id in enumerate((me, other)):
        assert open_steps(case_id) == {"change_people"}
        done(
            remove_person(
                case_id=case_id,
                party_id=party_id,
                reason="都不要",
                actor=manager,
                now=world.now,
                key=f"{place}",
            )
        )
    world.pass_time()
    assert open_steps(case_id) == {"review"}


def test_a_co_borrower_who_does_not_sign_makes_the_contract_void_and_people_change_before_another_review(
    world: World,
) -> None:
    case_id = in_review(world, **co_borrower())
    decided(world, case_id, "review", "approve")
    number, applicant = of(case_id)
    me = party_in(case_id, "CO_BORROWER")
    client = at_the_phone(world, me)
    assert "我不想签" in looked_at(client, f"/cases/{number}/contract/")
    answer = client.post(f"/cases/{number}/contract/decline/", {"once": "s" * 32})
    assert answer.headers["Location"] == f"/cases/{number}/part/"
    assert open_steps(case_id) == {"change_people"}
    assert (Agreement.objects.get().state, Paper.objects.get().state) == ("VOID", "VOID")
    assert "您已表示不同意" in looked_at(client, f"/cases/{number}/part/")
    tracker = looked_at(at_the_phone(world, applicant), f"/cases/{number}/")
    assert "不同意签字" in tracker
    assert "查看合同" not in tracker
    done(replaced(world, case_id, me))
    authorised(world, case_id, party_in(case_id, "CO_BORROWER"))
    world.pass_time()
    assert open_steps(case_id) == {"review"}
    decided(world, case_id, "review", "approve", key="second")
    assert open_steps(case_id) == {"sign_contract", "co_sign"}
    assert [one.state for one in Agreement.objects.order_by("pk")] == ["VOID", "PREPARED"]
    signed(world, case_id, applicant, key="a")
    world.pass_time(3)
    signed(world, case_id, party_in(case_id, "CO_BORROWER"), key="b")
    world.pass_time()
    assert Agreement.objects.order_by("-pk")[0].state == "EFFECTIVE"


def test_the_applicant_and_who_has_signed_do_not_decline_so(world: World) -> None:
    case_id = in_review(world, **co_borrower())
    decided(world, case_id, "review", "approve")
    _, applicant = of(case_id)
    me = party_in(case_id, "CO_BORROWER")
    signed(world, case_id, me)
    for party_id, kind in ((applicant, RefusalKind.NOT_ALLOWED), (me, RefusalKind.NOT_NOW)):
        refused = decline_signature(case_id=case_id, actor=world.customer(party_id), now=world.now)
        assert isinstance(refused, Refused)
        assert refused.kind is kind
    assert not Declination.objects.exists()


def test_the_applicant_may_withdraw_instead(world: World) -> None:
    case_id, _ = declined(world)
    _, applicant = of(case_id)
    done(
        withdraw(
            case_id=case_id, reason="不办了", actor=world.customer(applicant), now=world.now, key="withdraw"
        )
    )
    assert Case.objects.get(pk=case_id).status == "WITHDRAWN"


def test_the_client_manager_replaces_the_guarantor_on_the_page_of_the_step(world: World) -> None:
    case_id, me = declined(world)
    desk = at_the_desk(world, login_of(world, case_id, "change_people"))
    page = desk.get(f"{case_page(case_id)}?step=change_people").content.decode()
    for word in ("请本人再考虑", "不要这个人", "换人"):
        assert word in page
    work = desk.get(f"{case_page(case_id)}work/?step=change_people").content.decode()
    assert "不同意" in work
    assert "下面的按钮处理的是担保人" in work
    given = {"party": str(me), "name": OTHER.name, "id_number": OTHER.id_number, "reason": TELL}
    assert posted(desk, case_id, "change_people", "replace", mobile=PERSON.mobile, **given) == 422
    assert posted(desk, case_id, "change_people", "replace", mobile=OTHER.mobile, **given) == 302
    assert party_in(case_id, "GUARANTOR") != me
