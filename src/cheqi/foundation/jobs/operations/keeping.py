"""The worker's own rows: its heartbeat, whose turn a sweep is, and forgetting old successes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cheqi.foundation.jobs.choices import WakeupState
from cheqi.foundation.jobs.models import SweepRow, Wakeup, WorkerRow

KEPT_AFTER_SUCCESS = timedelta(days=7)


def beat(name: str, *, queues: Sequence[str], started_at: datetime, now: datetime) -> None:
    """Says that the worker is alive."""
    WorkerRow.objects.update_or_create(
        name=name, defaults={"started_at": started_at, "seen_at": now, "queues": list(queues)}
    )


def bow_out(name: str, *, now: datetime) -> None:
    """Says that the worker stopped by itself."""
    WorkerRow.objects.filter(name=name).update(seen_at=now, stopped_at=now)


def take_turn(name: str, *, every: timedelta, now: datetime) -> bool:
    """Whether the sweep is due and this caller is the one to run it; then nobody else is for a while."""
    last = SweepRow.objects.filter(name=name).values_list("last_run_at", flat=True).first()
    if last is None:
        _, first = SweepRow.objects.get_or_create(name=name, defaults={"last_run_at": now})
        return first
    if last + every > now:
        return False
    return bool(SweepRow.objects.filter(name=name, last_run_at=last).update(last_run_at=now))


def note_sweep(name: str, *, error: str) -> None:
    """Keeps how the last run went; empty when it went well."""
    SweepRow.objects.filter(name=name).exclude(last_error=error).update(last_error=error)


def forget_successes(*, now: datetime) -> int:
    """Deletes wake-ups that were done a week ago; the domain rows and the log tell what they did."""
    old = Wakeup.objects.filter(state=WakeupState.DONE, finished_at__lt=now - KEPT_AFTER_SUCCESS)
    return old.delete()[0]
