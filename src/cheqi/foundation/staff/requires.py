"""What an action asks of the actor beyond a role."""

from datetime import datetime, timedelta

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text

STEP_UP_IS_FRESH_FOR = timedelta(minutes=10)


def step_up(actor: Actor, now: datetime) -> Refused | None:
    """None when the second factor was given within the last ten minutes; for disbursement and exports.

    The system itself needs none. Programs and customers cannot give one and are refused.
    """
    if actor.kind is ActorKind.SYSTEM:
        return None
    at = actor.stepped_up_at
    if actor.is_staff and at is not None and timedelta(0) <= now - at < STEP_UP_IS_FRESH_FOR:
        return None
    message = Text("请先输入动态验证码，再继续此操作", "Give the code of your authenticator, then go on")
    return refuse(RefusalKind.NOT_ALLOWED, "staff.step_up", message)
