"""Webhooks going out: one row a message and endpoint, signed, at least once, in order within a case.

The receiver checks `Cheqi-Signature: t=<seconds>,v1=<hex>`, where v1 is HMAC-SHA256 of `<t>.<body>` under the
endpoint's secret, and knows a repetition by `Cheqi-Delivery`. A message that is not taken (any status but
2xx) holds back the later ones of its case and is tried again with growing pauses for about a day; then it
is dead, people see it, and the later ones go on.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from cheqi import ports
from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.addresses import is_outside
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.access.models import ApiClient, WebhookDelivery, WebhookEndpoint
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.staff.roles import Permission, may
from cheqi.ports.webhooks import UnableToPost, WebhookPost, WebhookPoster

TASK = "access.deliver_webhooks"
MAX_ATTEMPTS = 12
MAX_A_WAKE = 20
MAX_ENDPOINTS = 10
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=4)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint and its secret, which a person sees once."""

    endpoint_id: int
    secret: str = field(repr=False)


def add_endpoint(
    client: ApiClient, *, url: str, event_types: Collection[str], actor: Actor, now: datetime
) -> NewEndpoint | Refused:
    """Where a client is told of these event types: https outside, or this machine while it is only that."""
    if not may(actor, Permission.MANAGE_CLIENTS):
        message = Text("仅系统管理员可管理接口客户", "Only administrators manage API clients")
        return refuse(RefusalKind.NOT_ALLOWED, "access.clients", message)
    return _add(client, url, event_types, now)


def add_own_endpoint(
    client: ApiClient, *, url: str, event_types: Collection[str], actor: Actor, now: datetime
) -> NewEndpoint | Refused:
    """The same by the client itself, for itself: at most ten that are in use."""
    if not _is_self(client, actor):
        message = Text("只能管理自己的回调地址", "A client manages its own webhooks")
        return refuse(RefusalKind.NOT_ALLOWED, "access.clients", message)
    if client.endpoints.filter(is_active=True).count() >= MAX_ENDPOINTS:
        message = Text(
            f"回调地址最多 {MAX_ENDPOINTS} 个，请先停用一个",
            f"At most {MAX_ENDPOINTS} endpoints: end one first",
        )
        return refuse(RefusalKind.NOT_NOW, "access.webhook.count", message)
    return _add(client, url, event_types, now)


def end_own_endpoint(endpoint: WebhookEndpoint, *, actor: Actor) -> None:
    """The client ends an endpoint of its own. Raises ValueError for another's."""
    if not _is_self(endpoint.client, actor):
        raise ValueError(f"endpoint {endpoint.pk} is not of client {actor.id}")
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False)


def _is_self(client: ApiClient, actor: Actor) -> bool:
    return actor.kind is ActorKind.CLIENT and actor.id == client.public_id


def _add(client: ApiClient, url: str, event_types: Collection[str], now: datetime) -> NewEndpoint | Refused:
    try:
        parts = urlsplit(url)
    except ValueError:  # a host in brackets that is no address
        parts = urlsplit("")
    host, is_at_home = parts.hostname or "", urlsplit(settings.PUBLIC_URL).hostname in _LOOPBACK
    is_safe = parts.scheme == "https" and not _is_inside(host)
    if not (is_safe or (is_at_home and host in _LOOPBACK)) or not host or parts.username:
        message = Text("回调地址须为公网的 https 地址", "A webhook goes to an https address outside")
        return refuse(RefusalKind.INVALID, "access.webhook.url", message)
    endpoint = WebhookEndpoint.objects.create(
        client=client,
        url=url,
        secret=f"whsec_{secrets.token_urlsafe(32)}",
        event_types=sorted(event_types),
        created_at=now,
    )
    return NewEndpoint(endpoint.pk, endpoint.secret)


def _is_inside(host: str) -> bool:
    """Whether a host is this machine or an address of a private network: partners do not send us there."""
    try:
        return not is_outside(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def tell(
    event_type: str,
    body: Mapping[str, object],
    *,
    branch_id: int,
    key: str,
    now: datetime,
    case_id: int | None = None,
) -> int:
    """Writes a delivery to every endpoint that wants this type and whose client sees this branch.

    Call it in the transaction of the cause; the same `key` tells an endpoint once. Returns how many.
    """
    endpoints = WebhookEndpoint.objects.filter(is_active=True, client__is_active=True)
    wanting = [
        endpoint
        for endpoint in endpoints.select_related("client").order_by("pk")
        if event_type in endpoint.event_types and branch_id in endpoint.client.branch_ids
    ]
    with transaction.atomic():
        return sum(
            tell_endpoint(endpoint, event_type, body, key=key, now=now, case_id=case_id)
            for endpoint in wanting
        )


def tell_endpoint(
    endpoint: WebhookEndpoint,
    event_type: str,
    body: Mapping[str, object],
    *,
    key: str,
    now: datetime,
    case_id: int | None = None,
) -> bool:
    """Writes a delivery to one endpoint, whatever it wants; whether it was new under this key."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    with transaction.atomic():
        _, is_new = WebhookDelivery.objects.get_or_create(
            endpoint=endpoint,
            key=key,
            defaults={
                "event_type": event_type,
                "case_id": case_id,
                "body": text,
                "due_at": now,
                "created_at": now,
            },
        )
        wake(TASK, _lane(endpoint.pk, case_id), now=now)
    return is_new


def deliver(lane: str, *, now: datetime) -> datetime | None:
    """Sends what waits for one endpoint and case, oldest first, until one is not taken.

    Returns when to come back, None when nothing waits. The wake-up of a lane runs once at a time, so
    order holds; a process that dies after a post repeats it under the same id.
    """
    endpoint_id, _, case = lane.partition(":")
    waiting = WebhookDelivery.objects.filter(
        endpoint_id=int(endpoint_id),
        case_id=int(case) if case else None,
        state=WebhookDelivery.State.WAITING,
    )
    for delivery in waiting.select_related("endpoint").order_by("pk")[:MAX_A_WAKE]:
        if delivery.due_at > now:
            return delivery.due_at
        again_at = _send(delivery, now)
        if again_at is not None:
            return again_at
    return now if waiting.exists() else None


def send_again(delivery_id: int, *, actor: Actor, now: datetime) -> WebhookDelivery | Refused:
    """A person has a dead delivery tried again."""
    if not may(actor, Permission.MANAGE_CLIENTS):
        message = Text("仅系统管理员可管理接口客户", "Only administrators manage API clients")
        return refuse(RefusalKind.NOT_ALLOWED, "access.clients", message)
    with transaction.atomic():
        delivery = WebhookDelivery.objects.select_for_update().filter(pk=delivery_id).first()
        if delivery is None or delivery.state != WebhookDelivery.State.DEAD:
            message = Text("只有已停止的回调可以重发", "Only a dead delivery is sent again")
            return refuse(RefusalKind.NOT_NOW, "access.webhook.state", message)
        delivery.state, delivery.attempts, delivery.due_at = WebhookDelivery.State.WAITING, 0, now
        delivery.save(update_fields=["state", "attempts", "due_at"])
        wake(TASK, _lane(delivery.endpoint_id, delivery.case_id), now=now)
    return delivery


def signature(secret: str, body: bytes, at: datetime) -> str:
    """The header `Cheqi-Signature` of a body at a time."""
    seconds = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def _send(delivery: WebhookDelivery, now: datetime) -> datetime | None:
    """Posts once and keeps how it went. When to try again, None when there is nothing to try again."""
    body = delivery.body.encode()
    headers = {
        "Cheqi-Delivery": str(delivery.row_seal),
        "Cheqi-Event": delivery.event_type,
        "Cheqi-Signature": signature(delivery.endpoint.secret, body, now),
    }
    status, error = None, ""
    try:
        status = ports.get(WebhookPoster).post(WebhookPost(delivery.endpoint.url, body, headers))
    except UnableToPost as failed:
        error = f"{failed} {failed.trace}"
    delivery.attempts += 1
    delivery.last_status, delivery.last_error = status, error[:200]
    if status is not None and 200 <= status < 300:
        delivery.state, delivery.delivered_at = WebhookDelivery.State.DELIVERED, now
    elif delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = WebhookDelivery.State.DEAD
    else:
        delivery.due_at = now + min(_FIRST_PAUSE * 2 ** (delivery.attempts - 1), _LONGEST_PAUSE)
    delivery.save(update_fields=["attempts", "last_status", "last_error", "state", "delivered_at", "due_at"])
    return delivery.due_at if delivery.state == WebhookDelivery.State.WAITING else None


def _lane(endpoint_id: int, case_id: int | None) -> str:
    return f"{endpoint_id}:{case_id if case_id is not None else ''}"
