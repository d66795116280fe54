"""The customer's consent to the credit enquiry: shown, confirmed by one-time code, kept as shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from cheqi.areas.origination.people import applicant_of, application_of
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.models import Purpose
from cheqi.foundation.access.operations.codes import CodeRequested, request_code
from cheqi.foundation.access.operations.customers import confirm_act
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import finish_step
from cheqi.records.applications.operations import authorise_credit
from cheqi.records.parties.models import Party

PURPOSE = "贷款审批"
VALID_DAYS = 90


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What the customer reads before agreeing."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def whole_text(self) -> str:
        """The text as it is kept and hashed."""
        return "\n".join((self.title, *self.paragraphs))


def consent_text(party: Party, now: datetime) -> ConsentText:
    """The authorisation for one person on a day (征信业管理条例 art. 18: written consent, agreed use)."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    until = today + timedelta(days=VALID_DAYS)
    return ConsentText(
        "个人征信查询授权书",
        (
            f"授权人：{party.name}，证件尾号 {party.id_last4}。",
            f"本人授权{settings.LENDER_NAME}为「{PURPOSE}」的目的，向金融信用信息基础数据库查询本人的信用报告。",
            f"授权期限自 {today:%Y-%m-%d} 起至 {until:%Y-%m-%d} 止；仅用于本次车贷申请，不作他用。",
            "查询结果会作为审批依据之一。申请未通过时，您可以要求我们说明理由，并可向征信机构提出异议。",
            "撤回申请后，我们不会再以本授权查询。",
        ),
    )


def request_consent_code(
    *, case_id: int, actor: Actor, now: datetime, address: str
) -> CodeRequested | Refused:
    """Sends the code that confirms the authorisation, to the customer's own number."""
    party = customer_of(actor)
    if isinstance(party, Refused):
        return party
    return request_code(
        mobile=party.mobile,
        purpose=Purpose.CONSENT,
        subject=subject_of(case_id),
        party_id=party.pk,
        now=now,
        address=address,
    )


def authorise(
    *, case_id: int, challenge: UUID, code: str, actor: Actor, now: datetime, address: str, key: str
) -> CaseMoved | Refused:
    """Confirms the authorisation with the code and finishes the step; what was shown is kept with it.

    The code is judged in a transaction of its own: a wrong one stays counted, whatever comes of the rest.
    """
    confirmed = confirm_act(
        challenge=challenge, code=code, subject=subject_of(case_id), actor=actor, now=now, address=address
    )
    if isinstance(confirmed, Refused):
        return confirmed
    return _authorised(case_id=case_id, challenge=challenge, actor=actor, now=now, key=key)


@whole
def _authorised(*, case_id: int, challenge: UUID, actor: Actor, now: datetime, key: str) -> CaseMoved:
    """Keeps the consent as it was shown and finishes the step."""
    party = must(customer_of(actor))
    application = application_of(case_id)
    if party.pk != applicant_of(application).pk:
        message = Text("须由申请人本人授权", "The applicant authorises this in person")
        must(refuse(RefusalKind.NOT_ALLOWED, "consent.applicant_only", message))
    must(
        authorise_credit(
            application_id=application.pk,
            party_id=party.pk,
            text=consent_text(party, now).whole_text,
            purpose=PURPOSE,
            method=f"ONE_TIME_CODE:{str(challenge)[:4]}",
            actor=actor,
            now=now,
        )
    )
    return must(
        finish_step(
            case_id=case_id,
            step="authorise_credit",
            outcome="authorise",
            data={"challenge": str(challenge)},
            actor=actor,
            now=now,
            key=key,
        )
    )


def decline(*, case_id: int, actor: Actor, now: datetime, key: str) -> CaseMoved | Refused:
    """The customer does not consent: the application ends as withdrawn, nothing is asked."""
    return finish_step(
        case_id=case_id, step="authorise_credit", outcome="decline", actor=actor, now=now, key=key
    )


def subject_of(case_id: int) -> str:
    """What the code confirms."""
    return f"credit-authorisation:{case_id}"


def customer_of(actor: Actor) -> Party | Refused:
    """The customer who acts; anybody else is refused (NOT_ALLOWED)."""
    """The customer who acts; colleagues and programs are refused."""
    party = Party.objects.filter(pk=actor.scope.party_id).first() if actor.scope.party_id else None
    if party is None:
        message = Text("请由客户本人在自己的手机上确认", "The customer confirms this on their own phone")
        return refuse(RefusalKind.NOT_ALLOWED, "consent.customer_only", message)
    return party
