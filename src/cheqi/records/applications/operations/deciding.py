"""One reviewer's decision: opinion, reasons, and a copy of what it was decided on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.lending import CreditDecided
from cheqi.foundation.eventlog.operations import record
from cheqi.records.applications.choices import Opinion
from cheqi.records.applications.models import Application, CreditDecision, OfferSnapshot
from cheqi.records.applications.operations.entering import locked, missing
from cheqi.records.common import conflict, finding, invalid, not_now, who


@dataclass(frozen=True, slots=True)
class Said:
    """What one reviewer said at one step."""

    step: str
    round: int
    opinion: str
    reasons: tuple[str, ...]
    comment: str
    evidence: Mapping[str, Any]


def decide(
    *,
    application_id: int,
    step: str,
    opinion: str,
    actor: Actor,
    now: datetime,
    round_number: int = 1,
    reasons: Sequence[str] = (),
    comment: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CreditDecision | Refused:
    """Keeps one decision a step and round: of two at once, one wins and the other is told.

    The same person saying the same again gets the first answer. Refused without an offer to decide on, a
    refusal without reasons, a return without comment, and to who entered the application.
    """
    findings = []
    if opinion not in Opinion.values:
        findings.append(finding("decision.opinion", "opinion", "请选择审批意见", "Choose an opinion"))
    if opinion == Opinion.REFUSE and not reasons:
        findings.append(
            finding("decision.reasons", "reasons", "拒绝须写明理由", "A refusal gives its reasons")
        )
    if opinion == Opinion.RETURN and not comment.strip():
        findings.append(
            finding("decision.comment", "comment", "退回须写明要补什么", "Say what is to be added")
        )
    if (refused := invalid(findings)) is not None:
        return refused
    try:
        with transaction.atomic():
            row = locked(application_id, actor)
            if row is None:
                return missing()
            said = Said(step, round_number, opinion, tuple(reasons), comment, evidence or {})
            return _keep(row, said, actor, now)
    except IntegrityError:
        return conflict("decision.taken", "该环节已由他人决定", "Somebody else has decided this step")


def _keep(row: Application, said: Said, actor: Actor, now: datetime) -> CreditDecision | Refused:
    if (row.creator_kind, row.creator_id) == (actor.kind.value, actor.id):
        return refuse(
            RefusalKind.NOT_ALLOWED,
            "decision.four_eyes",
            Text("录入人不能审批", "Who entered it cannot decide"),
        )
    taken = CreditDecision.objects.filter(application=row, step=said.step, round=said.round).first()
    if taken is not None:
        if (taken.actor_kind, taken.actor_id, taken.opinion) == (actor.kind.value, actor.id, said.opinion):
            return taken
        return conflict("decision.taken", "该环节已由他人决定", "Somebody else has decided this step")
    offer = OfferSnapshot.objects.filter(application=row).order_by("-pk").first()
    if offer is None and said.opinion == Opinion.APPROVE:
        return not_now("decision.offer", "请先计算方案", "Calculate the offer first")
    decision = CreditDecision.objects.create(
        application=row,
        step=said.step,
        round=said.round,
        opinion=said.opinion,
        reasons=list(said.reasons),
        comment=said.comment,
        offer=offer,
        evidence=dict(said.evidence),
        decided_at=now,
        **who(actor),
    )
    what = CreditDecided(
        application_id=row.pk, step=said.step, round=said.round, opinion=said.opinion, reasons=said.reasons
    )
    record(what, actor=actor, now=now, case_id=row.case_id)
    return decision
