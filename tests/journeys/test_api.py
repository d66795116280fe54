"""The main job by a program: a dealer's system and the lender's own, over HTTP alone.

What a program may not do (a reviewer's opinion, a clerk's verification, the order to pay) people do here
through the operations that the desk calls.
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
from cheqi.foundation.access.models import WebhookDelivery
from cheqi.foundation.access.queries import forget_kept_keys
from cheqi.foundation.documents.models import Document
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.workflow.models import Case
from tests.api.scenarios import Program, error_of, json_of, program
from tests.journeys.acts import CAR, PERSON, answers, decided, done, open_steps
from tests.journeys.conftest import World


@pytest.fixture
def dealer(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program with every scope; requests come at the world's moment."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    forget_kept_keys()
    yield program(world.lender)
    forget_kept_keys()


def entered(world: World, dealer: Program) -> str:
    """An application that the dealer's system entered and sent: its number."""
    branch_id = world.lender.branches["HZ"].pk
    made = json_of(dealer.post("applications/", {"branch_id": branch_id, "mobile": PERSON.mobile}), 201)
    number: str = made["number"]
    saved = json_of(dealer.patch(f"applications/{number}/answers", {"answers": answers(world)}))
    assert (saved["findings"], saved["open_questions"]) == ([], [])
    moved = json_of(dealer.post(f"applications/{number}/submit"))
    assert {each["step"] for each in moved["open_steps"]} == {
        "collect_materials",
        "authorise_credit",
        "verify_payee",
    }
    return number


def challenge_for(world: World, dealer: Program, number: str, purpose: str) -> str:
    """The challenge of a code that the customer now has on the phone."""
    world.pass_time(2)
    asked = json_of(dealer.post(f"applications/{number}/codes", {"purpose": purpose}), 202)
    world.pass_time()
    return str(asked["challenge"])


def photographed(world: World, dealer: Program, number: str) -> None:
    """Every required document, uploaded by the dealer's system and taken as read without a doubt: the
    recogniser has tests of its own."""
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
        Document.objects.filter(pk=made["id"]).update(state="READ", kind="", model_version="test")
        with transaction.atomic():
            document_was_read(Document.objects.get(pk=made["id"]), now=world.now)
    Wakeup.objects.filter(task="documents.read").update(state="DONE")


def signed(world: World, dealer: Program, number: str) -> None:
    """The customer signs the PDF that the dealer's system showed."""
    (paper,) = json_of(dealer.get(f"cases/{number}/papers"))["items"]
    pdf = dealer.get(f"papers/{paper['id']}/pdf")
    assert pdf.content.startswith(b"%PDF")
    shown = hashlib.sha256(pdf.content).hexdigest()
    assert (paper["sha256"], pdf.headers["ETag"]) == (shown, f'"{shown}"')
    challenge = challenge_for(world, dealer, number, "SIGNATURE")
    body = {"challenge": challenge, "code": world.codes.last, "pdf_sha256": shown}
    assert json_of(dealer.post(f"applications/{number}/sign", body)) == {
        "number": number,
        "is_complete": True,
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
