"""Roles change by two people: one proposes, another decides, and neither is the one concerned."""

from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import RoleChangeDecided, RoleChangeProposed
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.models import Branch, Member, RoleAssignment, RoleChange
from cheqi.foundation.staff.roles import ROLES, Permission, may


def propose_role(
    member: Member,
    role: str,
    *,
    kind: RoleChange.Kind,
    branch: Branch | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> RoleChange | Refused:
    """A proposal to give or take a role at a branch (None: everywhere); it changes nothing yet."""
    if (refused := _may_not(actor, member.pk)) is not None:
        return refused
    if role not in ROLES:
        message = Text("没有这个角色", "There is no such role")
        return refuse(RefusalKind.INVALID, "staff.role.unknown", message, role=role)
    held = RoleAssignment.objects.filter(member=member, role=role, branch=branch, ended_at=None).exists()
    if held is (kind is RoleChange.Kind.GRANT):
        message = Text("该员工的角色已是如此", "The member's roles are already so")
        return refuse(RefusalKind.CONFLICT, "staff.role.no_change", message)
    with transaction.atomic():
        change = RoleChange.objects.create(
            kind=kind,
            member=member,
            role=role,
            branch=branch,
            reason=reason,
            proposed_by=actor.id,
            proposed_by_name=actor.name,
            proposed_at=now,
        )
        branch_id = branch.pk if branch else None
        event = RoleChangeProposed(
            member_id=member.pk, kind=kind.value, role=role, branch_id=branch_id, reason=reason
        )
        record(event, actor=actor, now=now)
    return change


def decide_role(change_id: int, *, confirm: bool, actor: Actor, now: datetime) -> RoleChange | Refused:
    """Carries the proposal out or rejects it; never by the one who proposed it or whom it concerns."""
    with transaction.atomic():
        change = RoleChange.objects.select_for_update(of=("self",)).filter(pk=change_id).first()
        if change is None:
            return refuse(
                RefusalKind.NOT_FOUND, "staff.role.change", Text("没有这个提议", "No such proposal")
            )
        if (refused := _may_not(actor, change.member_id)) is not None:
            return refused
        if actor.id == change.proposed_by:
            message = Text("须由提议人以外的人员确认", "Somebody other than the proposer decides")
            return refuse(RefusalKind.NOT_ALLOWED, "staff.role.four_eyes", message)
        if change.state != RoleChange.State.PROPOSED:
            message = Text("该提议已处理", "This proposal was decided already")
            return refuse(RefusalKind.NOT_NOW, "staff.role.decided", message, state=change.state)
        if confirm:
            _carry_out(change, now)
        change.state = RoleChange.State.CONFIRMED if confirm else RoleChange.State.REJECTED
        change.decided_by, change.decided_by_name, change.decided_at = actor.id, actor.name, now
        change.save()
        event = RoleChangeDecided(
            member_id=change.member_id,
            kind=change.kind,
            role=change.role,
            branch_id=change.branch_id,
            state=change.state,
            proposed_by=change.proposed_by_name,
        )
        record(event, actor=actor, now=now)
    return change


def _carry_out(change: RoleChange, now: datetime) -> None:
    live = RoleAssignment.objects.filter(
        member_id=change.member_id, role=change.role, branch=change.branch, ended_at=None
    )
    if change.kind == RoleChange.Kind.REVOKE:
        live.update(ended_at=now)
    elif not live.exists():
        RoleAssignment.objects.create(
            member_id=change.member_id, role=change.role, branch_id=change.branch_id, granted_at=now
        )


def _may_not(actor: Actor, member_id: int) -> Refused | None:
    if not may(actor, Permission.MANAGE_STAFF):
        message = Text("仅系统管理员可变更角色", "Only administrators change roles")
        return refuse(RefusalKind.NOT_ALLOWED, "staff.manage", message)
    if actor.is_staff and actor.id == str(member_id):
        message = Text("不能变更自己的角色", "Nobody changes their own roles")
        return refuse(RefusalKind.NOT_ALLOWED, "staff.role.self", message)
    return None
