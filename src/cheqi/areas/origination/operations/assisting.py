"""A customer's act with a client manager beside them: the code still comes to the person's own phone.

The colleague shows the text or the contract on the screen, has the code sent, and enters what the person
reads out. The act is the person's; the confirmation's address says which colleague passed it on.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cheqi.areas.origination.operations import consents, signing
from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.operations.codes import CodeRequested
from cheqi.foundation.access.queries import pending_challenge
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.applications.queries import takes_part

ASSISTS = ("client_manager", "operations_manager")


class Act(StrEnum):
    """What the person does."""

    CONSENT = "CONSENT"
    SIGN = "SIGN"


def show_at_desk(*, case_id: int, party_id: int, actor: Actor, now: datetime) -> Paper | Refused:
    """Notes that the person read the contract at the desk, in the version of that moment."""
    case = case_for(case_id, actor)
    if isinstance(case, Refused):
        return case
    person = _person_of(case, party_id, actor)
    if isinstance(person, Refused):
        return person
    return signing.show_contract_of(case, actor=person, now=now)


def request_code_at_desk(
    *, case_id: int, party_id: int, act: Act, actor: Actor, now: datetime
) -> CodeRequested | Refused:
    """Sends the code to the person's own number."""
    person = _person(case_id, party_id, actor)
    if isinstance(person, Refused):
        return person
    ask = consents.request_consent_code if act is Act.CONSENT else signing.request_signing_code
    return ask(case_id=case_id, actor=person, now=now, address=_desk_of(actor))


def take_code_at_desk(
    *, case_id: int, party_id: int, act: Act, code: str, actor: Actor, now: datetime, key: str
) -> CaseMoved | signing.Signed | Refused:
    """Takes the code that the person read out: consents or signs for nobody but them.

    Refused without a code that is on its way (NOT_NOW), for a wrong one, and as the act itself is.
    """
    person = _person(case_id, party_id, actor)
    if isinstance(person, Refused):
        return person
    subject = consents.subject_of(case_id) if act is Act.CONSENT else signing.subject_of(case_id)
    challenge = pending_challenge(party_id, subject, now)
    if challenge is None:
        message = Text("验证码已过期，请重新发送", "The code has expired: send another one")
        return Refused(RefusalKind.INVALID, (Finding("access.code", message, field="code"),))
    done = _act(act, case_id, challenge, code, person, now=now, address=_desk_of(actor), key=key)
    if isinstance(done, Refused) and done.findings[0].rule == "access.code":
        found = Finding("access.code", done.findings[0].message, field="code")
        return Refused(RefusalKind.INVALID, (found,))
    return done


def _act(
    act: Act,
    case_id: int,
    challenge: UUID,
    code: str,
    person: Actor,
    *,
    now: datetime,
    address: str,
    key: str,
) -> CaseMoved | signing.Signed | Refused:
    if act is Act.CONSENT:
        return consents.authorise(
            case_id=case_id,
            challenge=challenge,
            code=code,
            actor=person,
            now=now,
            address=address,
            key=key,
            way="DESK_CODE",
        )
    confirmed = signing.confirm_signing_code(
        case_id=case_id, challenge=challenge, code=code, actor=person, now=now, address=address
    )
    if isinstance(confirmed, Refused):
        return confirmed
    return signing.sign_contract(
        case_id=case_id,
        confirmation_id=confirmed.pk,
        pdf_sha256=signing.shown_to(case_id, person),
        actor=person,
        now=now,
        device=address,
        key=key,
    )


def _person(case_id: int, party_id: int, actor: Actor) -> Actor | Refused:
    case = case_for(case_id, actor)
    return case if isinstance(case, Refused) else _person_of(case, party_id, actor)


def _person_of(case: CaseRecord, party_id: int, actor: Actor) -> Actor | Refused:
    """The person of the case whom the colleague assists, as who acts."""
    if not (actor.is_staff and actor.has_role(*ASSISTS)):
        message = Text("协助客户办理由客户经理进行", "Client managers assist customers")
        return refuse(RefusalKind.NOT_ALLOWED, "assist.role", message)
    if not takes_part(case.id, party_id):
        message = Text("申请里没有这个人", "There is no such person in the application")
        return refuse(RefusalKind.NOT_FOUND, "assist.person", message)
    return Actor(ActorKind.CUSTOMER, str(party_id), "", scope=Scope(party_id=party_id))


def _desk_of(actor: Actor) -> str:
    return f"desk:{actor.id}"
