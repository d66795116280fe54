"""Who comes in: customers by session, programs by key.

The look-up of a key is on the hot path of the API: one statement, and none while the answer of the last
seconds is kept in the process. A key that was revoked elsewhere stops within `KEPT_FOR`.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cheqi.core.base.actors import Actor, ActorKind, Scope
from cheqi.foundation.access.models import ApiKey, CustomerSession, OneTimeCode, Purpose

KEPT_FOR = timedelta(seconds=10)
MAX_KEPT = 1024
_PREFIX = "ck_"


@dataclass(frozen=True, slots=True)
class Client:
    """An API client as its key opens it. `actor.roles` are its scopes."""

    actor: Actor
    per_minute: int
    ends_at: datetime | None


_kept: dict[bytes, tuple[datetime, Client]] = {}


def actor_for_session(session_id: int, now: datetime) -> Actor | None:
    """The customer of a live session; nobody once it expired or was revoked."""
    session = CustomerSession.objects.filter(pk=session_id, revoked_at=None, expires_at__gt=now).first()
    return actor_of_session(session) if session else None


def actor_of_session(session: CustomerSession) -> Actor:
    """A log-in sees the own party; a tracker sees its one case and nothing else of the party."""
    if session.purpose == Purpose.TRACKER:
        scope = Scope(case_ids=frozenset(() if session.case_id is None else (session.case_id,)))
        return Actor(ActorKind.CUSTOMER, str(session.party_id), "", scope=scope)
    return Actor(
        ActorKind.CUSTOMER, str(session.party_id), session.name, scope=Scope(party_id=session.party_id)
    )


def pending_challenge(party_id: int, subject: str, now: datetime) -> UUID | None:
    """The newest code of an act that went to a person and can still be given; None where there is none."""
    codes = OneTimeCode.objects.filter(party_id=party_id, subject=subject, expires_at__gt=now, spent_at=None)
    return codes.order_by("-pk").values_list("challenge", flat=True).first()


def client_for_key(key: str, now: datetime) -> Client | None:
    """The client of `ck_<id>_<secret>`, or None for a key that is wrong, ended or suspended."""
    digest = hashlib.sha256(key.encode()).digest()
    kept = _kept.get(digest)
    if kept is not None and now - kept[0] < KEPT_FOR and _counts(kept[1], now):
        return kept[1]
    client = _looked_up(key, digest, now)
    if client is not None:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[digest] = (now, client)
    return client


def actor_for_key(key: str, now: datetime) -> Actor | None:
    """The actor of `client_for_key`."""
    client = client_for_key(key, now)
    return client.actor if client else None


def forget_kept_keys() -> None:
    """The next look-up of every key asks the database; called where a key or client changes."""
    _kept.clear()


def _looked_up(key: str, digest: bytes, now: datetime) -> Client | None:
    key_id, _, secret = key.removeprefix(_PREFIX).partition("_")
    if not (key.startswith(_PREFIX) and key_id and secret):
        return None
    row = ApiKey.objects.select_related("client").filter(key_id=key_id).first()
    if row is None or not hmac.compare_digest(row.digest, digest.hex()) or not row.client.is_active:
        return None
    client = row.client
    actor = Actor(
        ActorKind.CLIENT,
        client.public_id,
        client.name,
        frozenset(client.scopes),
        Scope(branch_ids=frozenset(client.branch_ids)),
    )
    found = Client(actor, client.per_minute, row.ends_at)
    return found if _counts(found, now) else None


def _counts(client: Client, now: datetime) -> bool:
    return client.ends_at is None or client.ends_at > now
