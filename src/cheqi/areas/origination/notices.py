"""What a customer hears without asking, and what colleagues hear of their work.

Each notice is planned in the transaction that tells of its cause, under a key of that cause, so nobody
hears the same thing twice; the contact gate decides when and by which channel it leaves.

>>> notices.decision_made(case, ..., cause="closed:91", now=now)            # doctest: +SKIP
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.urls import reverse

from cheqi.areas.origination.crediting import ROLES
from cheqi.areas.origination.materials import application_materials
from cheqi.areas.origination.operations import consents, signing
from cheqi.areas.origination.operations.reviewing import REFUSAL_REASONS
from cheqi.areas.origination.returns import returned
from cheqi.areas.origination.standings import standings
from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.text import Text
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.events.documents import DocumentRejected
from cheqi.core.events.estimates import EstimateMoved
from cheqi.core.events.lending import PersonDeclined
from cheqi.core.process.definition import Ball
from cheqi.foundation.messages.operations import send
from cheqi.foundation.messages.templating import Value
from cheqi.foundation.privacy.masking import cover
from cheqi.foundation.staff.queries import holders
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.models import StepRow
from cheqi.foundation.workflow.queries import progress
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.records.agreements.queries import live_for
from cheqi.records.applications.choices import Act
from cheqi.records.applications.models import CreditDecision
from cheqi.records.applications.queries import borrower, by_case
from cheqi.records.loans.queries import loan_of_case

COLLECTS = "collect_materials"
MINUTES_AN_HOUR = 60
SIGNS = "sign_contract"
SOON = Text("尽快", "as soon as you can")
NO_TIME_YET = Text("暂时还估计不出，有了马上告诉您", "not known yet; we will tell you as soon as it is")
SLOW = Text("这一步比通常久，已升级跟进", "this step takes longer than usual; it has been escalated")
WAITS_FOR_OTHERS = Text(
    "还在等共同借款人或担保人办理，请提醒他们",
    "the co-borrower or guarantor has not acted yet; please remind them",
)
DECLINED_ACTS = {
    Act.CONSENT: Text("征信查询授权", "the credit enquiry"),
    Act.SIGN: Text("在合同上签字", "to sign the contract"),
}
OTHERS = {consents.STEP_OF_OTHERS: "consent_asked", signing.STEP_OF_OTHERS: "signature_asked"}
SEE_PROGRESS = Text("详见进度页", "see your progress page")
CONTACT_US = Text("请联系我们了解原因", "please contact us for the reasons")


def received(case: CaseRecord, *, cause: str, now: datetime) -> None:
    """The application arrived."""
    application = by_case(case.id, SYSTEM)
    name = borrower(application.pk).name if application else ""
    _tell(case, "application_received", {"name": name or "您好"}, cause=cause, now=now)


def document_rejected(case: CaseRecord, event: DocumentRejected, *, cause: str, now: datetime) -> None:
    """A document has to be sent again, and why."""
    data: dict[str, Value] = {"document": event.title, "reason": event.reason.rstrip("。")}
    _tell(case, "document_rejected", data, cause=cause, now=now)


def materials_needed(case: CaseRecord, step: StepRow, *, template: str, cause: str, now: datetime) -> None:
    """Which documents are still missing, or what the colleague asks for who returned the case with all of
    them there; nothing otherwise."""
    missing = [one.title for one in application_materials(case) if not one.is_there]
    if missing:
        data: dict[str, Value] = {"documents": listed(missing), "until": until(step.due_at)}
        _tell(case, template, data, cause=cause, now=now)
    elif (back := returned(case)) is not None:
        reason = back.reason.rstrip("。.") or SEE_PROGRESS
        _tell(case, "more_needed", {"reason": reason, "until": until(step.due_at)}, cause=cause, now=now)


def refused_still(case: CaseRecord, until_at: datetime, *, cause: str, now: datetime) -> None:
    """Documents that were refused during the check have not been replaced yet; nothing when all are there."""
    missing = [one.title for one in application_materials(case) if not one.is_there]
    if missing:
        data: dict[str, Value] = {"documents": listed(missing), "until": until(until_at)}
        _tell(case, "material_reminder", data, cause=cause, now=now)


def contract_ready(case: CaseRecord, step: StepRow, *, cause: str, now: datetime) -> None:
    """The contract can be signed."""
    _tell(case, "contract_ready", {"until": until(step.due_at)}, cause=cause, now=now)


def approved(case: CaseRecord, *, cause: str, now: datetime) -> None:
    """The application is approved: how much, how long."""
    application = by_case(case.id, SYSTEM)
    if application is not None:
        data = {"amount_fen": application.amount_fen, "term_months": application.term_months}
        _tell(case, "approved", data, cause=cause, now=now)


def refused(case: CaseRecord, *, cause: str, now: datetime) -> None:
    """The application is refused, with the reviewers' reasons in words."""
    decisions = CreditDecision.objects.filter(application__case_id=case.id, opinion="REFUSE").order_by("pk")
    keys = dict.fromkeys(reason for row in decisions for reason in row.reasons)
    words = [REFUSAL_REASONS[key] for key in keys if key in REFUSAL_REASONS]
    _tell(case, "refused", {"reasons": listed(words) if words else CONTACT_US}, cause=cause, now=now)


def contract_signed(case: CaseRecord, *, cause: str, now: datetime) -> None:
    """Both sides have signed."""
    application = by_case(case.id, SYSTEM)
    agreement = live_for(application.pk, SYSTEM) if application else None
    if agreement is not None:
        _tell(case, "contract_signed", {"contract_number": agreement.number}, cause=cause, now=now)


def lien_registered(case: CaseRecord, *, cause: str, now: datetime) -> None:
    """The registry has registered the lien."""
    _tell(case, "lien_registered", {}, cause=cause, now=now)


def disbursed(case: CaseRecord, *, cause: str, now: datetime) -> None:
    """The money was paid: how much, to whom, and when the first installment is due."""
    application, loan = by_case(case.id, SYSTEM), loan_of_case(case.id, SYSTEM)
    if application is None or application.dealer is None or loan is None:
        return
    data: dict[str, Value] = {
        "amount_fen": loan.loan.principal_fen,
        "payee": application.dealer.name,
        "first_due_date": f"{loan.loan.next_due_date}",
    }
    _tell(case, "disbursed", data, cause=cause, now=now)


def late(case: CaseRecord, step: str, number: int, *, cause: str, now: datetime) -> None:
    """A step is late: why, and the range that is expected now."""
    data: dict[str, Value] = {
        "step": case.definition.by_key[step].title,
        "reason": WAITS_FOR_OTHERS if step in OTHERS else SLOW,
        "until": _expected(case.id, step, number) or NO_TIME_YET,
    }
    _tell(case, "step_late", data, cause=cause, now=now)


def estimate_moved(case: CaseRecord, event: EstimateMoved, *, cause: str, now: datetime) -> None:
    """Another range than before; a range that went away is told by what took it away."""
    if event.before_at is None or event.low_at is None or event.high_at is None:
        return
    expected = _shown(case.id, event.step, event.round)
    reason = (expected or {}).get("moved")
    data: dict[str, Value] = {
        "step": case.definition.by_key[event.step].title,
        "before": moment(event.before_at),
        "after": span(event.low_at, event.high_at),
        "reason": Text(**reason) if reason else Text(event.reason, event.reason),
    }
    _tell(case, "estimate_moved", data, cause=cause, now=now)


def others_asked(case: CaseRecord, step: StepRow, *, cause: str, now: datetime) -> None:
    """Everybody beside the applicant who still has to consent, or to sign, on their own phone."""
    application = by_case(case.id, SYSTEM)
    if application is None:
        return
    template = OTHERS[step.key]
    for one in standings(case, application):
        is_done = one.consented_at if step.key == consents.STEP_OF_OTHERS else one.signed_at
        is_owed = one.must_consent if step.key == consents.STEP_OF_OTHERS else one.signs
        if one.is_applicant or is_done is not None or not is_owed:
            continue
        data: dict[str, Value] = {
            "case_number": case.number,
            "applicant": cover("name", borrower(application.pk).name),
            "role": one.title,
            "until": until(step.due_at),
            "link": f"{settings.PUBLIC_URL}{reverse('portal:part', args=(case.number,))}",
        }
        key = f"{template}:{cause}:{one.party.pk}"
        send(template, party_id=one.party.pk, case_id=case.id, data=data, key=key, now=now)


def declined(case: CaseRecord, event: PersonDeclined, *, cause: str, now: datetime) -> None:
    """Somebody beside the applicant said no: what, and that the client manager calls."""
    data: dict[str, Value] = {"person": ROLES[event.party_role], "act": DECLINED_ACTS[Act(event.act)]}
    _tell(case, "other_declined", data, cause=cause, now=now)


def reminded(case: CaseRecord, step: StepRow, *, cause: str, now: datetime) -> None:
    """The customer has the ball and has not acted: which documents, or which step."""
    if step.ball == Ball.CO_SIGNER.value:
        others_asked(case, step, cause=cause, now=now)
    if step.ball != Ball.CUSTOMER.value:
        return
    if step.key == COLLECTS:
        materials_needed(case, step, template="material_reminder", cause=cause, now=now)
        return
    data: dict[str, Value] = {
        "step": case.definition.by_key[step.key].title,
        "until": until(step.due_at),
    }
    _tell(case, "step_reminder", data, cause=cause, now=now)


def assigned(case: CaseRecord, step: StepRow, reason: str, *, cause: str, now: datetime) -> None:
    """A colleague was given a step."""
    if step.owner_id is None:
        return
    send(
        "staff_assigned",
        member_id=step.owner_id,
        case_id=case.id,
        data={
            "case_number": case.number,
            "step": case.definition.by_key[step.key].title,
            "reason": reason or "—",
            "until": until(step.due_at),
            "link": desk_link(case.number),
        },
        key=f"assigned:{cause}",
        now=now,
    )


def escalated(
    case: CaseRecord, step: StepRow, roles: list[str], *, cause: str, now: datetime, level: int = 1
) -> None:
    """Everybody who holds the role that a missed target goes to, at its first level or a later one."""
    owner = case.owners.get((step.key, step.round), "")
    late_for = _late_for(step.due_at, now, calendar(case.definition.calendar))
    for role in roles:
        for one in holders(role, case.branch_id or 0, now):
            send(
                "staff_escalation",
                member_id=one.member_id,
                case_id=case.id,
                data={
                    "case_number": case.number,
                    "step": case.definition.by_key[step.key].title,
                    "level": level,
                    "owner": owner or Text("尚无", "nobody yet"),
                    "overdue": late_for,
                    "link": desk_link(case.number),
                },
                key=f"escalated:{cause}:{one.member_id}",
                now=now,
            )


def _tell(case: CaseRecord, template: str, data: Mapping[str, Value], *, cause: str, now: datetime) -> None:
    if case.party_id is None:
        return
    send(
        template,
        party_id=case.party_id,
        case_id=case.id,
        data={**data, "case_number": case.number, "link": portal_link(case.number)},
        key=f"{template}:{cause}",
        now=now,
    )


def _shown(case_id: int, step: str, number: int) -> dict[str, Any] | None:
    """What the tracker shows as expected of a round."""
    answer = progress(case_id, SYSTEM)
    found = msgspec.json.decode(answer.body).get("expected", {}) if answer else {}
    shown: dict[str, Any] | None = found.get(f"{step}:{number}")
    return shown


def _expected(case_id: int, step: str, number: int) -> Text | None:
    shown = _shown(case_id, step, number)
    if not shown or not shown["high_at"]:
        return None
    return span(datetime.fromisoformat(shown["low_at"]), datetime.fromisoformat(shown["high_at"]))


# --- words


def portal_link(number: str) -> str:
    """Where the customer follows the case: number, last four digits and a code open it."""
    return f"{settings.PUBLIC_URL}{reverse('portal:track')}?{urlencode({'case': number})}"


def desk_link(number: str) -> str:
    """Where a colleague works on the case."""
    return f"{settings.PUBLIC_URL}{reverse('desk:home')}cases/{number}/"


def listed(words: list[Text]) -> Text:
    """Several words as one."""
    return Text("、".join(one.zh for one in words), ", ".join(one.en for one in words))


def until(due_at: datetime | None) -> Text:
    """A due time in words, or soon where none is set."""
    return moment(due_at) if due_at else SOON


def moment(at: datetime) -> Text:
    """A moment as people of the lender's zone say it."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return Text(f"{local.month} 月 {local.day} 日 {local:%H:%M}", f"{local.day} {local:%B %H:%M}")


def span(low_at: datetime, high_at: datetime) -> Text:
    """A range of moments; the day is said once when it is the same."""
    zone = ZoneInfo(settings.TIME_ZONE)
    low, high = low_at.astimezone(zone), high_at.astimezone(zone)
    first, last = moment(low_at), moment(high_at)
    if low.date() == high.date():
        last = Text(f"{high:%H:%M}", f"{high:%H:%M}")
    return Text(f"{first.zh} 至 {last.zh}", f"{first.en} to {last.en}")


def _late_for(due_at: datetime | None, now: datetime, hours: WorkCalendar) -> Text:
    """How late, in working time as the desk's lists say it."""
    late = hours.working_between(due_at, now) if due_at else timedelta()
    minutes = max(0, int(late.total_seconds()) // 60)
    days, rest = divmod(minutes, int(hours.working_day.total_seconds()) // 60)
    if days:
        return Text(f"{days} 个工作日 {rest // 60} 小时", f"{days} working days {rest // 60} h")
    if rest >= MINUTES_AN_HOUR:
        return Text(f"{rest // 60} 小时 {rest % 60} 分钟", f"{rest // 60} h {rest % 60} min")
    return Text(f"{rest} 分钟", f"{rest} min")
