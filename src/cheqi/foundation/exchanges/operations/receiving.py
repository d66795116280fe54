"""A push from outside: authenticated, kept once, applied to the exchange that it answers.

Pushes come twice and out of order. The id is unique, so a second one changes nothing; one that was
overtaken is kept as STALE; one about a key that we never sent is kept as UNMATCHED and acknowledged, so
that its sender stops.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cheqi import ports
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.exchanges.choices import ExchangeState, PushOutcome
from cheqi.foundation.exchanges.models import Exchange, Push
from cheqi.foundation.exchanges.operations.recording import take_answer, take_correction
from cheqi.foundation.exchanges.outside import PUSH_READERS, from_bytes
from cheqi.foundation.exchanges.registry import PUSH_TAKERS, Operation, operation_of
from cheqi.ports.pushes import PushRefused


def receive(source: str, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Push | Refused:
    """Takes one push; the same row again for a repeat. Refused when it is not theirs or not readable."""
    if source not in PUSH_READERS:
        return refuse(RefusalKind.NOT_FOUND, "push.source", Text("没有这个来源", "No such source"))
    try:
        push = ports.get(PUSH_READERS[source]).read(headers=headers, body=body, now=now)
    except PushRefused as refused:
        message = Text("推送未通过校验", "The push was not accepted")
        return refuse(RefusalKind.NOT_ALLOWED, "push.signature", message, code=refused.code)
    with transaction.atomic():
        kept, is_new = Push.objects.get_or_create(
            source=source,
            push_id=push.push_id,
            defaults={"key": push.key, "outcome": PushOutcome.UNMATCHED, "received_at": now},
        )
        if is_new:
            kept.outcome = _apply(source, push.key, push.answer, now=now)
            kept.save(update_fields=["outcome"])
    return kept


def _apply(source: str, key: str, answer: Any, *, now: datetime) -> PushOutcome:
    if taker := PUSH_TAKERS.get(source):
        return taker(key, answer, now=now)
    row = Exchange.objects.select_for_update().filter(key=key, port=source).first()
    if row is None:
        return PushOutcome.UNMATCHED
    operation = operation_of(row.port, row.operation)
    if not isinstance(answer, operation.answer):
        return PushOutcome.UNMATCHED
    if not _is_news(row, operation, answer):
        return PushOutcome.STALE
    if row.state == ExchangeState.DONE:
        take_correction(row, operation, answer, now=now)
        row.save()
        return PushOutcome.CORRECTION
    row.died_in = ""
    take_answer(row, operation, answer, now=now)
    row.save()
    return PushOutcome.APPLIED


def _is_news(row: Exchange, operation: Operation, answer: Any) -> bool:
    """Whether the push says more than we know."""
    if row.state == ExchangeState.FAILED:
        return False
    if row.answer is None:
        return True
    known = from_bytes(row.answer, operation.answer)
    return bool(operation.progress(answer) > operation.progress(known))
