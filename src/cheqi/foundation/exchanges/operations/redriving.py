"""What people do with exchanges that gave up, and what the sweeper does with forgotten ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.outside import ExchangeDiscarded, ExchangeRedriven
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.exchanges.choices import LIVE, ExchangeState
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.operations.asking import TASK
from cheqi.foundation.exchanges.queries import may_handle
from cheqi.foundation.jobs.operations import wake

MAX_AT_ONCE = 200
GRACE = timedelta(minutes=2)


def redrive(ids: Sequence[int], *, actor: Actor, now: datetime) -> int | Refused:
    """Tries dead exchanges again, from where they gave up: an unknown outcome is asked for first.

    Returns how many were dead and now wait. One log entry each, with who did it.
    """
    refused = _refused(ids, actor)
    if refused is not None:
        return refused
    with transaction.atomic():
        rows = _dead(ids)
        for row in rows:
            row.state, row.died_in = ExchangeState(row.died_in or ExchangeState.WAITING), ""
            row.failures, row.next_try_at, row.finished_at = 0, now, None
            row.save(update_fields=["state", "died_in", "failures", "next_try_at", "finished_at"])
            wake(TASK, str(row.pk), now=now)
            event = ExchangeRedriven(port=row.port, operation=row.operation)
            record(event, actor=actor, now=now, case_id=row.case_id)
    return len(rows)


def discard(ids: Sequence[int], *, actor: Actor, now: datetime, reason: str) -> int | Refused:
    """Lets dead exchanges be that never left, for a stated reason; returns how many. One log entry each.

    Refused whole where the outcome of one is unknown: money may have moved, so it is asked for by trying
    again, and nobody closes their eyes to it.
    """
    refused = _refused(ids, actor)
    if refused is not None:
        return refused
    if not reason.strip():
        message = Text("请写明放弃的原因", "Say why these are given up")
        return refuse(RefusalKind.INVALID, "exchanges.discard.reason", message)
    with transaction.atomic():
        rows = _dead(ids)
        unknown = [row for row in rows if row.died_in != ExchangeState.WAITING]
        if unknown:
            message = Text(
                f"有 {len(unknown)} 个请求结果不明，不能放弃，请重新执行以查询结果",
                f"The outcome of {len(unknown)} is unknown: try again, which asks for it first",
            )
            return refuse(RefusalKind.NOT_NOW, "exchanges.discard.unknown", message)
        for row in rows:
            row.state, row.reason = ExchangeState.DISCARDED, reason.strip()[:300]
            row.save(update_fields=["state", "reason"])
            event = ExchangeDiscarded(port=row.port, operation=row.operation, reason=row.reason)
            record(event, actor=actor, now=now, case_id=row.case_id)
    return len(rows)


def _refused(ids: Sequence[int], actor: Actor) -> Refused | None:
    if not may_handle(actor):
        message = Text("失败的请求由运营经理和系统管理员处理", "Operations staff handle failed requests")
        return refuse(RefusalKind.NOT_ALLOWED, "exchanges.redrive", message)
    if len(ids) > MAX_AT_ONCE:
        message = Text("一次最多处理 200 条，请分批选择", "At most 200 at once: choose fewer")
        return refuse(RefusalKind.INVALID, "exchanges.redrive.limit", message)
    return None


def _dead(ids: Sequence[int]) -> list[Exchange]:
    rows = Exchange.objects.select_for_update().filter(pk__in=ids, state=ExchangeState.DEAD)
    return list(rows.order_by("id"))


def wake_forgotten(*, now: datetime, limit: int = 500) -> int:
    """Wakes live exchanges that are overdue by more than the grace; returns how many there were."""
    overdue = Exchange.objects.filter(state__in=LIVE, next_try_at__lt=now - GRACE).order_by(
        "next_try_at", "id"
    )
    keys = list(overdue.values_list("pk", flat=True)[:limit])
    for key in keys:
        wake(TASK, str(key), now=now)
    return len(keys)
