"""Who works here: adding, suspending and resetting members."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import MemberAdded, MemberSuspended
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.models import Agency, Branch, Member, RecoveryCode, RoleAssignment
from cheqi.foundation.staff.operations.log_in import set_password
from cheqi.foundation.staff.roles import ROLES, Permission, may


def add_member(
    *,
    login: str,
    name: str,
    password: str,
    actor: Actor,
    now: datetime,
    mobile: str = "",
    branch: Branch | None = None,
    agency: Agency | None = None,
    must_change: bool = True,
) -> Member | Refused:
    """Somebody who may log in, with a password to change at the first log-in; holds no role yet."""
    if (refused := _not_a_manager(actor)) is not None:
        return refused
    with transaction.atomic():
        if Member.objects.filter(login=login).exists():
            message = Text("该账号已存在", "This login exists already")
            return refuse(RefusalKind.CONFLICT, "staff.member.login", message, login=login)
        member = Member.objects.create(
            login=login,
            name=name,
            mobile=mobile,
            branch=branch,
            agency=agency,
            password=make_password(password),
            must_change_password=must_change,
        )
        record(MemberAdded(member_id=member.pk, name=name), actor=actor, now=now)
    return member


def install_roles(
    member: Member, roles: Sequence[str], *, branch: Branch | None, actor: Actor, now: datetime
) -> None:
    """Gives roles without a second person: only the system may, to install a lender or its demo.

    Everybody else goes through `propose_role` and `decide_role`. Raises PermissionError, KeyError.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise PermissionError("roles are given by two people: propose_role, then decide_role")
    with transaction.atomic():
        for role in roles:
            RoleAssignment.objects.get_or_create(
                member=member,
                role=ROLES[role].key,
                branch=branch,
                ended_at=None,
                defaults={"granted_at": now},
            )


def suspend_member(member: Member, *, actor: Actor, now: datetime) -> Member | Refused:
    """The member can no longer log in and every session ends; roles and history stay."""
    if (refused := _not_a_manager(actor)) is not None:
        return refused
    if actor.id == str(member.pk):
        message = Text("不能停用自己的账号", "You cannot suspend yourself")
        return refuse(RefusalKind.NOT_ALLOWED, "staff.member.self", message)
    with transaction.atomic():
        held = Member.objects.select_for_update().get(pk=member.pk)
        held.is_active = False
        held.session_epoch += 1
        held.save(update_fields=["is_active", "session_epoch"])
        record(MemberSuspended(member_id=held.pk, name=held.name), actor=actor, now=now)
    return held


def reset_access(member: Member, *, password: str, actor: Actor, now: datetime) -> Member | Refused:
    """For somebody who lost password or authenticator: a password to change and no second factor."""
    if (refused := _not_a_manager(actor)) is not None:
        return refused
    with transaction.atomic():
        held = set_password(member, new=password, actor=actor, now=now, must_change=True)
        held.totp_secret, held.totp_confirmed_at = "", None
        held.save(update_fields=["totp_secret", "totp_confirmed_at"])
        RecoveryCode.objects.filter(member=held).delete()
    return held


def _not_a_manager(actor: Actor) -> Refused | None:
    if may(actor, Permission.MANAGE_STAFF):
        return None
    message = Text("仅系统管理员可管理员工", "Only administrators manage staff")
    return refuse(RefusalKind.NOT_ALLOWED, "staff.manage", message)
