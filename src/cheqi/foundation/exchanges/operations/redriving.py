"""What people do with exchanges that gave up, and what the sweeper does with forgotten ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.outside import ExchangeRedriven
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
    if not may_handle(actor):
        message = Text("只有运营经理和系统管理员可以重新发送", "Only operations staff may try again")
        return refuse(RefusalKind.NOT_ALLOWED, "exchanges.redrive", message)
    if len(ids) > MAX_AT_ONCE:
        message = Text("一次最多处理 200 条，请分批选择", "At most 200 at once: choose fewer")
        return refuse(RefusalKind.INVALID, "exchanges.redrive.limit", message)
    with transaction.atomic():
        rows = list(
            Exchange.objects.select_for_update().filter(pk__in=ids, state=ExchangeState.DEAD).order_by("id")
        )
        for row in rows:
            row.state, row.died_in = ExchangeState(row.died_in or ExchangeState.WAITING), ""
            row.failures, row.next_try_at, row.finished_at = 0, now, None
            row.save(update_fields=["state", "died_in", "failures", "next_try_at", "finished_at"])
            wake(TASK, str(row.pk), now=now)
            event = ExchangeRedriven(port=row.port, operation=row.operation)
            record(event, actor=actor, now=now, case_id=row.case_id)
    return len(rows)


def wake_forgotten(*, now: datetime, limit: int = 500) -> int:
    """Wakes live exchanges that are overdue by more than the grace; returns how many there were."""
    overdue = Exchange.objects.filter(state__in=LIVE, next_try_at__lt=now - GRACE).order_by(
        "next_try_at", "id"
    )
    keys = list(overdue.values_list("pk", flat=True)[:limit])
    for key in keys:
        wake(TASK, str(key), now=now)
    return len(keys)
