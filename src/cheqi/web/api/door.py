"""Who comes in: the key, the rate, the scope; the same for Django's routes and for the hot look-up."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.access.queries import client_for_key
from cheqi.foundation.access.rates import Buckets
from cheqi.web.api.errors import Problem, transport

BUCKETS = Buckets()
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BEARER = "bearer "
_NOT_GRANTED = Text("此密钥没有权限：{scope}", "This key lacks the scope {scope}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that came in, its rate, and what is left of it."""

    actor: Actor
    per_minute: int
    left: int


def come_in(authorization: str, scope: str, now: datetime) -> Caller | Problem:
    """The client behind the header: 401 for no key that counts, 429 over its rate, 403 without scope.

    `scope` may be empty: any client may come in. A call that is refused for its scope counts for the rate.
    """
    key = authorization[len(_BEARER) :].strip() if authorization[: len(_BEARER)].lower() == _BEARER else ""
    client = client_for_key(key, now) if key.isascii() and key else None
    if client is None:
        return transport(401, WWW_Authenticate='Bearer realm="cheqi"')
    wait = BUCKETS.take(client.actor.id, per_minute=client.per_minute, now=now)
    if wait:
        limit = str(client.per_minute)
        return transport(429, Retry_After=str(wait), X_RateLimit_Limit=limit, X_RateLimit_Remaining="0")
    if scope and scope not in client.actor.roles:
        message = Text(_NOT_GRANTED.zh.format(scope=scope), _NOT_GRANTED.en.format(scope=scope))
        return transport(403, "api.scope", message)
    return Caller(client.actor, client.per_minute, BUCKETS.left(client.actor.id))


def request_id(given: str) -> str:
    """The caller's own id where it is one, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
