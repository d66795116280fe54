"""A worker's hold on a wake-up: claimed for a lease, then finished, failed or given back.

A claim is known by its worker and its attempt number. Whoever lost the lease has lost the claim: what
it says afterwards changes nothing, and it is told so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, F, PositiveIntegerField, Q, QuerySet, Value, When

from cheqi.foundation.jobs.choices import WakeupState
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.registry import TASKS, Wake

_LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """One wake-up held by one worker until `lease_until`."""

    id: int
    owner: str
    lease_until: datetime
    wake: Wake


def claim(*, owner: str, queues: Sequence[str], limit: int, now: datetime) -> list[Claim]:
    """Takes up to `limit` due wake-ups, the longest due first. No two workers get the same one."""
    due = Wakeup.objects.filter(state=WakeupState.WAITING, queue__in=queues, run_at__lte=now, task__in=TASKS)
    due = due.order_by("run_at", "id")
    if not due.exists():
        return []
    with transaction.atomic():
        rows = list(_unheld(due)[:limit])
        for row in rows:
            row.state, row.lease_owner = WakeupState.RUNNING, owner
            row.attempts += 1
            row.lease_until = now + TASKS[row.task].lease
        Wakeup.objects.bulk_update(rows, ["state", "lease_owner", "attempts", "lease_until"])
    return [
        Claim(row.pk, owner, row.lease_until or now, Wake(row.task, row.key, row.data or {}, row.attempts))
        for row in rows
    ]


def finish(held: Claim, *, now: datetime, again_at: datetime | None = None) -> bool:
    """Ends a claim that went well; False when the lease was lost and nothing was changed.

    The row is done, unless the task asked to be woken `again_at` or somebody woke it during the run.
    """
    wanted = Q(again_at__isnull=False)
    next_at: F | Case = F("again_at")
    if again_at is not None:
        wanted = Q(pk__isnull=False)
        next_at = Case(
            When(again_at__isnull=False, again_at__lt=again_at, then=F("again_at")),
            default=Value(again_at),
            output_field=DateTimeField(),
        )
    return _release(
        held,
        state=Case(When(wanted, then=Value(WakeupState.WAITING)), default=Value(WakeupState.DONE)),
        run_at=Case(When(wanted, then=next_at), default=F("run_at"), output_field=DateTimeField()),
        attempts=Case(
            When(wanted, then=Value(0)), default=F("attempts"), output_field=PositiveIntegerField()
        ),
        finished_at=Value(now),
        last_error=Value(""),
    )


def fail(held: Claim, *, now: datetime, error: str, jitter: float) -> bool:
    """Ends a claim that went wrong: tried again after the task's back-off, or dead after its last attempt.

    False when the lease was lost and nothing was changed. A wake-up that came during the run is a new
    cause, and gets attempts of its own.
    """
    definition = TASKS[held.wake.task]
    attempt = held.wake.attempt
    told = error.replace("\x00", "")[:_LONGEST_ERROR]
    if attempt < definition.max_attempts:
        run_at = now + definition.backoff.delay(attempt, jitter)
        return _release(held, state=WakeupState.WAITING, run_at=run_at, last_error=told)
    woken = Q(again_at__isnull=False)
    return _release(
        held,
        state=Case(When(woken, then=Value(WakeupState.WAITING)), default=Value(WakeupState.DEAD)),
        run_at=Case(When(woken, then=F("again_at")), default=F("run_at"), output_field=DateTimeField()),
        attempts=Case(When(woken, then=Value(0)), default=F("attempts"), output_field=PositiveIntegerField()),
        finished_at=now,
        last_error=told,
    )


def give_back(held: Claim, *, now: datetime) -> bool:
    """Ends a claim that was not run, as if it had not been taken: a worker is stopping."""
    return _release(held, state=WakeupState.WAITING, run_at=now, attempts=F("attempts") - 1)


def release_expired(*, now: datetime, jitter: float) -> int:
    """Counts a lost lease as a failed attempt: its worker vanished. Returns how many there were."""
    lost = Wakeup.objects.filter(state=WakeupState.RUNNING, lease_until__lt=now, task__in=TASKS)
    released = 0
    for row in lost.order_by("id"):
        held = Claim(
            row.pk,
            row.lease_owner or "",
            row.lease_until or now,
            Wake(row.task, row.key, row.data or {}, row.attempts),
        )
        gone = f"执行进程 {held.owner} 没有在期限内答复 · the worker {held.owner} did not answer in time"
        released += fail(held, now=now, error=gone, jitter=jitter)
    return released


def _unheld(due: QuerySet[Wakeup]) -> QuerySet[Wakeup]:
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True)
    return due


def _release(held: Claim, **values: object) -> bool:
    mine = Wakeup.objects.filter(
        pk=held.id, state=WakeupState.RUNNING, lease_owner=held.owner, attempts=held.wake.attempt
    )
    return bool(mine.update(lease_owner=None, lease_until=None, again_at=None, **values))
