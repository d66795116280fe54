"""Takes one exchange a step further: begin, call, record. A process may die in any of the three.

1. *Begin* (committed): an attempt is written, and an instruction makes the row UNKNOWN before it leaves.
2. *Call* (no transaction): the adapter is called once.
3. *Record* (committed): the answer, the new state, and what the area does with it, all or nothing.

Killed after 1, the row is UNKNOWN with a call in flight; once that call's time is over, the outcome is
asked for with the same key. Only when the other side never heard of the key is it sent again.
"""

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cheqi.foundation.exchanges.choices import LIVE, AttemptKind, AttemptOutcome, ExchangeState
from cheqi.foundation.exchanges.models import Attempt, Exchange
from cheqi.foundation.exchanges.operations import circuit
from cheqi.foundation.exchanges.operations.recording import take_answer, take_refusal
from cheqi.foundation.exchanges.outside import from_bytes
from cheqi.foundation.exchanges.registry import Operation, operation_of
from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, OutsideFailure, UnableToReach

logger = logging.getLogger(__name__)

CALL_PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Begun:
    """A call that is about to be made."""

    exchange_id: int
    number: int
    kind: AttemptKind
    operation: Operation
    key: str
    request: Any


@dataclass(frozen=True, slots=True)
class Ended:
    """How the call ended."""

    outcome: AttemptOutcome
    answer: Any = None
    code: str = ""
    reason: str = ""
    trace: str = ""
    retry_after_s: int = 0
    latency_ms: int = 0


def drive(exchange_id: int, *, now: datetime, jitter: float = 0.0) -> datetime | None:
    """One step. Returns when to come back, or None when there is nothing left to do.

    `jitter` in [0, 1) spreads retries. Never raises for what the outside world does.
    """
    begun = _begin(exchange_id, now=now)
    if not isinstance(begun, Begun):
        return begun
    ended = _call(begun)
    try:
        return _record(begun, ended, now=now, jitter=jitter)
    except Exception as error:
        logger.exception("the answer of exchange %s was not taken", exchange_id)
        failed = Ended(AttemptOutcome.NOT_TAKEN, reason=type(error).__name__, latency_ms=ended.latency_ms)
        return _record(begun, failed, now=now, jitter=jitter)


def _begin(exchange_id: int, *, now: datetime) -> Begun | datetime | None:
    with transaction.atomic():
        row = Exchange.objects.select_for_update().filter(pk=exchange_id).first()
        if row is None or row.state not in LIVE or row.next_try_at is None:
            return None
        not_before = max(row.next_try_at, row.in_flight_until or row.next_try_at)
        if not_before > now:
            return not_before
        if wait_until := circuit.may_call(row.port, now=now):
            return wait_until
        operation = operation_of(row.port, row.operation)
        asking = row.state != ExchangeState.WAITING and operation.ask is not None
        if not asking:
            row.state = ExchangeState.UNKNOWN
        Attempt.objects.filter(exchange=row, outcome=AttemptOutcome.RUNNING).update(
            outcome=AttemptOutcome.LOST
        )
        row.attempts += 1
        row.in_flight_until = now + CALL_PATIENCE
        row.save(update_fields=["state", "attempts", "in_flight_until"])
        kind = AttemptKind.ASK if asking else AttemptKind.SEND
        Attempt.objects.create(exchange=row, number=row.attempts, kind=kind, started_at=now)
        request = from_bytes(row.payload, operation.request)
        return Begun(row.pk, row.attempts, kind, operation, row.key, request)


def _call(begun: Begun) -> Ended:
    """Calls the adapter once, outside of any transaction."""
    started = time.perf_counter()
    ended = _outcome(begun)
    return replace(ended, latency_ms=round((time.perf_counter() - started) * 1000))


def _outcome(begun: Begun) -> Ended:
    try:
        if begun.kind == AttemptKind.ASK and begun.operation.ask is not None:
            answer = begun.operation.ask(begun.key)
            found = AttemptOutcome.NOT_FOUND if answer is None else AttemptOutcome.ANSWERED
            return Ended(found, answer)
        return Ended(AttemptOutcome.ANSWERED, begun.operation.send(begun.request))
    except UnableToReach as failure:
        wish = failure.retry_after_s
        return replace(_failed(AttemptOutcome.UNREACHABLE, failure), retry_after_s=wish)
    except DeclinedOutside as failure:
        return _failed(AttemptOutcome.DECLINED, failure)
    except OutcomeUnknown as failure:
        return _failed(AttemptOutcome.UNKNOWN, failure)
    except Exception as error:  # a defect of an adapter: the call may have gone out
        logger.exception("the adapter of %s failed", begun.operation.full_name)
        return Ended(AttemptOutcome.UNKNOWN, code="ADAPTER", reason=type(error).__name__)


def _failed(outcome: AttemptOutcome, failure: OutsideFailure) -> Ended:
    return Ended(outcome, code=failure.code[:60], reason=failure.reason[:300], trace=failure.trace[:300])


def _record(begun: Begun, ended: Ended, *, now: datetime, jitter: float) -> datetime | None:
    with transaction.atomic():
        row = Exchange.objects.select_for_update().get(pk=begun.exchange_id)
        _close_attempt(begun, ended)
        if row.attempts != begun.number:
            return None  # a later attempt took over while this one was silent
        row.in_flight_until = None
        if row.state not in LIVE:
            row.save(update_fields=["in_flight_until"])  # a push was faster
            return None
        _note_health(row.port, ended, now=now)
        if ended.outcome == AttemptOutcome.ANSWERED:
            take_answer(row, begun.operation, ended.answer, now=now, jitter=jitter)
        elif ended.outcome == AttemptOutcome.DECLINED and begun.kind == AttemptKind.SEND:
            take_refusal(row, begun.operation, code=ended.code, reason=ended.reason, now=now)
        elif ended.outcome == AttemptOutcome.NOT_FOUND:
            row.state, row.next_try_at = ExchangeState.WAITING, now
        else:
            _put_off(row, begun, ended, now=now, jitter=jitter)
        row.save()
        return row.next_try_at


def _close_attempt(begun: Begun, ended: Ended) -> None:
    Attempt.objects.filter(exchange_id=begun.exchange_id, number=begun.number).update(
        outcome=ended.outcome,
        code=ended.code,
        reason=ended.reason,
        trace=ended.trace,
        latency_ms=ended.latency_ms,
    )


def _note_health(port: str, ended: Ended, *, now: datetime) -> None:
    if ended.outcome in (AttemptOutcome.UNREACHABLE, AttemptOutcome.UNKNOWN):
        circuit.note_failure(port, now=now)
    else:
        circuit.note_success(port, now=now)


def _put_off(row: Exchange, begun: Begun, ended: Ended, *, now: datetime, jitter: float) -> None:
    """Tries again later, or gives up and waits for a person."""
    row.failures += 1
    row.code, row.reason = ended.code, ended.reason
    if ended.outcome == AttemptOutcome.UNREACHABLE and begun.kind == AttemptKind.SEND:
        row.state = ExchangeState.WAITING  # nothing was carried out
    if row.failures >= begun.operation.max_failures:
        row.died_in, row.state = row.state, ExchangeState.DEAD
        row.next_try_at, row.finished_at = None, now
        return
    delay = begun.operation.backoff.delay(row.failures, jitter)
    row.next_try_at = now + max(delay, timedelta(seconds=ended.retry_after_s))
