"""Named situations for the tests of staff."""

from datetime import UTC, datetime, timedelta

import pyotp

from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.staff import operations, queries
from cheqi.foundation.staff.models import Branch, Member

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse 7"
ADDRESS = "127.0.0.1"


def a_branch(code: str, parent: Branch | None = None) -> Branch:
    """An office or a region."""
    return Branch.objects.create(code=code, name=code, parent=parent)


def a_member(login: str, *roles: str, at: Branch | None = None) -> Member:
    """A member with roles at a branch, or at all."""
    member = operations.add_member(
        login=login,
        name=login.title(),
        password=PASSWORD,
        actor=SYSTEM,
        now=NOW,
        branch=at,
        must_change=False,
    )
    assert isinstance(member, Member)
    operations.install_roles(member, roles, branch=at, actor=SYSTEM, now=NOW - timedelta(days=1))
    return member


def acting(member: Member, now: datetime = NOW) -> Actor:
    """The member as an actor."""
    return queries.actor_for(member, now)


def code_at(member: Member, now: datetime) -> str:
    """What the member's authenticator shows."""
    member.refresh_from_db()
    return pyotp.TOTP(member.totp_secret).at(now)


def enrolled(member: Member, now: datetime = NOW - timedelta(days=1)) -> tuple[str, ...]:
    """Sets the authenticator up; gives the recovery codes."""
    operations.begin_totp(member)
    codes = operations.confirm_totp(member, code=code_at(member, now), now=now)
    assert isinstance(codes, tuple)
    return codes


def events(kind: str) -> int:
    """How many events of a type are in the log."""
    return EventRow.objects.filter(type=kind).count()
