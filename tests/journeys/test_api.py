"""The main job by a program: a dealer's system and the lender's own, over HTTP alone.

What a key may not do (a reviewer's opinion, the order to pay) people do here through the operations that the
desk calls; `test_staff_api` does it over HTTP with sessions of theirs.
"""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from PIL import Image, ImageColor

from cheqi.areas.origination.operations.documents import document_was_read
from cheqi.areas.origination.operations.securing import order_payout
from cheqi.core.documents.kinds import Kind
from cheqi.foundation.access.models import WebhookDelivery
from cheqi.foundation.access.queries import forget_kept_keys
from cheqi.foundation.documents.forms import required_fields
from cheqi.foundation.documents.models import Document, FieldChange, FieldValue
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.workflow.models import Case
from tests.api.scenarios import Program, error_of, json_of, program
from tests.journeys.acts import CAR, PERSON, answers, co_borrower, decided, done, open_steps
from tests.journeys.conftest import World


@pytest.fixture
def dealer(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program with every scope; requests come at the world's moment."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    forget_kept_keys()
    yield program(world.lender)
    forget_kept_keys()


def entered(world: World, dealer: Program, **changes: str) -> str:
    """An application that the dealer's system entered and sent: its number."""
    branch_id = world.lender.branches["HZ"].pk
    made = json_of(dealer.post("applications/", {"branch_id": branch_id, "mobile": PERSON.mobile}), 201)
    number: str = made["number"]
    saved = json_of(dealer.patch(f"applications/{number}/answers", {"answers": answers(world, **changes)}))
    assert (saved["findings"], saved["open_questions"]) == ([], [])
    moved = json_of(dealer.post(f"applications/{number}/submit"))
    usual = {"collect_materials", "authorise_credit", "verify_payee"}
    others = {"authorise_credit_of_others"} if "has_co_borrower" in changes else set()
    assert {each["step"] for each in moved["open_steps"]} == usual | others
    return number


def challenge_for(world: World, dealer: Program, number: str, purpose: str, **who: int) -> str:
    """The challenge of a code that the person now has on the phone."""
    world.pass_time(2)
    asked = json_of(dealer.post(f"applications/{number}/codes", {"purpose": purpose, **who}), 202)
    world.pass_time()
    return str(asked["challenge"])


def photographed(world: World, dealer: Program, number: str, *, doubtful: str = "") -> None:
    """Every required document, uploaded by the dealer's system and taken as read without a doubt, but for
    the name on one: the recogniser has tests of its own."""
    asked = json_of(dealer.get(f"applications/{number}/documents"))["slots"]
    for place, slot in enumerate(each["slot"] for each in asked if each["is_required"]):
        picture = io.BytesIO()
        Image.new("RGB", (640, 400), ImageColor.getrgb(f"hsl({place * 50}, 60%, 70%)")).save(picture, "PNG")
        picture.seek(0)
        picture.name = f"{slot}.png"
        made = json_of(
            dealer.upload(f"applications/{number}/documents", {"slot": slot, "file": picture}), 201
        )
        assert (made["slot"], made["state"]) == (slot, "RECEIVED")
        is_clear = slot != doubtful
        Document.objects.filter(pk=made["id"]).update(
            state="READ" if is_clear else "NEEDS_CLERK", kind="" if is_clear else slot, model_version="test"
        )
        if not is_clear:
            for field in {"name", *required_fields(Kind(slot))}:
                verdict = "CLERK" if field == "name" else "ACCEPTED"
                FieldValue.objects.create(document_id=made["id"], name=field, value="x", verdict=verdict)
        with transaction.atomic():
            document_was_read(Document.objects.get(pk=made["id"]), now=world.now)
    Wakeup.objects.filter(task="documents.read").update(state="DONE")


def signed(world: World, dealer: Program, number: str, *, is_last: bool = True, **who: int) -> None:
    """Somebody signs the PDF that the dealer's system showed."""
    (paper,) = json_of(dealer.get(f"cases/{number}/papers"))["items"]
    pdf = dealer.get(f"papers/{paper['id']}/pdf")
    assert pdf.content.startswith(b"%PDF")
    shown = hashlib.sha256(pdf.content).hexdigest()
    assert (paper["sha256"], pdf.headers["ETag"]) == (shown, f'"{shown}"')
    challenge = challenge_for(world, dealer, number, "SIGNATURE", **who)
    body = {"challenge": challenge, "code": world.codes.last, "pdf_sha256": shown, **who}
    assert json_of(dealer.post(f"applications/{number}/sign", body)) == {
        "number": number,
        "is_complete": is_last,
    }
    world.pass_time()


def secured(world: World, dealer: Program, number: str) -> None:
    """Insurance, lien and certificate, entered by the lender's own system."""
    policy = {
        "insurer": "示例财产保险",
        "policy_number": "PDZA2026",
        "beneficiary": "车契演示汽车金融有限公司",
        "sum_fen": 15_000_000,
        "from_date": "2026-11-01",
        "until_date": "2027-10-31",
    }
    json_of(dealer.post(f"applications/{number}/insurance", policy))
    lien = {"certificate_number": "330012345678", "plate": CAR.plate, "vin": CAR.vin}
    json_of(dealer.post(f"applications/{number}/lien", lien))
    for _ in range(6):
        world.pass_time(40)
    json_of(dealer.post(f"applications/{number}/title", {"shelf": "A-03-17"}))
    world.pass_time()


def test_a_program_brings_an_application_to_the_disbursed_loan(world: World, dealer: Program) -> None:
    hook = {"url": "https://dealer.example/cheqi", "event_types": ["case.opened", "loan.disbursed"]}
    json_of(dealer.post("webhooks/", hook), 201)
    number = entered(world, dealer)
    case_id = Case.objects.get(number=number).pk
    photographed(world, dealer, number)
    challenge = challenge_for(world, dealer, number, "CREDIT_CONSENT")
    json_of(dealer.post(f"applications/{number}/consent", {"challenge": challenge, "code": world.codes.last}))
    world.pass_time()
    assert open_steps(case_id) == {"review"}
    refused = dealer.post(f"cases/{number}/steps", {"step": "review", "outcome": "approve"})
    assert error_of(refused) == (403, "NOT_ALLOWED", ["api.people_only"])
    decided(world, case_id, "review", "approve")
    signed(world, dealer, number)
    secured(world, dealer, number)
    assert error_of(dealer.get(f"applications/{number}/loan")) == (404, "NOT_FOUND", ["loan.missing"])
    refused = dealer.post(f"cases/{number}/steps", {"step": "disburse", "outcome": "pay"})
    assert error_of(refused) == (403, "NOT_ALLOWED", ["api.people_only"])
    releaser = world.staff("sunhao", stepped_up=True)
    done(order_payout(case_id=case_id, actor=releaser, now=world.now, key=f"pay-{case_id}"))
    for _ in range(3):
        world.pass_time()
    loan = json_of(dealer.get(f"applications/{number}/loan"))
    assert (loan["principal_fen"], len(loan["installments"])) == (10_000_000, 36)
    assert sum(each["principal_fen"] for each in loan["installments"]) == 10_000_000
    assert json_of(dealer.get(f"progress/{number}"))["status"]["key"] == "DISBURSED"
    _told(world, number)


def _told(world: World, number: str) -> None:
    """The webhook rows: opened and disbursed, each once, with the case's number."""
    world.settle()
    rows = list(WebhookDelivery.objects.order_by("pk"))
    assert [row.event_type for row in rows] == ["case.opened", "loan.disbursed"]
    assert all(number in row.body for row in rows)


def test_a_withdrawal_is_the_customers_word_and_ends_the_case(world: World, dealer: Program) -> None:
    number = entered(world, dealer)
    challenge = challenge_for(world, dealer, number, "WITHDRAWAL")
    wrong = {"challenge": challenge, "code": "000000", "reason": "不买了"}
    if world.codes.last == "000000":
        wrong["code"] = "000001"
    assert error_of(dealer.post(f"applications/{number}/withdraw", wrong)) == (
        403,
        "NOT_ALLOWED",
        ["access.code"],
    )
    assert Case.objects.get(number=number).closed_at is None
    right = {**wrong, "code": world.codes.last}
    assert json_of(dealer.post(f"applications/{number}/withdraw", right))["status"] == "WITHDRAWN"


def test_a_wrong_consent_code_stays_counted_and_five_end_the_challenge(world: World, dealer: Program) -> None:
    number = entered(world, dealer)
    challenge = challenge_for(world, dealer, number, "CREDIT_CONSENT")
    wrong = "111111" if world.codes.last != "111111" else "222222"
    for _ in range(5):
        body: dict[str, Any] = {"challenge": challenge, "code": wrong}
        assert error_of(dealer.post(f"applications/{number}/consent", body))[0] == 403
    right = dealer.post(f"applications/{number}/consent", {"challenge": challenge, "code": world.codes.last})
    assert error_of(right) == (403, "NOT_ALLOWED", ["access.code"])
    assert "authorise_credit" in open_steps(Case.objects.get(number=number).pk)


def test_an_application_that_cannot_be_says_everything_and_keeps_nothing(
    world: World, dealer: Program
) -> None:
    branch_id = world.lender.branches["HZ"].pk
    made = json_of(dealer.post("applications/", {"branch_id": branch_id, "mobile": PERSON.mobile}), 201)
    number = made["number"]
    entered_wrong = {**answers(world), "price_fen": "-1", "down_payment_fen": "x", "term_months": "600"}
    saved = json_of(dealer.patch(f"applications/{number}/answers", {"answers": entered_wrong}))
    assert {each["field"] for each in saved["findings"]} == {"price_fen", "down_payment_fen"}
    assert set(saved["open_questions"]) == {"price_fen", "down_payment_fen"}
    status, kind, rules = error_of(dealer.post(f"applications/{number}/submit"))
    assert (status, kind) == (422, "INVALID")
    assert set(rules) >= {"application.price_fen", "application.down_payment_fen"}
    assert open_steps(Case.objects.get(number=number).pk) == {"submit_at_desk"}


def test_a_co_borrower_consents_and_signs_through_the_program_with_the_code_from_their_own_phone(
    world: World, dealer: Program
) -> None:
    number = entered(world, dealer, **co_borrower())
    case_id = Case.objects.get(number=number).pk
    photographed(world, dealer, number)
    first, second = json_of(dealer.get(f"applications/{number}/people"))["items"]
    assert (first["is_applicant"], second["role"], second["must_consent"]) == (True, "CO_BORROWER", True)
    assert second["name"].endswith("*")
    assert (second["consented_at"], second["signs"]) == (None, False)
    other = {"party_id": second["party_id"]}
    text = json_of(dealer.get(f"applications/{number}/consent?party_id={second['party_id']}"))
    assert text["paragraphs"][0].startswith("授权人（共同借款人）")
    for who in ({}, other):
        challenge = challenge_for(world, dealer, number, "CREDIT_CONSENT", **who)
        body = {"challenge": challenge, "code": world.codes.last, **who}
        json_of(dealer.post(f"applications/{number}/consent", body))
    assert world.codes.sent[-1].party_id == second["party_id"]
    refused = dealer.post(f"applications/{number}/codes", {"purpose": "WITHDRAWAL", **other})
    assert error_of(refused) == (403, "NOT_ALLOWED", ["applications.applicant_only"])
    missing = dealer.post(f"applications/{number}/codes", {"purpose": "SIGNATURE", "party_id": 10**6})
    assert error_of(missing) == (404, "NOT_FOUND", ["applications.person"])
    world.pass_time()
    decided(world, case_id, "review", "approve")
    signed(world, dealer, number, is_last=False, **other)
    signed(world, dealer, number)
    people = json_of(dealer.get(f"applications/{number}/people"))["items"]
    assert all(each["consented_at"] and each["signed_at"] for each in people)
    assert not {"sign_contract", "co_sign"} & open_steps(case_id)


def test_a_trusted_program_settles_what_was_read_and_never_what_it_entered_itself(
    world: World, dealer: Program
) -> None:
    number = entered(world, dealer)
    case_id = Case.objects.get(number=number).pk
    photographed(world, dealer, number, doubtful="DRIVING_LICENCE")
    assert "verify_documents" in open_steps(case_id)
    document = Document.objects.get(case_id=case_id, slot="DRIVING_LICENCE")
    path = f"documents/{document.pk}/fields/name"
    right = {"value": PERSON.name, "reason": "与原图一致"}
    assert error_of(dealer.post(path, right)) == (403, "NOT_ALLOWED", ["documents.four_eyes"])
    own = dealer.post(f"applications/{number}/verification", {"comment": "x"})
    assert error_of(own) == (403, "NOT_ALLOWED", ["documents.four_eyes"])
    clerk = program(world.lender, "documents:read", "documents:settle")
    early = clerk.post(f"applications/{number}/verification", {"comment": "已与客户核实"})
    assert error_of(early)[:2] == (409, "NOT_NOW")
    assert error_of(clerk.post(path, {**right, "reason": " "}))[:2] == (422, "INVALID")
    shown = json_of(clerk.post(path, right))
    assert {each["name"]: each["verdict"] for each in shown["fields"]}["name"] == "SETTLED"
    change = FieldChange.objects.get()
    assert (change.new_value, change.reason) == (PERSON.name, "与原图一致")
    Document.objects.filter(case_id=case_id).exclude(pk=document.pk).update(state="ACCEPTED")
    json_of(clerk.post(f"applications/{number}/verification", {"comment": "已与客户核实"}))
    assert "verify_documents" not in open_steps(case_id)
    told = EventRow.objects.filter(case_id=case_id, type="documents.field_settled")
    assert [row.actor_kind for row in told] == ["CLIENT"]
    gone = program(world.lender, "documents:settle", branch="SH").post(path, right)
    assert error_of(gone)[:2] == (404, "NOT_FOUND")


def test_numbers_of_persons_and_accounts_are_masked_on_every_kind_of_document(
    world: World, dealer: Program
) -> None:
    number = entered(world, dealer)
    photographed(world, dealer, number, doubtful="PURCHASE_INVOICE")
    invoice = Document.objects.get(slot="PURCHASE_INVOICE")
    for name, value in {"buyer_number": PERSON.id_number, "card_number": PERSON.bank_card}.items():
        field, _ = FieldValue.objects.get_or_create(document=invoice, name=name, verdict="ACCEPTED")
        field.value = value
        field.save()
    read = json_of(program(world.lender, "documents:read").get(f"documents/{invoice.pk}"))
    shown = {each["name"]: each["value"] for each in read["fields"]}
    assert shown["buyer_number"] == f"{PERSON.id_number[:4]}**********{PERSON.id_number[-4:]}"
    assert shown["card_number"] == f"尾号 {PERSON.bank_card[-4:]}"


def test_a_trusted_program_turns_a_document_down_with_a_reason_that_the_customer_reads(
    world: World, dealer: Program
) -> None:
    number = entered(world, dealer)
    case_id = Case.objects.get(number=number).pk
    photographed(world, dealer, number, doubtful="DRIVING_LICENCE")
    document = Document.objects.get(case_id=case_id, slot="DRIVING_LICENCE")
    clerk = program(world.lender, "documents:settle", "documents:read")
    body = {"reason_code": "BLUR", "note": "右下角"}
    assert error_of(dealer.post(f"documents/{document.pk}/reject", body))[0] == 403
    answer = json_of(clerk.post(f"documents/{document.pk}/reject", body))
    assert (answer["state"], bool(answer["reason"]), bool(answer["advice"])) == ("REJECTED", True, True)
    again = json_of(dealer.upload(f"applications/{number}/documents", another("DRIVING_LICENCE")), 201)
    assert (again["slot"], again["state"]) == ("DRIVING_LICENCE", "RECEIVED")
    early = dealer.upload(f"applications/{number}/documents", another("BANK_STATEMENT"))
    assert error_of(early)[:2] == (409, "NOT_NOW")


def another(slot: str) -> dict[str, object]:
    """Another photograph for a slot."""
    picture = io.BytesIO()
    Image.new("RGB", (720, 460), "#d8d0b0").save(picture, "PNG")
    picture.seek(0)
    picture.name = "again.png"
    return {"slot": slot, "file": picture}
