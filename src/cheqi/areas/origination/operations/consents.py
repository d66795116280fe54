"""Consent to the credit enquiry: shown, confirmed by one-time code to the person's own phone, kept as shown.

Everybody whose credit is asked about consents for themselves (`crediting.asked_about`). The applicant's word
ends the applicant's step; the step of the others ends with the last of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from cheqi.areas.origination.crediting import PURPOSES, Asked, asked_about, missing
from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.models import Purpose
from cheqi.foundation.access.operations.codes import CodeRequested, request_code
from cheqi.foundation.access.operations.customers import confirm_act
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import finish_step, give_facts, signal
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case
from cheqi.records.applications.operations import authorise_credit
from cheqi.records.applications.queries import by_case
from cheqi.records.common import lender_date
from cheqi.records.parties.models import Party

VALID_DAYS = 90
STEP = "authorise_credit"
STEP_OF_OTHERS = "authorise_credit_of_others"
AUTHORISED = "others.authorised"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What somebody reads before agreeing."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def whole_text(self) -> str:
        """The text as it is kept and hashed."""
        return "\n".join((self.title, *self.paragraphs))


def consent_text(asked: Asked, now: datetime) -> ConsentText:
    """The authorisation of one person on a day (征信业管理条例 art. 18: written consent, agreed use)."""
    today = lender_date(now)
    until = today + timedelta(days=VALID_DAYS)
    party, purpose = asked.party, PURPOSES[asked.purpose].zh
    return ConsentText(
        "个人征信查询授权书",
        (
            f"授权人（{asked.title.zh}）：{party.name}，证件尾号 {party.id_last4}。",
            f"本人授权{settings.LENDER_NAME}为「{purpose}」的目的，向金融信用信息基础数据库查询本人的信用报告。",
            f"授权期限自 {today:%Y-%m-%d} 起至 {until:%Y-%m-%d} 止；仅用于本次车贷申请，不作他用。",
            "查询结果会作为审批依据之一。申请未通过时，您可以要求我们说明理由，并可向征信机构提出异议。",
            "撤回申请后，我们不会再以本授权查询。",
        ),
    )


def consent_of(case_id: int, actor: Actor) -> Asked | Refused:
    """The person who acts, as somebody whose credit the application asks about.

    Anybody else gets NOT_FOUND, as for a case that does not exist; colleagues and programs NOT_ALLOWED.
    """
    party = customer_of(actor)
    if isinstance(party, Refused):
        return party
    application = by_case(case_id, SYSTEM)
    people = asked_about(application) if application else ()
    mine = next((one for one in people if one.party.pk == party.pk), None)
    if mine is None:
        return refuse(RefusalKind.NOT_FOUND, "case.missing", Text("没有这个案件", "There is no such case"))
    return mine


def request_consent_code(
    *, case_id: int, actor: Actor, now: datetime, address: str
) -> CodeRequested | Refused:
    """Sends the code that confirms the authorisation, to the person's own number."""
    mine = consent_of(case_id, actor)
    if isinstance(mine, Refused):
        return mine
    return request_code(
        mobile=mine.party.mobile,
        purpose=Purpose.CONSENT,
        subject=subject_of(case_id),
        party_id=mine.party.pk,
        now=now,
        address=address,
    )


def authorise(
    *,
    case_id: int,
    challenge: UUID,
    code: str,
    actor: Actor,
    now: datetime,
    address: str,
    key: str,
    way: str = "ONE_TIME_CODE",
) -> CaseMoved | Refused:
    """Confirms the authorisation with the code; what was shown is kept with it. `way` says how it came in.

    The code is judged in a transaction of its own: a wrong one stays counted, whatever comes of the rest.
    """
    confirmed = confirm_act(
        challenge=challenge, code=code, subject=subject_of(case_id), actor=actor, now=now, address=address
    )
    if isinstance(confirmed, Refused):
        return confirmed
    method = f"{way}:{str(challenge)[:4]}"
    return _authorised(case_id=case_id, challenge=challenge, actor=actor, now=now, key=key, method=method)


@whole
def _authorised(
    *, case_id: int, challenge: UUID, actor: Actor, now: datetime, key: str, method: str
) -> CaseMoved:
    """Keeps the consent as it was shown, and moves the case as far as that takes it."""
    mine, case = must(consent_of(case_id, actor)), case_of(case_id)
    if not case.state.is_open:
        message = Text("这笔申请已结束，不用再授权", "The application is over; no authorisation is needed")
        must(refuse(RefusalKind.NOT_NOW, "consent.closed", message))
    must(
        authorise_credit(
            application_id=application_of(case_id).pk,
            party_id=mine.party.pk,
            text=consent_text(mine, now).whole_text,
            purpose=PURPOSES[mine.purpose].zh,
            method=method,
            other="" if mine.is_applicant else mine.title.zh,
            actor=actor,
            now=now,
        )
    )
    if not mine.is_applicant:
        return _others_went_on(case, mine, now=now)
    return must(
        finish_step(
            case_id=case_id,
            step=STEP,
            outcome="authorise",
            data={"challenge": str(challenge)},
            actor=actor,
            now=now,
            key=key,
        )
    )


def _others_went_on(case: CaseRecord, mine: Asked, *, now: datetime) -> CaseMoved:
    """Ends the step of the others with the last consent; the application row is locked by then, so of two
    who consent at once the second sees the first."""
    left = [one for one in missing(asked_about(application_of(case.id))) if not one.is_applicant]
    step = case.state.steps.get(STEP_OF_OTHERS)
    if left or step is None or not step.is_open:
        given = f"consent:{case.id}:{mine.party.pk}"
        return must(give_facts(case_id=case.id, facts={}, actor=SYSTEM, now=now, key=given))
    return must(
        signal(
            case_id=case.id,
            awaited=AUTHORISED,
            outcome=case.definition.by_key[STEP_OF_OTHERS].outcomes[0].key,
            data={"last": mine.party.pk},
            actor=SYSTEM,
            now=now,
            key=f"{AUTHORISED}:{case.id}:{step.round}",
        )
    )


def decline(*, case_id: int, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    """The applicant does not consent: the application ends as withdrawn, nothing is asked."""
    return finish_step(case_id=case_id, step=STEP, outcome="decline", actor=actor, now=now, key=key)


def subject_of(case_id: int) -> str:
    """What the code confirms."""
    return f"credit-authorisation:{case_id}"


def customer_of(actor: Actor) -> Party | Refused:
    """The customer who acts; colleagues and programs are refused (NOT_ALLOWED)."""
    party = Party.objects.filter(pk=actor.scope.party_id).first() if actor.scope.party_id else None
    if party is None:
        message = Text("请由客户本人在自己的手机上确认", "The customer confirms this on their own phone")
        return refuse(RefusalKind.NOT_ALLOWED, "consent.customer_only", message)
    return party


def case_of(case_id: int) -> CaseRecord:
    """The case behind a consent that was found."""
    loaded = load_case(case_id)
    assert loaded is not None, f"case {case_id} vanished"
    return loaded.record
