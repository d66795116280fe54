"""The wish to ask an outside system, written with its cause.

>>> with transaction.atomic():                                             # doctest: +SKIP
...     disbursement.save()
...     ask("payments", "pay_out", key=instruction.key, payload=instruction, now=now, case_id=case.pk)
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from cheqi.foundation.exchanges.models import Exchange
from cheqi.foundation.exchanges.outside import to_bytes
from cheqi.foundation.exchanges.registry import operation_of
from cheqi.foundation.jobs.operations import wake

TASK = "exchanges.drive"


class KeyBelongsToAnother(ValueError):
    """The key was used for another request: a mistake of the caller, never sent."""


def ask(
    port: str, operation: str, *, key: str, payload: Any, now: datetime, case_id: int | None = None
) -> Exchange:
    """Keeps the request and wakes a worker, in the caller's transaction.

    `payload` is the port's own DTO and carries the same key. Asking again under the same key gives the
    exchange that exists. Raises UnknownOperation, KeyBelongsToAnother, TypeError for another DTO.
    """
    known = operation_of(port, operation)
    if type(payload) is not known.request:
        raise TypeError(f"{known.full_name} takes {known.request.__name__}, not {type(payload).__name__}")
    request: Any = payload
    if request.key != key:
        raise KeyBelongsToAnother(f"the request says {request.key}, the exchange {key}")
    content = to_bytes(payload)
    with transaction.atomic():
        made, is_new = Exchange.objects.get_or_create(
            key=key,
            defaults={
                "port": port,
                "operation": operation,
                "case_id": case_id,
                "payload": content,
                "next_try_at": now,
                "created_at": now,
            },
        )
        if is_new:
            wake(TASK, str(made.pk), now=now)
        elif (made.port, made.operation, made.payload) != (port, operation, content):
            raise KeyBelongsToAnother(f"{key} was already used for another {made.port}.{made.operation}")
    return made
