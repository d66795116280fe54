"""A reviewer's decision: kept with what it rests on, and the step finished, together or not at all."""

from collections.abc import Sequence
from datetime import datetime

from cheqi.areas.origination.people import application_of
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.whole import must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import finish_step
from cheqi.foundation.workflow.record import CaseRecord, sees
from cheqi.foundation.workflow.store import load_case
from cheqi.records.applications.models import CreditReport
from cheqi.records.applications.operations import decide

STEPS = ("review", "second_review", "settle_split")
OPINIONS = {"approve": "APPROVE", "refuse": "REFUSE", "return": "RETURN"}
REFUSAL_REASONS: dict[str, Text] = {
    "INCOME": Text("收入不足以支付月供", "The income does not cover the installments"),
    "CREDIT_HISTORY": Text("信用记录不符合要求", "The credit history does not meet our policy"),
    "DEBT": Text("现有负债过高", "Existing debts are too high"),
    "VEHICLE": Text("车辆不符合要求", "The car does not meet our policy"),
    "DOCUMENTS": Text("资料无法核实", "The documents could not be verified"),
    "POLICY": Text("不符合准入规则", "The application does not meet our credit policy"),
}


@whole
def give_opinion(
    *,
    case_id: int,
    step: str,
    opinion: str,
    reasons: Sequence[str] = (),
    comment: str = "",
    actor: Actor,
    now: datetime,
    key: str,
) -> CaseMoved:
    """Decides one review. `opinion` is approve, refuse or return; a refusal names its reasons.

    Refused: not open (NOT_NOW), not this actor's (NOT_ALLOWED), not theirs to see (NOT_FOUND), decided by
    somebody else meanwhile (CONFLICT), or against policy and limits (NOT_NOW, with every rule).
    """
    case = must(case_for(case_id, actor))
    if step not in STEPS or opinion not in OPINIONS:
        must(refuse(RefusalKind.INVALID, "review.opinion", Text("请选择审批意见", "Choose an opinion")))
    number = case.round_of(step) or 1
    moved = must(
        finish_step(
            case_id=case_id,
            step=step,
            outcome=opinion,
            round=number,
            reason=comment,
            data={"reasons": list(reasons)},
            actor=actor,
            now=now,
            key=key,
        )
    )
    must(
        decide(
            application_id=application_of(case_id).pk,
            step=step,
            opinion=OPINIONS[opinion],
            round_number=number,
            reasons=[word for word in reasons if word in REFUSAL_REASONS],
            comment=comment,
            evidence=_evidence(case),
            actor=actor,
            now=now,
        )
    )
    return moved


def case_for(case_id: int, actor: Actor) -> CaseRecord | Refused:
    """The case as the actor may see it; missing and not allowed are the same."""
    loaded = load_case(case_id)
    if loaded is None or not sees(
        actor, case_id=case_id, branch_id=loaded.record.branch_id, party_id=loaded.record.party_id
    ):
        message = Text("没有这个案件，请核对编号", "There is no such case; check its number")
        return refuse(RefusalKind.NOT_FOUND, "case.missing", message)
    return loaded.record


def _evidence(case: CaseRecord) -> dict[str, object]:
    """A copy of what the decision rests on: the policy check, and the figures of each person's report."""
    checked = dict(case.data_of("check_policy"))
    of_others = {row["report"]: row["role"] for row in checked.get("others", ()) if row["report"]}
    known = CreditReport.objects.in_bulk([checked.get("report", ""), *of_others], field_name="reference")
    own = known.get(checked.get("report", ""))
    return {
        "policy": checked,
        "credit_report": _copied(own) if own else None,
        "credit_reports_of_others": [
            {"role": role, **_copied(known[reference])} for reference, role in of_others.items()
        ],
    }


def _copied(report: CreditReport) -> dict[str, object]:
    return {"reference": report.reference, "figures": report.figures}
