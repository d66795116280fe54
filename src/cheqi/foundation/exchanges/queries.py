"""What people see of the talk with outside systems: what gave up, and how each system is doing."""

from dataclasses import dataclass
from datetime import datetime

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.foundation.exchanges.choices import CircuitState, ExchangeState
from cheqi.foundation.exchanges.models import Circuit, Exchange

ROLES = ("admin", "operations_manager")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An exchange that gave up. `is_outcome_known` is False when it may have been carried out."""

    id: int
    port: str
    operation: str
    key: str
    case_id: int | None
    attempts: int
    code: str
    reason: str
    is_outcome_known: bool
    died_at: datetime | None


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """How one outside system is doing. `retry_at` is set while nobody calls it."""

    port: str
    state: CircuitState
    failures: int
    retry_at: datetime | None


def may_see(actor: Actor) -> bool:
    """Dead letters are of all branches: who sees everything or runs operations may."""
    return actor.scope.everything or may_handle(actor)


def may_handle(actor: Actor) -> bool:
    """Trying again has outside effects: the system, administrators and operations managers may."""
    return actor.kind is ActorKind.SYSTEM or (actor.is_staff and actor.has_role(*ROLES))


def dead_letters(actor: Actor, *, limit: int = 200) -> tuple[DeadLetter, ...]:
    """What gave up, the newest first; nothing for those who may not see it. One statement."""
    if not may_see(actor):
        return ()
    rows = Exchange.objects.filter(state=ExchangeState.DEAD).defer("payload", "answer")
    return tuple(
        DeadLetter(
            row.pk,
            row.port,
            row.operation,
            row.key,
            row.case_id,
            row.attempts,
            row.code,
            row.reason,
            row.died_in == ExchangeState.WAITING,
            row.finished_at,
        )
        for row in rows.order_by("-finished_at", "-id")[:limit]
    )


def systems(actor: Actor) -> tuple[SystemHealth, ...]:
    """Every outside system that ever failed, by name; nothing for those who may not see it."""
    if not may_see(actor):
        return ()
    return tuple(
        SystemHealth(row.port, CircuitState(row.state), row.failures, row.retry_at)
        for row in Circuit.objects.order_by("port")
    )
