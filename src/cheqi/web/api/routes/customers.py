"""What only the customer may do, passed on by a program: the code from the customer's phone is the proof.

A program asks for a code, the customer reads the text and gives the code, the program passes both back.
The act is the customer's; the address on record says which client passed it on.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from cheqi.areas.origination.operations import consents, signing, withdrawing
from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.areas.origination.standings import Standing, standings
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.operations import CodeRequested
from cheqi.foundation.privacy.masking import mask
from cheqi.records.applications.queries import by_case, takes_part
from cheqi.web.api.answers import Call, Routes, call_of
from cheqi.web.api.errors import of_refusal
from cheqi.web.api.pages import Id
from cheqi.web.api.queries import NO_CASE, case_at, case_id_of, customer_of_case
from cheqi.web.api.routes.applications import PROCESS, Number
from cheqi.web.api.shapes import AT, NUMBER, Challenge, Moved, moved

router = Router(tags=["customer's acts"])
routes = Routes(router)
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["246810"])]
CODES = {
    "CREDIT_CONSENT": consents.request_consent_code,
    "SIGNATURE": signing.request_signing_code,
    "WITHDRAWAL": withdrawing.request_withdrawal_code,
}

STEPS = {"CREDIT_CONSENT": (consents.STEP,), "SIGNATURE": (signing.STEP,)}
STEPS_OF_OTHERS = {
    "CREDIT_CONSENT": (consents.STEP_OF_OTHERS,),
    "SIGNATURE": (signing.STEP_OF_OTHERS, signing.STEP),
}
NO_PERSON = refuse(
    RefusalKind.NOT_FOUND,
    "applications.person",
    Text("申请里没有这个人，请用 people 查询", "There is no such person here: ask `people`"),
)
ONLY_APPLICANT = refuse(
    RefusalKind.NOT_ALLOWED,
    "applications.applicant_only",
    Text("只有申请人可以撤回申请", "Only the applicant withdraws the application"),
)
WhoAsked = Annotated[Id | None, Query(description="Who reads it, of `people`.", examples=[7])]


class ConsentTextShape(Schema):
    """What the customer reads before consenting; it is kept word by word."""

    title: str = Field(examples=["个人征信查询授权书"])
    paragraphs: list[str]


class PersonShape(Schema):
    """Somebody of the application, name masked. Acts are asked for and passed on by `party_id`."""

    party_id: int = Field(examples=[7])
    role: str = Field(description="BORROWER, REPRESENTATIVE, CO_BORROWER, GUARANTOR", examples=["GUARANTOR"])
    title: str = Field(examples=["担保人"])
    name: str = Field(examples=["张**"])
    is_applicant: bool
    must_consent: bool = Field(description="Whether the bureau is asked about this person.")
    consented_at: datetime | None = Field(default=None, examples=[AT])
    signs: bool = Field(description="Whether this person signs the contract; known once there is one.")
    signed_at: datetime | None = Field(default=None, examples=[AT])


class PeopleShape(Schema):
    """Everybody of the application and how far each is, applicant first."""

    items: list[PersonShape]


Who = Annotated[Id | None, Field(description="Who acts, of `people`; left out, the applicant.", examples=[7])]


class CodeWanted(Schema):
    """What the code is to confirm, and by whom."""

    purpose: Literal["CREDIT_CONSENT", "SIGNATURE", "WITHDRAWAL"]
    party_id: Who = None


class CodeGiven(Schema):
    """The code that the customer gave, with the challenge it belongs to."""

    challenge: UUID = Field(examples=["5f0c3a52-6c1e-4d67-9d1e-2f1f6f2d7a10"])
    code: Code
    party_id: Who = None


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
    "{number}/people",
    scope="applications:read",
    answer=PeopleShape,
    summary="Who takes part, and how far each is",
)
def people(request: HttpRequest, number: Number) -> PeopleShape:
    """Who has to authorise the enquiry and who signs, with what each has done."""
    call = call_of(request)
    case_id = case_id_of(number, call.actor, process=PROCESS)
    case, application = case_for(case_id, call.actor), by_case(case_id, call.actor)
    if isinstance(case, Refused) or application is None:
        return PeopleShape(items=[])
    return PeopleShape(items=[_person(one, call) for one in standings(case, application)])


@routes.get(
    "{number}/consent", scope="applications:read", answer=ConsentTextShape, summary="The text to consent to"
)
def consent_text(
    request: HttpRequest, number: Number, party_id: WhoAsked = None
) -> ConsentTextShape | Refused:
    """Show it to the person who consents before you ask for a code; each has their own text."""
    call = call_of(request)
    case_id, customer = _customer(call, number, party_id=party_id)
    asked = consents.consent_of(case_id, customer)
    if isinstance(asked, Refused):
        return asked
    text = consents.consent_text(asked, call.now)
    return ConsentTextShape(title=text.title, paragraphs=list(text.paragraphs))


@routes.post(
    "{number}/codes", scope="consents:write", answer=Challenge, status=202, summary="Send the customer a code"
)
def request_customer_code(request: HttpRequest, number: Number, body: CodeWanted) -> Challenge | Refused:
    """Sends a one-time code to the own mobile of who acts: one a minute, valid for five.

    Ask for a SIGNATURE code when the signer has the contract before their eyes: that is recorded, for the
    version of that moment.
    """
    call = call_of(request)
    case_id, customer = _customer(call, number, body.purpose, party_id=body.party_id)
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
    """The consent of who acts, confirmed by the code. The enquiry waits until everybody has consented."""
    call = call_of(request)
    case_id, customer = _customer(call, number, "CREDIT_CONSENT", party_id=body.party_id)
    done = consents.authorise(
        case_id=case_id,
        challenge=body.challenge,
        code=body.code,
        actor=customer,
        now=call.now,
        address=call.address,
        key=call.key,
        way="PASSED_ON_CODE",
    )
    return done if isinstance(done, Refused) else moved(done)


@routes.post("{number}/sign", scope="consents:write", answer=Signed, summary="Sign the contract")
def sign_contract(request: HttpRequest, number: Number, body: Signature) -> Signed | Refused:
    """The signature of who acts under exactly the PDF that was shown to them; another one now is 409.

    Everybody signs the newest PDF: after one signed, the next is shown a newer one.
    """
    call = call_of(request)
    case_id, customer = _customer(call, number, "SIGNATURE", party_id=body.party_id)
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
    return Signed(number=number.upper(), is_complete=done.is_complete)


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


def _customer(
    call: Call, number: str, purpose: str = "", *, party_id: int | None = None
) -> tuple[int, Actor]:
    """The case, which the client must see, and who acts: its customer, or the person of it that is named.

    Raises Problem: 404 where there is none to see, 409 while the step of that person is not open.
    """
    case_id = case_id_of(number, call.actor, process=PROCESS)
    own = customer_of_case(case_id, call.actor)
    acting = own if party_id is None else party_id
    if acting is None or (acting != own and not takes_part(case_id, acting)):
        raise of_refusal(NO_CASE if party_id is None else NO_PERSON)
    steps = (STEPS if acting == own else STEPS_OF_OTHERS).get(purpose, ())
    if purpose and acting != own and not steps:
        raise of_refusal(ONLY_APPLICANT)
    if steps:
        case_at(number, steps, call.actor)
    return case_id, Actor(ActorKind.CUSTOMER, str(acting), "", scope=Scope(party_id=acting))


def _person(one: Standing, call: Call) -> PersonShape:
    return PersonShape(
        party_id=one.party.pk,
        role=one.role,
        title=one.title.in_language(call.language),
        name=mask("name", one.party.name, call.actor),
        is_applicant=one.is_applicant,
        must_consent=one.must_consent,
        consented_at=one.consented_at,
        signs=one.signs,
        signed_at=one.signed_at,
    )


def _challenge(sent: CodeRequested | Refused) -> Challenge | Refused:
    if isinstance(sent, Refused):
        return sent
    return Challenge(challenge=str(sent.challenge), expires_at=sent.expires_at)
