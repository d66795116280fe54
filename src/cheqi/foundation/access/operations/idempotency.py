"""The same request twice is carried out once: the caller's key, what was asked, and the answer.

    answer = idempotent(actor=actor, key=header, fingerprint=fingerprint("POST", path, body), now=now, run=…)

| the key is …                                    | answer                          |
|-------------------------------------------------|---------------------------------|
| new                                             | `run()`, kept with its effects  |
| known, same request, answered                   | the kept answer                 |
| known, another request                          | refused as INVALID (422)        |
| known, same request, still running              | refused as NOT_NOW (409)        |
| known, same request, its process died (60 s)    | `run()`: its effects were rolled back |

`run` works in the transaction in which the answer is kept, so there is never one without the other.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.models import IdempotencyKey

HELD_FOR = timedelta(seconds=60)
KEPT_FOR = timedelta(hours=48)
MAX_KEY_CHARS = 80
_TRY_AGAIN = frozenset({409, 429})


class LostTheKey(RuntimeError):
    """The request took longer than its key was held and another took over; its effects are undone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and the body as text. `is_replayed` says that it was carried out before."""

    status: int
    body: str
    is_replayed: bool = False


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same: method, path and every byte of the body."""
    return hashlib.sha256(b"\0".join((method.upper().encode(), path.encode(), body))).hexdigest()


def idempotent(
    *, actor: Actor, key: str, fingerprint: str, now: datetime, run: Callable[[], Answer]
) -> Answer | Refused:
    """Carries `run` out once for this actor and key, as the table above says.

    An answer that asks to try again (409, 429, 5xx) is given but not kept. When `run` raises, nothing is
    kept and the error goes on. Raises LostTheKey; RuntimeError inside a transaction, since others must see
    the key at once.
    """
    if not 1 <= len(key) <= MAX_KEY_CHARS:
        message = Text("幂等键须为 1–80 个字符", "An idempotency key has 1 to 80 characters")
        return refuse(RefusalKind.INVALID, "access.idempotency.key", message)
    claimed = _claim(actor, key, fingerprint, now)
    if not isinstance(claimed, UUID):
        return claimed
    try:
        return _carry_out(actor, key, claimed, run)
    except BaseException:
        _mine(actor, key, claimed).delete()
        raise


def forget_old_keys(now: datetime) -> int:
    """Deletes answers older than two days; for a nightly wake-up. Returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


def _claim(actor: Actor, key: str, fingerprint: str, now: datetime) -> UUID | Answer | Refused:
    """Holds the key for us, visibly to others at once; or says what became of it."""
    holder = uuid4()
    with transaction.atomic(durable=True):
        row, is_new = IdempotencyKey.objects.get_or_create(
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            key=key,
            defaults={
                "fingerprint": fingerprint,
                "holder": holder,
                "held_until": now + HELD_FOR,
                "created_at": now,
            },
        )
        if is_new:
            return holder
        row = IdempotencyKey.objects.select_for_update().get(pk=row.pk)
        if row.fingerprint != fingerprint:
            message = Text(
                "该幂等键已用于另一请求，请换一个", "This key was used for another request: take a new one"
            )
            return refuse(RefusalKind.INVALID, "access.idempotency.reused", message)
        if row.status is not None:
            return Answer(row.status, row.body, is_replayed=True)
        if row.held_until > now:
            message = Text(
                "同一请求正在处理，请稍后再试", "The same request is being carried out: try again soon"
            )
            return refuse(RefusalKind.NOT_NOW, "access.idempotency.running", message)
        row.holder, row.held_until = holder, now + HELD_FOR
        row.save(update_fields=["holder", "held_until"])
        return holder


def _carry_out(actor: Actor, key: str, holder: UUID, run: Callable[[], Answer]) -> Answer:
    with transaction.atomic():
        answer = run()
        row = _mine(actor, key, holder).select_for_update().first()
        if row is None:
            raise LostTheKey(f"the key was held for {HELD_FOR} and then taken over")
        if answer.status in _TRY_AGAIN or answer.status >= 500:
            row.delete()
        else:
            row.status, row.body = answer.status, answer.body
            row.save(update_fields=["status", "body"])
    return answer


def _mine(actor: Actor, key: str, holder: UUID) -> QuerySet[IdempotencyKey]:
    """The row of this key while we hold it."""
    return IdempotencyKey.objects.filter(
        actor_kind=actor.kind.value, actor_id=actor.id, key=key, holder=holder
    )
