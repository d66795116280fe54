"""Starting an application and answering its questions, screen by screen, saved as one goes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.queries import draft_of
from cheqi.areas.origination.questions import QUESTIONS, Value, asked, parse
from cheqi.areas.origination.together import named_in, shared
from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.operations import open_case
from cheqi.foundation.workflow.people import at_branch
from cheqi.records.common import lender_date
from cheqi.records.parties.models import Party
from cheqi.records.parties.operations import party_for_mobile

ENTERS = ("client_manager", "operations_manager")


@dataclass(frozen=True, slots=True)
class Saved:
    """What is saved now, and what could not be: one finding a field that was entered wrong."""

    case_id: int
    answers: Mapping[str, Value]
    findings: tuple[Finding, ...]


def may_enter(actor: Actor) -> bool:
    """Whether applications are this person's to enter at the desk."""
    return actor.has_role(*ENTERS)


@whole
def start(*, branch_id: int, mobile: str = "", actor: Actor, now: datetime, key: str) -> Draft:
    """Opens the case of a new application with an empty draft; the same key gives the same one.

    A customer starts their own. A colleague starts for the customer with `mobile`, who is entered when
    nobody has that number yet. Refused: no such number, or a branch that is not theirs.
    """
    by_customer = actor.kind is ActorKind.CUSTOMER
    if by_customer and actor.scope.party_id is not None:
        party_id = actor.scope.party_id
    else:
        party_id = must(party_for_mobile(mobile=mobile, branch_id=branch_id, actor=actor, now=now)).pk
    moved = must(
        open_case(
            process="application",
            branch_id=branch_id,
            party_id=party_id,
            facts={"started_by": "CUSTOMER" if by_customer else "STAFF"},
            subject_kind="application",
            actor=actor,
            now=now,
            key=key,
        )
    )
    draft, _ = Draft.objects.get_or_create(
        case_id=moved.case_id,
        defaults={
            "number": moved.number,
            "party_id": party_id,
            "branch_id": branch_id,
            "created_at": now,
            "changed_at": now,
        },
    )
    return draft


@whole
def answer(*, case_id: int, entered: Mapping[str, str], actor: Actor, now: datetime) -> Saved:
    """Saves what was entered, as far as it can be so; the rest comes back as findings by field.

    An empty text takes an answer back. Answers to questions that are no longer asked are dropped.
    Refused: no such draft for this actor (NOT_FOUND), a colleague who does not enter applications
    (NOT_ALLOWED), or it was sent (NOT_NOW).
    """
    draft = must(open_draft(case_id, actor))
    if actor.is_staff and not may_enter(at_branch(actor, draft.branch_id, now)):
        message = Text("录入申请由客户经理办理", "Client managers enter applications")
        must(refuse(RefusalKind.NOT_ALLOWED, "application.role", message))
    answers, findings = dict[str, Value](json.loads(draft.answers)), list[Finding]()
    for name, raw in entered.items():
        if name not in QUESTIONS:
            continue
        value = parse(QUESTIONS[name], raw)
        if isinstance(value, Finding):
            findings.append(value)
        elif value is None:
            answers.pop(name, None)
        else:
            answers[name] = value
    findings += _shared(draft, answers, entered, now)
    wanted = {question.key for question in asked(answers)}
    kept = {name: value for name, value in answers.items() if name in wanted}
    draft.answers, draft.changed_at = json.dumps(kept, ensure_ascii=False), now
    draft.save(update_fields=["answers", "changed_at"])
    return Saved(case_id, kept, tuple(findings))


def _shared(
    draft: Draft, answers: dict[str, Value], entered: Mapping[str, str], now: datetime
) -> list[Finding]:
    """What was entered just now and two people would share; such an answer is not kept."""
    if not any(name.endswith(("mobile", "id_number")) for name in entered):
        return []
    applicant = Party.objects.get(pk=draft.party_id)
    found = shared(named_in(answers, applicant.mobile), lender_date(now))
    new = [one for one in found if one.field in entered]
    for finding in new:
        answers.pop(finding.field, None)
    return new


def open_draft(case_id: int, actor: Actor) -> Draft | Refused:
    """The draft of a case, locked, while it can still be changed."""
    draft = draft_of(case_id, actor, for_update=True)
    if draft is None:
        message = Text("没有这份申请，请核对编号", "There is no such application; check its number")
        return refuse(RefusalKind.NOT_FOUND, "application.missing", message)
    if draft.application_id is not None:
        message = Text(
            "申请已提交，如需更改请联系客户经理", "It was sent; ask your client manager to change it"
        )
        return refuse(RefusalKind.NOT_NOW, "application.sent", message)
    return draft
