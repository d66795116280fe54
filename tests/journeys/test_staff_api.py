"""The main job by programs alone, over HTTP: a partner's key, and members of staff by session of theirs.

The partner enters, photographs and passes the customer's codes on; clerk, reviewers and payout officer do
their steps through the API as they would at the desk; simulators answer; the loan is read by the partner.
"""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from cheqi import ports
from cheqi.core.base.findings import Refused
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import draw
from cheqi.demo.outside import DrawnText
from cheqi.demo.second_factors import code_of, enrol
from cheqi.foundation.access.queries import forget_kept_keys
from cheqi.foundation.documents.models import FieldValue
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.staff.models import RoleAssignment
from cheqi.foundation.staff.operations import record_absence
from cheqi.foundation.workflow.models import Case, StepRow
from cheqi.ports.ocr import Ocr
from cheqi.records.products.models import ProductVersion
from tests.api.scenarios import Program, error_of, json_of, log_in_of, program
from tests.journeys.acts import CAR, FACTS, PERSON, open_steps
from tests.journeys.conftest import World
from tests.journeys.test_api import challenge_for, entered, signed
from tests.journeys.test_desk_pages import LARGE, in_review
from tests.journeys.test_payee import moved, ready_to_pay, seller_of


@pytest.fixture(autouse=True)
def _at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    forget_kept_keys()
    enrol(world.lender.members, world.now)
    yield
    forget_kept_keys()


@pytest.fixture
def dealer(world: World) -> Program:
    """A partner's program with what a partner is trusted with: no step of staff."""
    return program(
        world.lender,
        *("progress:read", "applications:read", "applications:write", "documents:read", "documents:write"),
        *("consents:write", "cases:read", "contracts:read", "loans:read"),
    )


def logged_in(world: World, login: str) -> Program:
    """A member's program that has just logged in with a code that was not used yet."""
    world.now += timedelta(seconds=30)
    begun = json_of(Program("").post("staff/sessions", log_in_of(login, world.now)), 201)
    assert begun["token"].startswith("cs_")
    return Program(begun["token"])


def owner_of(world: World, number: str, step: str) -> str:
    """The log-in of the colleague whom a step was given to."""
    owner = StepRow.objects.get(case__number=number, key=step, status="OPEN").owner_id
    return next(login for login, member in world.lender.members.items() if member.pk == owner)


def deed_of(staff: Program, number: str, step: str, deed: str) -> dict[str, Any]:
    """A deed as the API offers it."""
    actions = json_of(staff.get(f"staff/cases/{number}"))["actions"]
    found: dict[str, Any] = next(one for one in actions if (one["step"], one["deed"]) == (step, deed))
    return found


def do(staff: Program, number: str, step: str, deed: str, **given: object) -> Any:
    """Carries a deed out, in the round that is open; the answer."""
    row = StepRow.objects.filter(case__number=number, key=step).order_by("-round").first()
    body = {"step": step, "deed": deed, "round": row.round if row else 1, "given": given}
    return staff.post(f"staff/cases/{number}/deeds", body)


def by_owner(world: World, number: str, step: str, deed: str, **given: object) -> Program:
    """Whoever the step was given to finds it in the queue and does it."""
    staff = logged_in(world, owner_of(world, number, step))
    waiting = json_of(staff.get("staff/queue"))["items"]
    assert (number, step) in {(one["number"], one["step"]) for one in waiting}
    assert deed_of(staff, number, step, deed)["is_possible"]
    json_of(do(staff, number, step, deed, **given))
    assert step not in open_steps(Case.objects.get(number=number).pk)
    world.pass_time()
    return staff


def photographed(world: World, dealer: Program, number: str) -> None:
    """Every required document, drawn and uploaded; the recogniser sees the name unclearly."""
    reader = DrawnText()
    reader.doubtful = frozenset({PERSON.name})
    asked = json_of(dealer.get(f"applications/{number}/documents"))["slots"]
    with ports.bound(Ocr, reader):
        for seed, slot in enumerate(each["slot"] for each in asked if each["is_required"]):
            reader.drawn = draw(Kind(slot), FACTS, seed=seed)
            picture = io.BytesIO()
            reader.drawn.image.save(picture, "PNG")
            picture.seek(0)
            picture.name = f"{slot}.png"
            json_of(dealer.upload(f"applications/{number}/documents", {"slot": slot, "file": picture}), 201)
            world.pass_time()


def verified(world: World, dealer: Program, number: str) -> None:
    """The clerk settles every doubtful field and confirms the documents."""
    clerk = logged_in(world, owner_of(world, number, "verify_documents"))
    confirm = deed_of(clerk, number, "verify_documents", "confirm")
    assert [one["rule"] for one in confirm["why_not"]] == ["application.fields_open"]
    for one in json_of(clerk.get(f"applications/{number}/documents"))["documents"]:
        for read in json_of(clerk.get(f"documents/{one['id']}"))["fields"]:
            if read["verdict"] == "CLERK":
                words = {"name": read["name"], "value": read["value"], "reason": "与原图一致"}
                json_of(do(clerk, number, "verify_documents", "settle", document=one["id"], **words))
    json_of(do(clerk, number, "verify_documents", "confirm", comment="已与客户核实"))
    world.pass_time()


def called(world: World, number: str) -> None:
    """The verification call, where the case wants one."""
    if "call_customer" in open_steps(Case.objects.get(number=number).pk):
        points = dict.fromkeys(("identity", "car", "loan", "income", "purpose"), True)
        by_owner(world, number, "call_customer", "call", **points)


def waiting_for_review(world: World, **changes: str) -> str:
    """An application that waits for its reviewers, by the shortest way: its number."""
    number = str(Case.objects.get(pk=in_review(world, **changes)).number)
    called(world, number)
    return number


def brought_to_review(world: World, dealer: Program, **changes: str) -> str:
    """An application that waits for its reviewers, brought there over HTTP alone."""
    number = entered(world, dealer, **changes)
    photographed(world, dealer, number)
    challenge = challenge_for(world, dealer, number, "CREDIT_CONSENT")
    json_of(dealer.post(f"applications/{number}/consent", {"challenge": challenge, "code": world.codes.last}))
    verified(world, dealer, number)
    called(world, number)
    world.pass_time()
    return number


def secured(world: World, number: str) -> None:
    """Insurance, GPS, the lien's papers and the certificate, each by whom it was given to."""
    begins = f"{world.now.date():%Y-%m-%d}"
    ends = f"{world.now.date() + timedelta(days=364):%Y-%m-%d}"
    policy = {"insurer": "示例财险", "policy_number": "P-1", "sum_fen": 50_000_000}
    days = {"from_date": begins, "until_date": ends}
    insurer = {"beneficiary": settings.LENDER_NAME, **policy, **days}
    by_owner(world, number, "record_insurance", "insurance", **insurer)
    contract = {"provider": "示例定位", "contract_number": "G-1", "device_number": "D-1"}
    by_owner(world, number, "record_gps", "gps", **contract, from_date=begins)
    papers = {"plate": CAR.plate, "vin": CAR.vin, "certificate_number": "330012345678"}
    by_owner(world, number, "prepare_lien", "lien", **papers)
    for _ in range(6):
        world.pass_time(40)
    by_owner(world, number, "take_title", "title", shelf="A-01-03")


@pytest.mark.slow
def test_programs_alone_bring_an_application_to_the_disbursed_loan(world: World, dealer: Program) -> None:
    ProductVersion.objects.update(is_gps_required=True)
    number = brought_to_review(world, dealer, **LARGE)
    reviewer = by_owner(world, number, "review", "approve", comment="收入稳定")
    basis = json_of(reviewer.get(f"staff/cases/{number}/basis"))
    assert (basis["amount_fen"], len(basis["offer"]["installments"])) == (30_000_000, 36)
    assert (basis["policy"]["outcome"], basis["reports"][0]["has_bureau_file"]) == ("PASS", True)
    assert [one["comment"] for one in basis["decisions"]] == ["收入稳定"]
    by_owner(world, number, "second_review", "approve", comment="同意")
    signed(world, dealer, number)
    secured(world, number)
    payer = logged_in(world, owner_of(world, number, "disburse"))
    world.now += timedelta(minutes=11)
    early = do(payer, number, "disburse", "pay")
    assert error_of(early) == (409, "NOT_NOW", ["staff.step_up"])
    assert "staff/sessions/step-up" in early.content.decode()
    json_of(payer.post("staff/sessions/step-up", {"code": code_of("sunhao", world.now)}))
    assert deed_of(payer, number, "disburse", "pay")["is_possible"]
    json_of(do(payer, number, "disburse", "pay"))
    for _ in range(3):
        world.pass_time()
    assert json_of(dealer.get(f"progress/{number}"))["status"]["key"] == "DISBURSED"
    finished = StepRow.objects.filter(case__number=number, done_by__startswith="STAFF:")
    by_people = {"verify_documents", "call_customer", "review", "second_review", "disburse"}
    by_people |= {"record_insurance", "record_gps", "prepare_lien", "take_title"}
    assert set(finished.values_list("key", flat=True)) == by_people
    loan = json_of(dealer.get(f"applications/{number}/loan"))
    assert (loan["principal_fen"], len(loan["installments"])) == (30_000_000, 36)
    assert sum(each["principal_fen"] for each in loan["installments"]) == 30_000_000
    decided = EventRow.objects.filter(type="lending.credit_decided")
    assert list(decided.values_list("actor_kind", flat=True)) == ["STAFF", "STAFF"]


def test_a_payee_that_another_case_changed_is_checked_again_by_the_officers_program(world: World) -> None:
    case_id = ready_to_pay(world)
    number, dealer = Case.objects.get(pk=case_id).number, seller_of(case_id)
    payer = logged_in(world, owner_of(world, number, "disburse"))
    assert "recheck" not in {one["deed"] for one in json_of(payer.get(f"staff/cases/{number}"))["actions"]}
    assert error_of(do(payer, number, "disburse", "recheck"))[2] == ["disbursement.payee_confirmed"]
    moved(world, dealer, f"{dealer.account[:-4]}1234")
    assert error_of(do(payer, number, "disburse", "pay"))[2] == ["disbursement.payee"]
    assert deed_of(payer, number, "disburse", "recheck")["is_possible"]
    json_of(do(payer, number, "disburse", "recheck"))
    assert open_steps(case_id) == {"verify_payee"}
    for _ in range(3):
        world.pass_time()
    assert deed_of(payer, number, "disburse", "pay")["is_possible"]


@pytest.mark.slow
def test_who_verifies_the_documents_sees_numbers_whole_beside_the_photograph_and_others_masked(
    world: World, dealer: Program
) -> None:
    number = entered(world, dealer)
    photographed(world, dealer, number)
    field = FieldValue.objects.get(document__slot="ID_CARD_FRONT", name="id_number")
    field.verdict, field.candidates = "CLERK", json.dumps(["330106199001011234"])
    field.save()
    masked = f"{PERSON.id_number[:4]}**********{PERSON.id_number[-4:]}"
    clerk, reviewer = logged_in(world, "wangfang"), logged_in(world, "zhaolei")
    for staff, value, candidates in (
        (clerk, PERSON.id_number, ["330106199001011234"]),
        (reviewer, masked, []),
        (dealer, masked, []),
    ):
        fields = json_of(staff.get(f"documents/{field.document_id}"))["fields"]
        shown = next(one for one in fields if one["name"] == "id_number")
        assert (shown["value"], shown["candidates"]) == (value, candidates)
    for path in (f"documents/{field.document_id}/pages/1", f"documents/{field.document_id}/fields/name/crop"):
        picture = clerk.get(path)
        assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
        assert error_of(dealer.get(path)) == (403, "NOT_ALLOWED", ["api.staff_only"])
        assert error_of(logged_in(world, "fengqi").get(path))[:2] == (404, "NOT_FOUND")
        assert error_of(logged_in(world, "admin").get(path))[:2] == (404, "NOT_FOUND")
    page, why = f"documents/{field.document_id}/pages/1", {"reason": "抽查资料核验质量"}
    opening = f"documents/{field.document_id}/opening"
    assert error_of(reviewer.get(page))[:2] == (404, "NOT_FOUND")
    assert error_of(logged_in(world, "admin").post(opening, why))[:2] == (403, "NOT_ALLOWED")
    json_of(reviewer.post(opening, why))
    assert reviewer.get(page).status_code == 200
    assert EventRow.objects.filter(type="access.unmasked").count() == 1


def test_the_wrong_role_is_refused_and_nothing_changes(world: World) -> None:
    number = waiting_for_review(world)
    clerk = logged_in(world, "limin")
    before = EventRow.objects.filter(type="lending.credit_decided").count()
    offered = deed_of(clerk, number, "review", "approve")
    assert (offered["is_possible"], [one["rule"] for one in offered["why_not"]]) == (False, ["process.owner"])
    assert error_of(do(clerk, number, "review", "approve")) == (403, "NOT_ALLOWED", ["process.owner"])
    taken = clerk.post(f"staff/cases/{number}/claim", {"step": "review"})
    assert error_of(taken) == (403, "NOT_ALLOWED", ["workflow.claim"])
    given = {"step": "review", "member_id": 1, "reason": "换人"}
    handed = clerk.post(f"staff/cases/{number}/reassign", given)
    assert error_of(handed) == (403, "NOT_ALLOWED", ["workflow.reassign"])
    asked = clerk.get(f"staff/cases/{number}/colleagues?step=review")
    assert error_of(asked) == (403, "NOT_ALLOWED", ["workflow.reassign"])
    assert open_steps(Case.objects.get(number=number).pk) == {"review"}
    assert EventRow.objects.filter(type="lending.credit_decided").count() == before


def test_another_branchs_case_is_missing_to_a_member(world: World, dealer: Program) -> None:
    number = entered(world, dealer)
    stranger = logged_in(world, "tangwei")
    for path in (f"staff/cases/{number}", f"applications/{number}/documents", f"progress/{number}"):
        assert error_of(stranger.get(path))[:2] == (404, "NOT_FOUND"), path
    theirs = do(stranger, number, "collect_materials", "x")
    missing = do(stranger, "CQ-2026-999999", "collect_materials", "x")
    assert error_of(theirs) == (404, "NOT_FOUND", ["workflow.case"])
    assert theirs.content == missing.content
    assert json_of(stranger.get("staff/queue?whose=ALL"))["items"] == []


def test_four_eyes_are_two_people_also_by_api(world: World) -> None:
    number = waiting_for_review(world, **LARGE)
    both = world.lender.members["qianli"]
    RoleAssignment.objects.create(
        member=both, role="reviewer", branch=world.lender.branches["HZ"], granted_at=world.now
    )
    one = logged_in(world, "qianli")
    json_of(do(one, number, "second_review", "approve"))
    refused = do(one, number, "review", "approve")
    assert error_of(refused) == (403, "NOT_ALLOWED", ["process.four_eyes"])
    assert "review" in open_steps(Case.objects.get(number=number).pk)


def test_what_one_reviewer_decided_is_veiled_from_the_other_until_they_have(world: World) -> None:
    number = waiting_for_review(world, **LARGE)
    senior = owner_of(world, number, "second_review")
    first = by_owner(world, number, "review", "refuse", reasons=["INCOME"], comment="偿付不足")
    second = logged_in(world, senior)
    for path in (f"staff/cases/{number}", f"staff/cases/{number}/basis"):
        shown = second.get(path).content.decode()
        assert "偿付不足" not in shown
        assert "偿付不足" in first.get(path).content.decode()
    partner = program(world.lender)
    assert "偿付不足" not in partner.get(f"cases/{number}").content.decode()
    assert error_of(partner.get(f"cases/{number}/evidence")) == (409, "NOT_NOW", ["api.veiled"])
    rounds = {each["key"]: each["rounds"] for each in json_of(second.get(f"staff/cases/{number}"))["steps"]}
    assert (rounds["review"][0]["status"], rounds["review"][0]["outcome"]) == ("DONE", "")
    late = second.post(
        f"staff/cases/{number}/deeds", {"step": "review", "deed": "approve", "round": 1, "given": {}}
    )
    assert error_of(late) == (409, "CONFLICT", ["desk.overtaken"])
    assert "赵磊" not in late.content.decode()
    assert "何军" not in late.content.decode()


def test_an_opinion_given_twice_under_a_key_is_given_once(world: World) -> None:
    number = waiting_for_review(world)
    reviewer = logged_in(world, owner_of(world, number, "review"))
    body = {"step": "review", "deed": "approve", "round": 1, "given": {"comment": "收入稳定"}}
    first = reviewer.post(f"staff/cases/{number}/deeds", body, key="opinion-1")
    again = reviewer.post(f"staff/cases/{number}/deeds", body, key="opinion-1")
    assert json_of(first) == json_of(again)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = reviewer.post(f"staff/cases/{number}/deeds", {**body, "deed": "refuse"}, key="opinion-1")
    assert error_of(other) == (422, "INVALID", ["access.idempotency.reused"])
    late = reviewer.post(f"staff/cases/{number}/deeds", body)
    assert error_of(late) == (409, "CONFLICT", ["desk.overtaken"])
    assert EventRow.objects.filter(type="lending.credit_decided").count() == 1


def test_everything_wrong_with_a_deed_is_said_and_nothing_is_done(world: World) -> None:
    number = waiting_for_review(world)
    reviewer = logged_in(world, owner_of(world, number, "review"))
    bare = do(reviewer, number, "review", "refuse")
    assert error_of(bare) == (422, "INVALID", ["form.required"])
    unknown = do(reviewer, number, "review", "refuse", reasons="INCOME", colour="red")
    assert error_of(unknown) == (422, "INVALID", ["api.deed.type", "api.deed.field"])
    strange = do(reviewer, number, "review", "refuse", reasons=["NO_SUCH"])
    assert error_of(strange) == (422, "INVALID", ["form.invalid_choice"])
    missing = do(reviewer, number, "review", "no_such")
    assert error_of(missing) == (404, "NOT_FOUND", ["staff.deed"])
    early = do(reviewer, number, "disburse", "pay")
    assert error_of(early) == (404, "NOT_FOUND", ["staff.step"])
    assert open_steps(Case.objects.get(number=number).pk) == {"review"}
    reviewer.language = "en"
    said = deed_of(reviewer, number, "review", "refuse")
    reasons = next(one for one in said["fields"] if one["name"] == "reasons")
    assert (said["title"], reasons["kind"], reasons["is_required"]) == ("Refuse", "choices", True)
    assert {"value": "INCOME", "title": "The income does not cover the installments"} in reasons["choices"]


def test_a_step_is_taken_and_handed_over_as_at_the_desk(world: World) -> None:
    number = waiting_for_review(world)
    first = owner_of(world, number, "review")
    other = "hejun" if first == "zhaolei" else "zhaolei"
    colleague = logged_in(world, other)
    (open_step,) = json_of(colleague.get(f"staff/cases/{number}"))["open_steps"]
    assert (open_step["is_mine"], open_step["may_take"], open_step["may_hand_over"]) == (False, True, False)
    json_of(colleague.post(f"staff/cases/{number}/claim", {"step": "review"}))
    assert owner_of(world, number, "review") == other
    manager = logged_in(world, "zhouning")
    people = json_of(manager.get(f"staff/cases/{number}/colleagues?step=review"))["items"]
    assert {one["name"] for one in people} == {"赵磊", "何军"}
    back = world.lender.members[first].pk
    given = {"step": "review", "member_id": back, "reason": "原审核员已回来"}
    json_of(manager.post(f"staff/cases/{number}/reassign", given))
    assert owner_of(world, number, "review") == first


def test_who_is_away_is_stood_in_for_also_by_api(world: World) -> None:
    number = waiting_for_review(world)
    owner = owner_of(world, number, "review")
    absent, stand_in = world.lender.members[owner], world.lender.members["sunhao"]
    away = record_absence(
        absent,
        starts_at=world.now,
        ends_at=world.now + timedelta(days=1),
        delegate=stand_in,
        actor=world.staff(owner),
        now=world.now,
    )
    assert not isinstance(away, Refused)
    json_of(do(logged_in(world, "sunhao"), number, "review", "approve"))
    decided = EventRow.objects.get(type="lending.credit_decided")
    assert (decided.actor_id, decided.actor_kind) == (str(stand_in.pk), "STAFF")
