"""Staff come in by login and password, then by the second factor.

A wrong login, a wrong password and a suspended member are one answer and the same work: one password hash
is computed whoever it is, the same rows are written. Tries are limited per login and per address.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from cheqi.core.base.actors import SYSTEM, Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import LoggedOut, LogInFailed, PasswordChanged, StaffLoggedIn
from cheqi.foundation.access.operations.throttles import Lock, forgive, give_back, try_locks
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.models import Member
from cheqi.foundation.staff.queries import actor_for

LOGIN_LOCK = Lock("login", free=5, pause=timedelta(seconds=30), longest=timedelta(minutes=15))
ADDRESS_LOCK = Lock("login address", free=30, pause=timedelta(seconds=30), longest=timedelta(minutes=15))


def log_in(*, login: str, password: str, address: str, now: datetime) -> Member | Refused:
    """The member whose login and password these are; the second factor is still to be asked.

    Refused as NOT_ALLOWED, the same for whatever was wrong, or as TOO_MANY while the login or the
    address is locked. The event is on record either way.
    """
    locks = [(LOGIN_LOCK, login), (ADDRESS_LOCK, address)]
    if (locked := try_locks(locks, now)) is not None:
        return locked
    member = Member.objects.filter(login=login).first()
    is_right = check_password(password, member.password if member else _nobodys_password())
    if member is None or not is_right or not member.is_active:
        with transaction.atomic():
            failed = LogInFailed(address=address, member_id=member.pk if member else None)
            record(failed, actor=SYSTEM, now=now)
        message = Text("账号或密码不正确", "The login or the password is wrong")
        return refuse(RefusalKind.NOT_ALLOWED, "staff.log_in", message)
    forgive(LOGIN_LOCK, login)
    give_back(ADDRESS_LOCK, address)
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(last_login=now)
        event = StaffLoggedIn(member_id=member.pk, address=address)
        record(event, actor=actor_for(member, now), now=now)
    return member


def change_password(member: Member, *, old: str, new: str, address: str, now: datetime) -> Member | Refused:
    """A new password; every session of the member ends, this one too. Guesses of the old one are limited."""
    if (locked := try_locks([(LOGIN_LOCK, member.login), (ADDRESS_LOCK, address)], now)) is not None:
        return locked
    if not check_password(old, member.password):
        message = Text("原密码不正确", "The old password is wrong")
        return refuse(RefusalKind.NOT_ALLOWED, "staff.password.old", message)
    forgive(LOGIN_LOCK, member.login)
    give_back(ADDRESS_LOCK, address)
    if findings := _objections(new, old, member):
        return Refused(RefusalKind.INVALID, findings)
    return set_password(member, new=new, actor=actor_for(member, now), now=now, must_change=False)


def set_password(member: Member, *, new: str, actor: Actor, now: datetime, must_change: bool) -> Member:
    """Stores a password that was checked, ends all sessions and logs it. Who may do that is the caller's."""
    with transaction.atomic():
        held = Member.objects.select_for_update().get(pk=member.pk)
        held.password = make_password(new)
        held.must_change_password = must_change
        held.session_epoch += 1
        held.save(update_fields=["password", "must_change_password", "session_epoch"])
        record(PasswordChanged(member_id=held.pk), actor=actor, now=now)
    return held


def log_out(member: Member, *, everywhere: bool, now: datetime) -> None:
    """Records that a session ended; `everywhere` ends all sessions of the member."""
    with transaction.atomic():
        if everywhere:
            Member.objects.filter(pk=member.pk).update(session_epoch=F("session_epoch") + 1)
        event = LoggedOut(member_id=member.pk, everywhere=everywhere)
        record(event, actor=actor_for(member, now), now=now)


def _objections(new: str, old: str, member: Member) -> tuple[Finding, ...]:
    if new == old:
        message = Text("新密码不能与原密码相同", "The new password must differ from the old one")
        return (Finding("staff.password.same", message, field="new"),)
    try:
        validate_password(new, member)
    except ValidationError as error:
        message = Text(
            "密码至少 10 位，且不能是常见密码",
            "A password has at least 10 characters and is not a common one",
        )
        codes = ",".join(sorted(str(each.code) for each in error.error_list))
        return (Finding("staff.password.weak", message, field="new", data=(("codes", codes),)),)
    return ()


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    """A hash that no password opens, so that an unknown login costs as much as a known one."""
    return make_password("nobody logs in with this")
