"""The verification call: what the customer said beside what was declared."""

from collections.abc import Mapping
from datetime import datetime

from cheqi.areas.origination.operations.reviewing import case_for
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.text import Text
from cheqi.foundation.whole import Stopped, must, whole
from cheqi.foundation.workflow.answers import CaseMoved
from cheqi.foundation.workflow.operations import finish_step

POINTS: dict[str, Text] = {
    "identity": Text("本人接听，姓名与身份证后四位一致", "The customer answered; name and ID end agree"),
    "car": Text("购车品牌、车型与价格一致", "Brand, model and price agree"),
    "loan": Text("知道贷款金额、期限和月供", "Knows amount, term and installment"),
    "income": Text("工作单位与收入一致", "Employer and income agree"),
    "purpose": Text("自己使用车辆，不代他人贷款", "Drives the car; the loan is not for somebody else"),
}


@whole
def record_call(
    *, case_id: int, points: Mapping[str, bool], comment: str, actor: Actor, now: datetime, key: str
) -> CaseMoved:
    """Keeps what was said in the call and finishes the step.

    Refused while a point is neither confirmed nor explained in the comment (INVALID).
    """
    must(case_for(case_id, actor))
    open_points = [name for name in POINTS if not points.get(name)]
    if open_points and not comment.strip():
        message = Text(
            "有核实项未确认，请写明情况", "A point is not confirmed: say what the customer answered"
        )
        raise Stopped(Refused(RefusalKind.INVALID, (Finding("call.points", message, field="comment"),)))
    return must(
        finish_step(
            case_id=case_id,
            step="call_customer",
            outcome="confirmed",
            reason=comment.strip(),
            data={"points": {name: bool(points.get(name)) for name in POINTS}},
            actor=actor,
            now=now,
            key=key,
        )
    )
