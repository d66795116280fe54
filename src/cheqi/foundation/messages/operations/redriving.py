"""What people do with messages that gave up, and what the sweeper does with forgotten ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.messages import MessageDiscarded, MessageRedriven
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.exchanges.queries import may_handle
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.messages.choices import LIVE, MessageState
from cheqi.foundation.messages.models import Message
from cheqi.foundation.messages.operations.planning import TASK
from cheqi.foundation.messages.templating import catalogue

MAX_AT_ONCE = 200
DISCARDED = "DISCARDED"
GRACE = timedelta(minutes=2)


def redrive(ids: Sequence[int], *, actor: Actor, now: datetime) -> int | Refused:
    """Tries dead messages again. One that had left once is asked for first. Returns how many wait now."""
    refused = _refused(ids, actor)
    if refused is not None:
        return refused
    with transaction.atomic():
        dead = _dead(ids)
        for row in dead:
            left = row.started_at is not None
            row.state = MessageState.SENDING if left else MessageState.PLANNED
            row.failures, row.next_try_at = 0, now
            row.save(update_fields=["state", "failures", "next_try_at"])
            wake(TASK, str(row.pk), now=now)
            event = MessageRedriven(
                message_id=row.pk, template=row.template, title=catalogue()[row.template].title.zh
            )
            record(event, actor=actor, now=now, case_id=row.case_id)
    return len(dead)


def discard(ids: Sequence[int], *, actor: Actor, now: datetime, reason: str) -> int | Refused:
    """Lets dead messages be, for a stated reason: they end as not delivered. One log entry each."""
    refused = _refused(ids, actor)
    if refused is not None:
        return refused
    if not reason.strip():
        message = Text("请写明放弃的原因", "Say why these are given up")
        return refuse(RefusalKind.INVALID, "messages.discard.reason", message)
    with transaction.atomic():
        dead = _dead(ids)
        for row in dead:
            row.state, row.code, row.reason = MessageState.FAILED, DISCARDED, reason.strip()[:200]
            row.save(update_fields=["state", "code", "reason"])
            event = MessageDiscarded(
                message_id=row.pk,
                template=row.template,
                title=catalogue()[row.template].title.zh,
                reason=row.reason,
            )
            record(event, actor=actor, now=now, case_id=row.case_id)
    return len(dead)


def _refused(ids: Sequence[int], actor: Actor) -> Refused | None:
    if not may_handle(actor):
        message = Text("发不出去的消息由运营经理和系统管理员处理", "Operations staff handle failed messages")
        return refuse(RefusalKind.NOT_ALLOWED, "messages.redrive", message)
    if len(ids) > MAX_AT_ONCE:
        message = Text("一次最多处理 200 条，请分批选择", "At most 200 at once: choose fewer")
        return refuse(RefusalKind.INVALID, "messages.redrive.limit", message)
    return None


def _dead(ids: Sequence[int]) -> list[Message]:
    rows = Message.objects.select_for_update().filter(pk__in=ids, state=MessageState.DEAD)
    return list(rows.order_by("id"))


def wake_forgotten(*, now: datetime, limit: int = 500) -> int:
    """Wakes live messages that are overdue by more than the grace; returns how many there were."""
    overdue = Message.objects.filter(state__in=LIVE, next_try_at__lt=now - GRACE).order_by(
        "next_try_at", "id"
    )
    keys = list(overdue.values_list("pk", flat=True)[:limit])
    for key in keys:
        wake(TASK, str(key), now=now)
    return len(keys)
