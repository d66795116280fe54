"""A fuse for each outside system, kept in rows so that all workers share it.

After five failures in a row nobody calls for 30 seconds; then one call tries. If it fails too, the wait
doubles, up to ten minutes; if it works, everybody calls again. A refusal is no failure: the system lives.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cheqi.foundation.exchanges.choices import CircuitState
from cheqi.foundation.exchanges.models import Circuit

THRESHOLD = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)
PROBE_PATIENCE = timedelta(minutes=2)


def may_call(port: str, *, now: datetime) -> datetime | None:
    """None when a call may be made; else the moment to come back at.

    When the wait is over, exactly one caller gets through and tries for all.
    """
    circuit = Circuit.objects.filter(pk=port).first()
    if circuit is None or circuit.state == CircuitState.CLOSED or circuit.retry_at is None:
        return None
    if circuit.retry_at > now:
        return circuit.retry_at
    due = Circuit.objects.filter(pk=port, retry_at=circuit.retry_at).exclude(state=CircuitState.CLOSED)
    probing = now + PROBE_PATIENCE
    won = due.update(state=CircuitState.HALF_OPEN, retry_at=probing, changed_at=now)
    return None if won else probing


def note_success(port: str, *, now: datetime) -> None:
    """The system answered."""
    troubled = Circuit.objects.filter(pk=port).filter(
        ~Q(state=CircuitState.CLOSED) | Q(failures__gt=0) | Q(opened__gt=0)
    )
    troubled.update(state=CircuitState.CLOSED, failures=0, opened=0, retry_at=None, changed_at=now)


def note_failure(port: str, *, now: datetime) -> None:
    """The system could not be reached or did not answer; opens the circuit when that happens too often."""
    with transaction.atomic():
        Circuit.objects.get_or_create(pk=port, defaults={"changed_at": now})
        circuit = Circuit.objects.select_for_update().get(pk=port)
        circuit.failures += 1
        tried = circuit.state == CircuitState.HALF_OPEN
        if tried or (circuit.state == CircuitState.CLOSED and circuit.failures >= THRESHOLD):
            doubled: int = 2 ** min(circuit.opened, 20)
            circuit.state, circuit.changed_at = CircuitState.OPEN, now
            circuit.retry_at = now + min(FIRST_WAIT * doubled, LONGEST_WAIT)
            circuit.opened += 1
        circuit.save()
