"""Showing a personal value in clear, with the reason on record before anybody sees it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import Unmasked
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.privacy.fields import SealedTextField
from cheqi.foundation.privacy.models import Sealed, Unmasking
from cheqi.foundation.staff.roles import Permission, may

MIN_REASON_CHARS = 4
MAX_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """What is seen in clear: a field of a row, and the case and person it is about."""

    table: str
    field: str
    row_seal: uuid.UUID
    case_id: int | None = None
    party_id: int | None = None


def unmask(
    row: Sealed,
    field: str,
    *,
    actor: Actor,
    reason: str,
    now: datetime,
    case_id: int | None = None,
    party_id: int | None = None,
) -> str | Refused:
    """The value of a sealed field in clear; a row and an event say who saw it and why.

    The caller found `row` by a query in the actor's scope. Refused without a role that allows it or
    without a reason. Raises TypeError for a field that is not sealed, UnableToUnseal for a value that
    does not open; then nothing is on record, since nothing was seen.
    """
    if not isinstance(row._meta.get_field(field), SealedTextField):
        raise TypeError(f"{row._meta.label}.{field} is not a sealed text")
    given = _reason(actor, reason)
    if isinstance(given, Refused):
        return given
    value = str(getattr(row, field))
    opened = Opened(row._meta.db_table, field, row.row_seal, case_id, party_id)
    _put_on_record(opened, actor, given, now)
    return value


def unmask_original(opened: Opened, *, actor: Actor, reason: str, now: datetime) -> Opened | Refused:
    """Puts on record who opens an original, and why; the original is then open to them for a while.

    The caller found it by a query in the actor's scope. Refused as `unmask` is.
    """
    given = _reason(actor, reason)
    if isinstance(given, Refused):
        return given
    _put_on_record(opened, actor, given, now)
    return opened


def _reason(actor: Actor, reason: str) -> str | Refused:
    """The reason as it is kept, from somebody who may see values in clear."""
    if not may(actor, Permission.UNMASK):
        message = Text("您的角色不能查看完整信息", "Your role does not allow seeing this in clear")
        return refuse(RefusalKind.NOT_ALLOWED, "privacy.unmask.role", message)
    reason = reason.strip()
    if not MIN_REASON_CHARS <= len(reason) <= MAX_REASON_CHARS:
        message = Text(
            f"请填写查看理由（{MIN_REASON_CHARS}–{MAX_REASON_CHARS} 字）",
            f"Give the reason in {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters",
        )
        return refuse(RefusalKind.INVALID, "privacy.unmask.reason", message)
    return reason


def _put_on_record(opened: Opened, actor: Actor, reason: str, now: datetime) -> None:
    table, field, seal = opened.table, opened.field, opened.row_seal
    with transaction.atomic():
        Unmasking.objects.create(
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            actor_name=actor.name,
            table=table,
            field=field,
            row_seal=seal,
            reason=reason,
            at=now,
        )
        event = Unmasked(table=table, field=field, row_seal=str(seal), reason=reason)
        record(event, actor=actor, now=now, case_id=opened.case_id, party_id=opened.party_id)
