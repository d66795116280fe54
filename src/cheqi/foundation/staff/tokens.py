"""Whose a bearer token `cs_<id>_<secret>` is, while it counts; nothing is kept between two calls.

It counts while its session was not ended, not idle for `IDLE_FOR`, younger than any log-in may be, and of the
member's present session epoch: a new password, a suspension or a log-out everywhere ends it at once.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from cheqi.core.base.actors import Actor
from cheqi.foundation.staff.models import ApiSession, Member
from cheqi.foundation.staff.queries import actor_for

PREFIX = "cs_"
IDLE_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Bearer:
    """The session behind a token, and its member as an actor."""

    session: ApiSession
    actor: Actor


def bearer_of(token: str, now: datetime) -> Bearer | None:
    """The member's session that the token opens, or None for one that is wrong or ended. One statement
    and those of `actor_for`."""
    public_id, _, secret = token.removeprefix(PREFIX).partition("_")
    if not (token.startswith(PREFIX) and public_id and secret):
        return None
    session = ApiSession.objects.select_related("member").filter(public_id=public_id).first()
    digest = hashlib.sha256(token.encode()).hexdigest()
    if session is None or not hmac.compare_digest(session.digest, digest) or not counts(session, now):
        return None
    return Bearer(session, actor_for(session.member, now, stepped_up_at=session.stepped_up_at))


def counts(session: ApiSession, now: datetime) -> bool:
    """Whether the session opens anything now."""
    member = session.member
    is_in_time = now < session.ends_at and now - session.seen_at < IDLE_FOR
    is_of_today = session.epoch == member.session_epoch and member.is_active
    return session.ended_at is None and is_in_time and is_of_today and not member.must_change_password


def live_sessions(member: Member, now: datetime) -> list[ApiSession]:
    """The member's sessions that count, the latest used first. One statement."""
    rows = ApiSession.objects.filter(member=member, ended_at=None, ends_at__gt=now).select_related("member")
    return [one for one in rows.order_by("-seen_at", "-pk") if counts(one, now)]
