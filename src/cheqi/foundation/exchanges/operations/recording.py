"""What an answer changes: the row, the area's own rows, the log. Always inside the caller's transaction."""

from datetime import datetime
from typing import Any

from cheqi.core.base.actors import SYSTEM
from cheqi.core.events.outside import ExchangeAnswered
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.exchanges.choices import ExchangeState
from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.outside import from_bytes, to_bytes
from cheqi.foundation.exchanges.registry import CORRECTIONS, HANDLERS, Answer, Declined, Operation


def take_answer(
    row: Exchange, operation: Operation, answer: Any, *, now: datetime, jitter: float = 0.0
) -> None:
    """The other side said where it stands: final, or accepted and to be asked again later. Does not save."""
    answer = _newest(row, operation, answer)
    row.answer = to_bytes(answer)
    row.failures, row.code, row.reason = 0, "", ""
    if not operation.is_final(answer):
        row.state = ExchangeState.SENT
        row.next_try_at = now + operation.poll.delay(row.attempts, jitter)
        return
    row.state, row.next_try_at, row.finished_at = ExchangeState.DONE, None, now
    _tell(row, operation, answer, None, now=now)


def take_refusal(row: Exchange, operation: Operation, *, code: str, reason: str, now: datetime) -> None:
    """The other side will not do it. Does not save."""
    row.state, row.next_try_at, row.finished_at = ExchangeState.FAILED, None, now
    row.code, row.reason = code, reason
    _tell(row, operation, None, Declined(code, reason), now=now)


def take_correction(row: Exchange, operation: Operation, answer: Any, *, now: datetime) -> None:
    """A final answer is replaced by a newer one: who registered for corrections is told. Does not save."""
    row.answer = to_bytes(answer)
    if handler := CORRECTIONS.get(operation.full_name):
        handler(_answer(row, operation, answer, None, is_correction=True), now=now)
    _log(row, "CORRECTED", now=now)


def _newest(row: Exchange, operation: Operation, answer: Any) -> Any:
    """The answer, unless a push told us of something later while it was on its way."""
    if row.answer is None:
        return answer
    known = from_bytes(row.answer, operation.answer)
    return known if operation.progress(known) > operation.progress(answer) else answer


def _tell(
    row: Exchange, operation: Operation, result: Any, declined: Declined | None, *, now: datetime
) -> None:
    if handler := HANDLERS.get(operation.full_name):
        handler(_answer(row, operation, result, declined), now=now)
    _log(row, row.state, now=now)


def _answer(
    row: Exchange,
    operation: Operation,
    result: Any,
    declined: Declined | None,
    *,
    is_correction: bool = False,
) -> Answer:
    request = from_bytes(row.payload, operation.request)
    return Answer(
        row.pk, row.key, row.port, row.operation, row.case_id, request, result, declined, is_correction
    )


def _log(row: Exchange, outcome: str, *, now: datetime) -> None:
    event = ExchangeAnswered(port=row.port, operation=row.operation, outcome=outcome, code=row.code)
    record(event, actor=SYSTEM, now=now, case_id=row.case_id)
