"""What only the customer may do, passed on by a program: the code from the customer's phone is the proof.

A program asks for a code, the customer reads the text and gives the code, the program passes both back.
The act is the customer's; the address on record says which client passed it on.
"""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from cheqi.areas.origination.operations import consents, signing, withdrawing
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.base.findings import Refused
from cheqi.foundation.access.operations import CodeRequested
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.records.parties.models import Party
from cheqi.web.api.answers import Call, Routes, call_of
from cheqi.web.api.errors import of_refusal
from cheqi.web.api.queries import NO_CASE, case_at, case_id_of, customer_of_case
from cheqi.web.api.routes.applications import PROCESS, Number
from cheqi.web.api.shapes import NUMBER, Challenge, Moved, moved

router = Router(tags=["customer's acts"])
routes = Routes(router)
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["246810"])]
CODES = {
    "CREDIT_CONSENT": consents.request_consent_code,
    "SIGNATURE": signing.request_signing_code,
    "WITHDRAWAL": withdrawing.request_withdrawal_code,
}

STEPS = {"CREDIT_CONSENT": "authorise_credit", "SIGNATURE": "sign_contract", "WITHDRAWAL": ""}


class ConsentTextShape(Schema):
    """What the customer reads before consenting; it is kept word by word."""

    title: str = Field(examples=["个人征信查询授权书"])
    paragraphs: list[str]


class CodeWanted(Schema):
    """What the code is to confirm."""

    purpose: Literal["CREDIT_CONSENT", "SIGNATURE", "WITHDRAWAL"]


class CodeGiven(Schema):
    """The code that the customer gave, with the challenge it belongs to."""

    challenge: UUID = Field(examples=["5f0c3a52-6c1e-4d67-9d1e-2f1f6f2d7a10"])
    code: Code


class Signature(CodeGiven):
    """A signature: the code, and the hash of the PDF that the customer was shown."""

    pdf_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", examples=["9f" * 32])


class Signed(Schema):
    """The contract behind the signature: `is_complete` once every customer has signed."""

    number: str = Field(examples=[NUMBER])
    is_complete: bool


class Withdrawal(CodeGiven):
    """A withdrawal: the code, and why."""

    reason: str = Field(default="", max_length=200, examples=["不买了"])


@routes.get(
    "{number}/consent", scope="applications:read", answer=ConsentTextShape, summary="The text to consent to"
)
def consent_text(request: HttpRequest, number: Number) -> ConsentTextShape:
    """Show it to the customer before you ask for a code."""
    call = call_of(request)
    _, customer = _customer(call, number)
    text = consents.consent_text(Party.objects.get(pk=customer.id), call.now)
    return ConsentTextShape(title=text.title, paragraphs=list(text.paragraphs))


@routes.post(
    "{number}/codes", scope="consents:write", answer=Challenge, status=202, summary="Send the customer a code"
)
def request_customer_code(request: HttpRequest, number: Number, body: CodeWanted) -> Challenge | Refused:
    """Sends a one-time code to the customer's own mobile: one a minute, valid for five.

    Ask for a SIGNATURE code when the customer has the contract before their eyes: that is recorded.
    """
    call = call_of(request)
    case_id, customer = _customer(call, number, STEPS[body.purpose])
    if body.purpose == "SIGNATURE":
        shown = signing.show_contract(case_id=case_id, actor=customer, now=call.now)
        if isinstance(shown, Refused):
            return shown
    sent = CODES[body.purpose](case_id=case_id, actor=customer, now=call.now, address=call.address)
    return _challenge(sent)


@routes.post(
    "{number}/consent", scope="consents:write", answer=Moved, summary="Consent to the credit enquiry"
)
def give_consent(request: HttpRequest, number: Number, body: CodeGiven) -> Moved | Refused:
    """The customer's consent, confirmed by the code."""
    call = call_of(request)
    case_id, customer = _customer(call, number, STEPS["CREDIT_CONSENT"])
    done = consents.authorise(
        case_id=case_id,
        challenge=body.challenge,
        code=body.code,
        actor=customer,
        now=call.now,
        address=call.address,
        key=call.key,
    )
    return done if isinstance(done, Refused) else moved(done)


@routes.post("{number}/sign", scope="consents:write", answer=Signed, summary="Sign the contract")
def sign_contract(request: HttpRequest, number: Number, body: Signature) -> Signed | Refused:
    """The customer's signature under exactly the PDF that was shown; another one now is refused (409)."""
    call = call_of(request)
    case_id, customer = _customer(call, number, STEPS["SIGNATURE"])
    confirmed = signing.confirm_signing_code(
        case_id=case_id,
        challenge=body.challenge,
        code=body.code,
        actor=customer,
        now=call.now,
        address=call.address,
    )
    if isinstance(confirmed, Refused):
        return confirmed
    done = signing.sign_contract(
        case_id=case_id,
        confirmation_id=confirmed.pk,
        pdf_sha256=body.pdf_sha256,
        actor=customer,
        now=call.now,
        device=request.headers.get("User-Agent", "")[:200],
        key=call.key,
    )
    if isinstance(done, Refused):
        return done
    return Signed(number=number.upper(), is_complete=isinstance(done, CaseMoved))


@routes.post("{number}/withdraw", scope="consents:write", answer=Moved, summary="Withdraw the application")
def withdraw_application(request: HttpRequest, number: Number, body: Withdrawal) -> Moved | Refused:
    """The customer gives the application up; possible until the payout is ordered."""
    call = call_of(request)
    case_id, customer = _customer(call, number)
    done = withdrawing.withdraw(
        case_id=case_id,
        challenge=body.challenge,
        code=body.code,
        reason=body.reason,
        actor=customer,
        now=call.now,
        address=call.address,
        key=call.key,
    )
    return done if isinstance(done, Refused) else moved(done)


def _customer(call: Call, number: str, step: str = "") -> tuple[int, Actor]:
    """The case, which the client must see, and its customer as who acts.

    Raises Problem: 404 where there is none to see, 409 while the step is not open.
    """
    actor = call.actor
    case_id = case_at(number, step, actor) if step else case_id_of(number, actor, process=PROCESS)
    party_id = customer_of_case(case_id, call.actor)
    if party_id is None:
        raise of_refusal(NO_CASE)
    return case_id, Actor(ActorKind.CUSTOMER, str(party_id), "", scope=Scope(party_id=party_id))


def _challenge(sent: CodeRequested | Refused) -> Challenge | Refused:
    if isinstance(sent, Refused):
        return sent
    return Challenge(challenge=str(sent.challenge), expires_at=sent.expires_at)
