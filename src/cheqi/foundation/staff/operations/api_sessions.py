"""A program works in a member's name for a while: log-in, step-up and the end of its session.

The same password, authenticator, limits on tries and log entries as at the desk; the answer is a bearer token
`cs_<id>_<secret>`, shown once, of which only the SHA-256 is kept (the secret has 256 bits of its own).
It opens what the member's log-in at the desk would open, never more, and ends with the member's session
epoch (new password, suspension, log-out everywhere), when it was not used for `IDLE_FOR`, and in any case
`LASTS_FOR` after it began. A code works once, so a log-in that was overheard cannot be repeated.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import ApiSessionBegan, ApiSessionEnded
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.models import ApiSession, Member
from cheqi.foundation.staff.operations.log_in import log_in
from cheqi.foundation.staff.operations.second_factor import pass_second_factor, step_up
from cheqi.foundation.staff.queries import actor_for
from cheqi.foundation.staff.sessions import LASTS_FOR
from cheqi.foundation.staff.tokens import PREFIX, live_sessions

MOST_SESSIONS = 10
KEPT_FOR = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)
NO_FACTOR = Text(
    "请先在工作台绑定身份验证器，再用程序登录", "Set up an authenticator at the desk, then log in here"
)
OWES_PASSWORD = Text(
    "请先在工作台换成自己的密码，再用程序登录", "Change your password at the desk, then log in here"
)


@dataclass(frozen=True, slots=True)
class BegunSession:
    """A session that began; the token shows nowhere else and never again."""

    session: ApiSession
    token: str = field(repr=False)


def begin_api_session(
    *, login: str, password: str, code: str, program: str, address: str, now: datetime
) -> BegunSession | Refused:
    """A session for the member with this password and a fresh code of the authenticator.

    Refused as the desk's log-in and second factor are: NOT_ALLOWED, TOO_MANY. There is none without a second
    factor, and none while a new password is owed. The oldest of more than `MOST_SESSIONS` ends.
    """
    member = log_in(login=login, password=password, address=address, now=now)
    if isinstance(member, Refused):
        return member
    if member.totp_confirmed_at is None:
        return refuse(RefusalKind.NOT_ALLOWED, "staff.totp.missing", NO_FACTOR)
    passed = pass_second_factor(member, code=code, now=now)
    if isinstance(passed, Refused):
        return passed
    if member.must_change_password:
        return refuse(RefusalKind.NOT_ALLOWED, "staff.password.owed", OWES_PASSWORD)
    return _begin(member, program.strip()[:40], address, now)


def step_up_api_session(public_id: str, *, actor: Actor, code: str, now: datetime) -> datetime | Refused:
    """A fresh code for a sensitive action; the time from which on it counts. Refused as at the desk."""
    at = step_up(actor, code=code, now=now)
    if not isinstance(at, Refused):
        ApiSession.objects.filter(public_id=public_id, member_id=actor.id).update(stepped_up_at=at)
    return at


def end_api_session(public_id: str, *, actor: Actor, now: datetime) -> ApiSession | Refused:
    """Ends one of the actor's own sessions; it opens nothing from now on."""
    with transaction.atomic():
        held = ApiSession.objects.select_for_update().filter(public_id=public_id).first()
        if held is None or not actor.is_staff or str(held.member_id) != actor.id:
            message = Text("没有这个会话，可能已经结束", "There is no such session; it may have ended")
            return refuse(RefusalKind.NOT_FOUND, "staff.api_session", message)
        if held.ended_at is None:
            _end(held, actor, now)
    return held


def saw_api_session(session: ApiSession, now: datetime) -> None:
    """Notes that the session is in use, at most once a minute."""
    if now - session.seen_at >= SEEN_EVERY:
        ApiSession.objects.filter(pk=session.pk, seen_at__lt=now).update(seen_at=now)


def forget_old_api_sessions(now: datetime) -> int:
    """Deletes sessions that ended a month ago; for an hourly wake-up. Returns how many."""
    return ApiSession.objects.filter(ends_at__lt=now - KEPT_FOR).delete()[0]


def _begin(member: Member, program: str, address: str, now: datetime) -> BegunSession:
    public_id = secrets.token_hex(6)
    token = f"{PREFIX}{public_id}_{secrets.token_urlsafe(32)}"
    actor = actor_for(member, now)
    with transaction.atomic():
        held = Member.objects.select_for_update().get(pk=member.pk)
        for old in live_sessions(held, now)[MOST_SESSIONS - 1 :]:
            _end(old, actor, now)
        session = ApiSession.objects.create(
            member=held,
            public_id=public_id,
            digest=hashlib.sha256(token.encode()).hexdigest(),
            epoch=member.session_epoch,
            program=program,
            address=address,
            began_at=now,
            seen_at=now,
            ends_at=now + LASTS_FOR,
            stepped_up_at=now,
        )
        began = ApiSessionBegan(member_id=held.pk, session=public_id, program=program, address=address)
        record(began, actor=actor, now=now)
    return BegunSession(session, token)


def _end(session: ApiSession, actor: Actor, now: datetime) -> None:
    session.ended_at = now
    session.save(update_fields=["ended_at"])
    ended = ApiSessionEnded(member_id=session.member_id, session=session.public_id, program=session.program)
    record(ended, actor=actor, now=now)
