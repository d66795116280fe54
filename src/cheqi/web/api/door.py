"""Who comes in: the key or the member's session, the rate, what it opens; the same for the hot look-up.

    ck_…   an API client: its scopes, the cases of its branches
    cs_…   a member of staff: roles and object scope as at the desk (`staff.tokens`)

Only the header counts: a browser's cookie opens nothing here, so no other site can make a browser act.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.access.queries import client_for_key
from cheqi.foundation.access.rates import Buckets
from cheqi.foundation.staff.operations import saw_api_session
from cheqi.foundation.staff.tokens import PREFIX, bearer_of
from cheqi.web.api.errors import Problem, transport
from cheqi.web.api.scopes import STAFF, opens

BUCKETS = Buckets()
STAFF_PER_MINUTE = 300
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BEARER = "bearer "
_NOT_GRANTED = Text("此密钥没有权限：{scope}", "This key lacks the scope {scope}")
_STAFF_ONLY = Text(
    "这里只对员工会话开放：先 POST /api/v1/staff/sessions 登录",
    "For members of staff only: log in first with POST /api/v1/staff/sessions",
)
_NOT_FOR_STAFF = Text(
    "员工会话不能使用此地址（{scope}）；案件步骤用 staff/cases/{{number}}/deeds 办理",
    "Not open to a member's session ({scope}); do steps with staff/cases/{{number}}/deeds",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A client or member that came in, its rate, and what is left of it; `session` is the member's."""

    actor: Actor
    per_minute: int
    left: int
    session: str = ""


def come_in(authorization: str, scope: str, now: datetime) -> Caller | Problem:
    """Who is behind the header: 401 for nobody that counts, 429 over the rate, 403 where it does not open.

    `scope` may be empty: any client may come in. A call that is refused for its scope counts for the rate.
    """
    key = authorization[len(_BEARER) :].strip() if authorization[: len(_BEARER)].lower() == _BEARER else ""
    found = _found(key, now) if key.isascii() and key else None
    if found is None:
        return transport(401, WWW_Authenticate='Bearer realm="cheqi"')
    actor, per_minute, session = found
    bucket = f"staff:{actor.id}" if actor.is_staff else actor.id
    wait = BUCKETS.take(bucket, per_minute=per_minute, now=now)
    if wait:
        limit = str(per_minute)
        return transport(429, Retry_After=str(wait), X_RateLimit_Limit=limit, X_RateLimit_Remaining="0")
    if not opens(actor, scope):
        return _closed(actor, scope)
    return Caller(actor, per_minute, BUCKETS.left(bucket), session)


def _found(key: str, now: datetime) -> tuple[Actor, int, str] | None:
    """Who, how often a minute, and by which session."""
    if key.startswith(PREFIX):
        bearer = bearer_of(key, now)
        if bearer is None:
            return None
        saw_api_session(bearer.session, now)
        return bearer.actor, STAFF_PER_MINUTE, bearer.session.public_id
    client = client_for_key(key, now)
    return (client.actor, client.per_minute, "") if client else None


def _closed(actor: Actor, scope: str) -> Problem:
    if scope == STAFF:
        return transport(403, "api.staff_only", _STAFF_ONLY)
    rule, text = ("api.not_for_staff", _NOT_FOR_STAFF) if actor.is_staff else ("api.scope", _NOT_GRANTED)
    return transport(403, rule, Text(text.zh.format(scope=scope), text.en.format(scope=scope)))


def request_id(given: str) -> str:
    """The caller's own id where it is one, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
