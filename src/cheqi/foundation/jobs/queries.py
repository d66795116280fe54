"""What people see of background work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.foundation.jobs.choices import WakeupState
from cheqi.foundation.jobs.models import Wakeup, WorkerRow

ROLES = ("admin", "operations_manager")
SILENT_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A wake-up that failed for good, with what went wrong in words."""

    id: int
    task: str
    key: str
    attempts: int
    error: str
    created_at: datetime
    died_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How much waits, and since when the oldest due wake-up does."""

    queue: str
    waiting: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """The state of background work in one look."""

    queues: tuple[QueueHealth, ...]
    dead: int
    workers_alive: int


def may_see_dead_letters(actor: Actor) -> bool:
    """Dead letters name rows of every branch: only who sees everything, or runs operations, may."""
    return actor.scope.everything or actor.has_role(*ROLES)


def may_handle_dead_letters(actor: Actor) -> bool:
    """Trying again may have outside effects: the system, administrators and operations managers may."""
    return actor.kind is ActorKind.SYSTEM or (actor.is_staff and actor.has_role(*ROLES))


def dead_letters(actor: Actor, *, limit: int = 200) -> tuple[DeadLetter, ...]:
    """What failed for good, the newest first; nothing for those who may not see it."""
    if not may_see_dead_letters(actor):
        return ()
    rows = Wakeup.objects.filter(state=WakeupState.DEAD).order_by("-finished_at", "-id")[:limit]
    return tuple(
        DeadLetter(row.pk, row.task, row.key, row.attempts, row.last_error, row.created_at, row.finished_at)
        for row in rows
    )


def health(actor: Actor, *, now: datetime) -> Health | None:
    """Queues, dead letters and living workers; None for those who may not see it."""
    if not may_see_dead_letters(actor):
        return None
    due = Wakeup.objects.filter(state=WakeupState.WAITING, run_at__lte=now).values("queue")
    waiting = due.annotate(waiting=Count("id"), oldest=Min("run_at")).order_by("queue")
    return Health(
        tuple(QueueHealth(each["queue"], each["waiting"], each["oldest"]) for each in waiting),
        Wakeup.objects.filter(state=WakeupState.DEAD).count(),
        WorkerRow.objects.filter(stopped_at__isnull=True, seen_at__gte=now - SILENT_AFTER).count(),
    )
