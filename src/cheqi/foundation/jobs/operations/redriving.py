"""What people do with dead letters: try again, or let it be. Both are logged with who did it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.jobs import WakeupDiscarded, WakeupRedriven
from cheqi.foundation.eventlog.operations import Entry, record_many
from cheqi.foundation.jobs.choices import LIVE, WakeupState
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.queries import may_handle_dead_letters

MAX_AT_ONCE = 500


def redrive(ids: Sequence[int], *, actor: Actor, now: datetime) -> int | Refused:
    """Gives dead wake-ups their attempts back, at once. Returns how many were dead and now wait.

    One whose task and key was woken anew in the meantime is marked as discarded: its successor runs.
    """
    refused = _refused(ids, actor)
    if refused is not None:
        return refused
    with transaction.atomic():
        dead = _dead(ids)
        entries = []
        for row in dead:
            if Wakeup.objects.filter(task=row.task, key=row.key, state__in=LIVE).exists():
                row.state = WakeupState.DISCARDED
            else:
                row.state, row.attempts, row.run_at, row.finished_at = WakeupState.WAITING, 0, now, None
                entries.append(Entry(event=WakeupRedriven(wakeup_id=row.pk, task=row.task, key=row.key)))
            row.save(update_fields=["state", "attempts", "run_at", "finished_at"])
        record_many(entries, actor=actor, now=now)
    return len(entries)


def discard(ids: Sequence[int], *, actor: Actor, now: datetime, reason: str) -> int | Refused:
    """Lets dead wake-ups be, for a stated reason. Returns how many were dead."""
    refused = _refused(ids, actor)
    if refused is not None:
        return refused
    if not reason.strip():
        message = Text("请写明放弃的原因", "Say why these are given up")
        return refuse(RefusalKind.INVALID, "jobs.discard.reason", message)
    with transaction.atomic():
        dead = _dead(ids)
        Wakeup.objects.filter(pk__in=[row.pk for row in dead]).update(state=WakeupState.DISCARDED)
        record_many(
            [
                Entry(event=WakeupDiscarded(wakeup_id=row.pk, task=row.task, key=row.key, reason=reason))
                for row in dead
            ],
            actor=actor,
            now=now,
        )
    return len(dead)


def _refused(ids: Sequence[int], actor: Actor) -> Refused | None:
    if not may_handle_dead_letters(actor):
        message = Text(
            "只有系统管理员和运营经理可以处理失败任务", "Only operations staff handle dead letters"
        )
        return refuse(RefusalKind.NOT_ALLOWED, "jobs.dead_letters.role", message)
    if len(ids) > MAX_AT_ONCE:
        message = Text("一次最多处理 500 条，请分批选择", "At most 500 at once: choose fewer")
        return refuse(RefusalKind.INVALID, "jobs.dead_letters.limit", message)
    return None


def _dead(ids: Sequence[int]) -> list[Wakeup]:
    rows = Wakeup.objects.select_for_update().filter(pk__in=ids, state=WakeupState.DEAD)
    return list(rows.order_by("id"))
