"""API clients: who may call, with which scopes, for which branches; and their keys.

A key is shown once, as `ck_<id>_<secret>`; only its SHA-256 is kept (the secret has 256 bits of its own, so
a slow hash would add nothing but time to every request).
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import ClientAdded, ClientKeyIssued, ClientSuspended
from cheqi.foundation.access.models import ApiClient, ApiKey
from cheqi.foundation.access.queries import forget_kept_keys
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.roles import Permission, may

OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key, shown to a person once."""

    client_id: str
    key_id: str
    key: str = field(repr=False)


def add_client(
    *,
    name: str,
    scopes: Collection[str],
    branch_ids: Collection[int],
    actor: Actor,
    now: datetime,
    per_minute: int = 600,
) -> IssuedKey | Refused:
    """A program that may use the API, and its first key."""
    if (refused := _not_a_manager(actor)) is not None:
        return refused
    with transaction.atomic():
        client = ApiClient.objects.create(
            public_id=secrets.token_hex(4),
            name=name,
            scopes=sorted(scopes),
            branch_ids=sorted(branch_ids),
            per_minute=per_minute,
            created_at=now,
        )
        event = ClientAdded(
            client=client.public_id,
            name=name,
            scopes=tuple(client.scopes),
            branch_ids=tuple(client.branch_ids),
        )
        record(event, actor=actor, now=now)
        return _issue(client, actor, now)


def rotate_key(
    client_id: str, *, actor: Actor, now: datetime, overlap: timedelta = OVERLAP
) -> IssuedKey | Refused:
    """A new key; the old ones end after `overlap` (none: at once), so the client changes over in peace."""
    if (refused := _not_a_manager(actor)) is not None:
        return refused
    with transaction.atomic():
        client = ApiClient.objects.select_for_update().filter(public_id=client_id).first()
        if client is None:
            return _unknown()
        live = ApiKey.objects.filter(client=client)
        live.filter(ends_at=None).update(ends_at=now + overlap)
        live.filter(ends_at__gt=now + overlap).update(ends_at=now + overlap)
        issued = _issue(client, actor, now)
    forget_kept_keys()
    return issued


def suspend_client(client_id: str, *, actor: Actor, now: datetime) -> ApiClient | Refused:
    """None of the client's keys opens anything from now on."""
    if (refused := _not_a_manager(actor)) is not None:
        return refused
    with transaction.atomic():
        client = ApiClient.objects.select_for_update().filter(public_id=client_id).first()
        if client is None:
            return _unknown()
        client.is_active = False
        client.save(update_fields=["is_active"])
        record(ClientSuspended(client=client_id), actor=actor, now=now)
    forget_kept_keys()
    return client


def _issue(client: ApiClient, actor: Actor, now: datetime) -> IssuedKey:
    key_id = secrets.token_hex(6)
    key = f"ck_{key_id}_{secrets.token_urlsafe(32)}"
    ApiKey.objects.create(
        client=client, key_id=key_id, digest=hashlib.sha256(key.encode()).hexdigest(), issued_at=now
    )
    record(ClientKeyIssued(client=client.public_id, key_id=key_id), actor=actor, now=now)
    return IssuedKey(client.public_id, key_id, key)


def _not_a_manager(actor: Actor) -> Refused | None:
    if may(actor, Permission.MANAGE_CLIENTS):
        return None
    message = Text("仅系统管理员可管理接口客户", "Only administrators manage API clients")
    return refuse(RefusalKind.NOT_ALLOWED, "access.clients", message)


def _unknown() -> Refused:
    return refuse(RefusalKind.NOT_FOUND, "access.client", Text("没有这个接口客户", "There is no such client"))
