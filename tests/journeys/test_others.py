"""Who stands beside the applicant: their own consent, their own enquiry, their own signature."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from cheqi import ports
from cheqi.areas.origination.operations.consents import authorise, request_consent_code
from cheqi.areas.origination.operations.documents import return_to_customer
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.messages.models import Message
from cheqi.foundation.paper.models import ConsentRecord, SignatureRow
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.foundation.workflow.operations import ring
from cheqi.ports.credit_bureau import CreditBureau, CreditEnquiry, UnableToReachCreditBureau
from cheqi.ports.credit_bureau import CreditReport as Report
from cheqi.records.applications.models import CreditAuthorisation, CreditDecision, CreditReport
from cheqi.records.parties.models import Party
from tests.journeys.acts import (
    PERSON,
    authorised,
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
from tests.journeys.test_desk_pages import at_the_desk, case_page, posted
from tests.journeys.test_notices import hear
from tests.journeys.test_portal_pages import at_the_phone, looked_at
from tests.journeys.test_turns import LARGE

BOTH = {**co_borrower(), **guarantor()}
ARREARS = 72


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(
    settings: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["cheqi.foundation.staff.tests.quick_hasher.QuickArgon2"]
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def collected(world: World, **changes: str) -> tuple[int, str, int]:
    """A sent application whose documents are in: case, number, applicant."""
    case_id = sent(world, **changes)
    handed_in(world, case_id)
    case = Case.objects.get(pk=case_id)
    return case_id, case.number, case.party_id or 0


def test_the_bureau_is_asked_about_each_person_once_everybody_has_authorised_it(world: World) -> None:
    case_id, _, applicant = collected(world, **BOTH)
    authorised(world, case_id, applicant)
    authorised(world, case_id, party_in(case_id, "CO_BORROWER"))
    assert open_steps(case_id) == {"authorise_credit_of_others"}
    assert not Exchange.objects.filter(port="credit_bureau").exists()
    authorised(world, case_id, party_in(case_id, "GUARANTOR"))
    world.pass_time()
    assert open_steps(case_id) == {"review"}
    reports = CreditReport.objects.filter(application__case_id=case_id)
    people = {applicant, party_in(case_id, "CO_BORROWER"), party_in(case_id, "GUARANTOR")}
    assert {row.party_id for row in reports} == people
    assert all(row.authorisation.party_id == row.party_id for row in reports)
    assert {row.purpose for row in CreditAuthorisation.objects.all()} == {"贷款审批", "担保资格审查"}


class AwayForOne:
    """A bureau that cannot be reached about one person."""

    def __init__(self, inner: CreditBureau, id_number: str) -> None:
        self.inner, self.id_number = inner, id_number

    def enquire(self, enquiry: CreditEnquiry) -> Report:
        """As the bureau itself, but for the one."""
        if enquiry.subject.id_number == self.id_number:
            raise UnableToReachCreditBureau("away")
        return self.inner.enquire(enquiry)

    def ask(self, key: str) -> Report | None:
        """As the bureau itself."""
        return self.inner.ask(key)


@pytest.mark.parametrize("late", ["BORROWER", "CO_BORROWER"])
def test_the_case_goes_on_with_the_last_answer_and_not_with_the_first(world: World, late: str) -> None:
    case_id, _, applicant = collected(world, **co_borrower())
    authorised(world, case_id, party_in(case_id, "CO_BORROWER"))
    away = Party.objects.get(pk=party_in(case_id, late))
    with ports.bound(CreditBureau, AwayForOne(ports.get(CreditBureau), away.id_number)):
        authorised(world, case_id, applicant)
        world.pass_time()
    states = Exchange.objects.filter(port="credit_bureau").values_list("state", flat=True)
    assert sorted(states) == ["DONE", "WAITING"]
    assert open_steps(case_id) == {"enquire_credit"}
    world.pass_time(5)
    assert open_steps(case_id) == {"review"}
    assert CreditReport.objects.count() == 2


def test_an_answer_that_comes_after_the_case_was_sent_back_is_kept_and_not_asked_for_again(
    world: World,
) -> None:
    case_id, _, applicant = collected(world, **LARGE)
    with ports.bound(CreditBureau, AwayForOne(ports.get(CreditBureau), PERSON.id_number)):
        authorised(world, case_id, applicant)
        world.pass_time()
    caller = owner_of(world, case_id, "call_customer")
    done(
        return_to_customer(
            case_id=case_id, step="call_customer", reason="补流水", actor=caller, now=world.now, key="back"
        )
    )
    world.pass_time(5)
    assert Exchange.objects.get(port="credit_bureau").state == "DONE"
    handed_in(world, case_id, only="BANK_STATEMENT")
    world.pass_time()
    assert "enquire_credit" not in open_steps(case_id)
    assert (CreditReport.objects.count(), Exchange.objects.filter(port="credit_bureau").count()) == (1, 1)


def test_the_decision_keeps_a_copy_of_every_persons_answer(world: World) -> None:
    case_id, _, applicant = collected(world, **BOTH)
    for party_id in (applicant, party_in(case_id, "CO_BORROWER"), party_in(case_id, "GUARANTOR")):
        authorised(world, case_id, party_id)
    world.pass_time()
    decided(world, case_id, "review", "approve")
    evidence = CreditDecision.objects.get().evidence
    reports = {row.party_id: row for row in CreditReport.objects.all()}
    assert evidence["credit_report"]["reference"] == reports[applicant].reference
    assert [(one["role"], one["figures"]) for one in evidence["credit_reports_of_others"]] == [
        (role, reports[party_in(case_id, role)].figures) for role in ("CO_BORROWER", "GUARANTOR")
    ]


def test_a_co_borrower_in_arrears_is_found_by_the_policy_under_their_role(world: World) -> None:
    case_id, _, applicant = collected(world, **co_borrower(ARREARS))
    for party_id in (applicant, party_in(case_id, "CO_BORROWER")):
        authorised(world, case_id, party_id)
    world.pass_time()
    found = StepRow.objects.get(case_id=case_id, key="check_policy").data
    assert found["outcome"] == "REFUSE"
    assert "共同借款人：征信显示当前有逾期" in [one["zh"] for one in found["findings"]]


def test_nobody_consents_for_somebody_else_and_strangers_find_no_case(world: World) -> None:
    case_id, _, applicant = collected(world, **co_borrower())
    other = world.customer(party_in(case_id, "CO_BORROWER"))
    asked = request_consent_code(case_id=case_id, actor=other, now=world.now, address="127.0.0.1")
    assert not isinstance(asked, Refused)
    world.pass_time()
    taken = authorise(
        case_id=case_id,
        challenge=asked.challenge,
        code=world.codes.last,
        actor=world.customer(applicant),
        now=world.now,
        address="127.0.0.1",
        key="other-code",
    )
    assert isinstance(taken, Refused)
    stranger = request_consent_code(
        case_id=case_id, actor=world.customer(10**6), now=world.now, address="127.0.0.1"
    )
    assert isinstance(stranger, Refused)
    assert stranger.kind is RefusalKind.NOT_ALLOWED
    assert not CreditAuthorisation.objects.exists()


def test_the_tracker_says_who_is_missing_and_has_the_ball_with_them(world: World) -> None:
    case_id, number, applicant = collected(world, **BOTH)
    authorised(world, case_id, applicant)
    client = at_the_phone(world, applicant)
    page = looked_at(client, f"/cases/{number}/")
    names = {
        role: Party.objects.get(pk=party_in(case_id, role)).name for role in ("CO_BORROWER", "GUARANTOR")
    }
    assert "等待共同借款人或担保人" in page
    assert f"等待共同借款人授权：{names['CO_BORROWER'][0]}*" in page
    assert f"等待担保人授权：{names['GUARANTOR'][0]}*" in page
    assert names["CO_BORROWER"] not in page
    tag = client.get(f"/cases/{number}/live/").headers["ETag"]
    authorised(world, case_id, party_in(case_id, "CO_BORROWER"))
    after = client.get(f"/cases/{number}/live/", headers={"If-None-Match": tag})
    assert after.status_code == 200
    assert "等待共同借款人授权" not in after.content.decode()
    assert "等待担保人授权" in after.content.decode()


def test_a_guarantor_authorises_and_signs_on_their_own_phone(world: World) -> None:
    case_id, number, applicant = collected(world, **guarantor())
    me = party_in(case_id, "GUARANTOR")
    client = at_the_phone(world, me)
    home = looked_at(client, "/")
    assert f"/cases/{number}/part/" in home
    assert "您是担保人" in home
    page = looked_at(client, f"/cases/{number}/part/")
    assert "查看授权书" in page
    for hidden in (PERSON.name, PERSON.id_number, PERSON.mobile, PERSON.bank_card):
        assert hidden not in page
    assert looked_at(client, f"/cases/{number}/", 404)
    consent = looked_at(client, f"/cases/{number}/consent/")
    assert "担保资格审查" in consent
    assert "会告诉申请人和客户经理" in consent
    assert "我不同意" in consent
    client.post(f"/cases/{number}/consent/", {"wish": "code"})
    world.pass_time()
    client.post(f"/cases/{number}/consent/", {"code": world.codes.last})
    kept = CreditAuthorisation.objects.get()
    assert (kept.party_id, kept.purpose) == (me, "担保资格审查")
    assert f"授权人（担保人）：{Party.objects.get(pk=me).name}" in kept.text
    assert looked_at(client, f"/cases/{number}/consent/", 409)
    authorised(world, case_id, applicant)
    world.pass_time()
    decided(world, case_id, "review", "approve")
    assert "查看合同" in looked_at(client, f"/cases/{number}/part/")
    _signs_in_the_browser(world, client, number)
    assert "您已签字" in looked_at(client, f"/cases/{number}/part/")
    assert open_steps(case_id) == {"sign_contract"}


def _signs_in_the_browser(world: World, client: Any, number: str) -> None:
    path = f"/cases/{number}/contract/"
    assert client.get(f"{path}pdf/").content.startswith(b"%PDF")
    client.post(path, {"wish": "code", "read": "yes"})
    world.pass_time(2)
    page = client.get(path).content.decode()
    shown = page.split('name="shown" value="')[1].split('"')[0]
    client.post(path, {"code": world.codes.last, "shown": shown, "once": "g" * 32})


def test_a_signer_opens_the_version_that_the_one_before_signed(world: World) -> None:
    case_id, number, applicant = collected(world, **co_borrower())
    other = party_in(case_id, "CO_BORROWER")
    for party_id in (applicant, other):
        authorised(world, case_id, party_id)
    world.pass_time()
    decided(world, case_id, "review", "approve")
    client, path = at_the_phone(world, other), f"/cases/{number}/contract/"
    client.get(f"{path}pdf/")
    signed(world, case_id, applicant, key="applicant")
    unread = client.post(path, {"wish": "code", "read": "yes"})
    assert unread.status_code == 422
    assert "请先打开合同全文" in unread.content.decode()
    world.pass_time()
    _signs_in_the_browser(world, client, number)
    kept = ConsentRecord.objects.get(party_id=other)
    side = SignatureRow.objects.get(party_id=other)
    assert (kept.pdf_sha256, kept.shown_at) == (side.before_sha256, side.shown_at)
    world.pass_time()
    assert not {"sign_contract", "co_sign"} & open_steps(case_id)


def test_the_others_are_told_and_reminded_until_they_have_acted(world: World) -> None:
    case_id, _, applicant = collected(world, **guarantor())
    me = party_in(case_id, "GUARANTOR")
    hear(world)
    asked = Message.objects.filter(template="consent_asked")
    assert [(row.party_id, row.channel) for row in asked.all()] == [(me, "SMS")]
    world.now += timedelta(days=1, hours=1)
    ring(StepRow.objects.get(case_id=case_id, key="authorise_credit_of_others").pk, now=world.now)
    hear(world)
    assert {row.party_id for row in asked.all()} == {me}
    assert asked.all().count() == 2
    assert not Message.objects.filter(template="step_reminder", party_id=me).exists()
    authorised(world, case_id, me)
    hear(world)
    assert asked.all().count() == 2
    assert applicant not in {row.party_id for row in asked.all()}


def test_a_client_manager_helps_at_the_desk_with_the_code_that_the_guarantor_reads_out(world: World) -> None:
    case_id, _, applicant = collected(world, **guarantor())
    me = party_in(case_id, "GUARANTOR")
    clerk = at_the_desk(world, "chenjing")
    step = "authorise_credit_of_others"
    page = clerk.get(f"{case_page(case_id)}work/?step={step}").content.decode()
    assert "请本人阅读授权书" in page
    assert posted(clerk, case_id, step, "send", party=str(me)) == 302
    world.pass_time()
    assert world.codes.sent[-1].party_id == me
    wrong = "000000" if world.codes.last != "000000" else "111111"
    assert posted(clerk, case_id, step, "take", party=str(me), code=wrong) == 422
    assert posted(clerk, case_id, step, "take", party=str(me), code=world.codes.last) == 302
    assert CreditAuthorisation.objects.get().method.startswith("DESK_CODE:")
    assert step not in open_steps(case_id)
    authorised(world, case_id, applicant)
    world.pass_time(2)
    decided(world, case_id, "review", "approve")
    early = posted(clerk, case_id, "co_sign", "send", party=str(me))
    world.pass_time(2)
    assert (early, posted(clerk, case_id, "co_sign", "take", party=str(me), code=world.codes.last)) == (
        302,
        409,
    )
    pdf = clerk.get(f"{case_page(case_id)}contract/{me}/")
    assert pdf.content.startswith(b"%PDF")
    world.pass_time(2)
    assert posted(clerk, case_id, "co_sign", "send", party=str(me)) == 302
    world.pass_time(2)
    assert posted(clerk, case_id, "co_sign", "take", party=str(me), code=world.codes.last) == 302
    assert SignatureRow.objects.get(party_id=me).signed_at is not None
    assert open_steps(case_id) == {"sign_contract"}


def test_who_does_not_assist_customers_cannot_pass_a_code_on(world: World) -> None:
    case_id, _, _ = collected(world, **guarantor())
    me = party_in(case_id, "GUARANTOR")
    sent_before = len(world.codes.sent)
    clerk = at_the_desk(world, "limin")
    assert posted(clerk, case_id, "authorise_credit_of_others", "send", party=str(me)) == 403
    world.pass_time()
    assert len(world.codes.sent) == sent_before


def test_the_review_shows_each_persons_answer(world: World) -> None:
    case_id, _, applicant = collected(world, **BOTH)
    people = (applicant, party_in(case_id, "CO_BORROWER"), party_in(case_id, "GUARANTOR"))
    for party_id in people:
        authorised(world, case_id, party_id)
    world.pass_time()
    owner = StepRow.objects.get(case_id=case_id, key="review").owner_id
    login = next(login for login, one in world.lender.members.items() if one.pk == owner)
    page = at_the_desk(world, login).get(f"{case_page(case_id)}work/?step=review").content.decode()
    for party_id in people:
        reference = CreditReport.objects.get(party_id=party_id).reference
        assert Party.objects.get(pk=party_id).name in page
        assert str(CreditReport.objects.get(reference=reference).figures["report_number"]) in page
