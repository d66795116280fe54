"""The browser session of a member: which keys it holds and when it stops counting.

A session begins after the password, under a new key, and is good for the second factor only; it counts
for the desk once that was passed. It ends with the member's session epoch (log-out everywhere, new
password, suspension), and `LASTS_FOR` after it began. Customers' sessions are kept by
`foundation.access.sessions`; a browser holds one or the other. A program's session: `tokens`.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest

from cheqi.core.base.actors import Actor
from cheqi.foundation.staff.models import Member
from cheqi.foundation.staff.queries import actor_for

KEY = "staff"
LASTS_FOR = timedelta(hours=12)


def begin(request: HttpRequest, member: Member, at: datetime) -> None:
    """The password was right: a fresh session with nothing of the one before."""
    request.session.flush()
    request.session[KEY] = {
        "id": member.pk,
        "epoch": member.session_epoch,
        "passed": False,
        "stepped_up": None,
        "began": at.isoformat(),
    }


def pass_second_factor(request: HttpRequest, at: datetime) -> None:
    """The second factor was right: the session counts, under a new key, and is stepped up."""
    request.session.cycle_key()
    request.session[KEY] = {**request.session[KEY], "passed": True, "stepped_up": at.isoformat()}


def pass_without_second_factor(request: HttpRequest) -> None:
    """For a member who has not set one up yet; step-up is then refused until it is."""
    request.session.cycle_key()
    request.session[KEY] = {**request.session[KEY], "passed": True}


def stepped_up(request: HttpRequest, at: datetime) -> None:
    """A fresh second factor was given for a sensitive action."""
    request.session[KEY] = {**request.session[KEY], "stepped_up": at.isoformat()}


def end(request: HttpRequest) -> None:
    """Nothing of the session is left."""
    request.session.flush()


def keep(request: HttpRequest, member: Member) -> None:
    """After the member's own new password: this session goes on under a new key, the others have ended."""
    request.session.cycle_key()
    request.session[KEY] = {**request.session[KEY], "epoch": member.session_epoch}


def member_of(request: HttpRequest) -> Member | None:
    """The member who gave the password here, whether or not the second factor was passed."""
    held = request.session.get(KEY)
    if not held:
        return None
    return Member.objects.filter(pk=held["id"], session_epoch=held["epoch"], is_active=True).first()


def is_complete(request: HttpRequest) -> bool:
    """Whether the second factor was passed too."""
    return bool(request.session.get(KEY, {}).get("passed"))


def actor_of(request: HttpRequest, now: datetime) -> Actor | None:
    """The member as an actor, once the session counts."""
    if not is_complete(request) or (member := member_of(request)) is None:
        return None
    held = request.session[KEY]
    began, at = held.get("began"), held.get("stepped_up")
    if began is None or now - datetime.fromisoformat(began) >= LASTS_FOR:
        return None
    request.member = member  # type: ignore[attr-defined]
    return actor_for(member, now, stepped_up_at=datetime.fromisoformat(at) if at else None)
