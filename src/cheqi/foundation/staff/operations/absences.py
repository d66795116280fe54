"""Being away, and who stands in meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.access import AbsenceEnded, AbsenceRecorded
from cheqi.foundation.eventlog.operations import record
from cheqi.foundation.staff.models import Absence, Member, RoleAssignment
from cheqi.foundation.staff.roles import NOT_DELEGATED, Permission, may


def record_absence(
    member: Member,
    *,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
    delegate: Member | None = None,
    roles: Sequence[str] | None = None,
    note: str = "",
) -> Absence | Refused:
    """The member is away from `starts_at` until before `ends_at`; the delegate carries `roles` meanwhile.

    None for `roles` means all that may be delegated. Administration and audit never are. Recorded by the
    member or by somebody who manages staff or reassigns work. All that is wrong is reported at once.
    """
    if not _may_record(actor, member):
        message = Text("只能登记本人的外出", "You can record your own absence only")
        return refuse(RefusalKind.NOT_ALLOWED, "staff.absence.role", message)
    held = set(RoleAssignment.objects.filter(member=member, ended_at=None).values_list("role", flat=True))
    carried = sorted(held - NOT_DELEGATED) if roles is None else sorted(set(roles))
    findings = [
        *_wrong_period(starts_at, ends_at),
        *_wrong_delegate(member, delegate),
        *_wrong_roles(held, carried),
    ]
    if findings:
        return Refused(RefusalKind.INVALID, tuple(findings))
    with transaction.atomic():
        absence = Absence.objects.create(
            member=member,
            delegate=delegate,
            roles=carried if delegate else [],
            starts_at=starts_at,
            ends_at=ends_at,
            note=note,
            recorded_by=actor.id,
        )
        delegate_id = delegate.pk if delegate else None
        event = AbsenceRecorded(member_id=member.pk, delegate_id=delegate_id, roles=tuple(absence.roles))
        record(event, actor=actor, now=now)
    return absence


def end_absence(absence_id: int, *, actor: Actor, now: datetime) -> Absence | Refused:
    """The member is back; the delegation ends at once."""
    with transaction.atomic():
        absence = Absence.objects.select_for_update(of=("self",)).filter(pk=absence_id).first()
        if absence is None or not _may_record(actor, absence.member):
            message = Text("没有这条外出记录", "There is no such absence")
            return refuse(RefusalKind.NOT_FOUND, "staff.absence", message)
        if absence.ends_at <= now:
            return refuse(RefusalKind.NOT_NOW, "staff.absence.over", Text("外出已结束", "It is over already"))
        absence.ends_at = max(now, absence.starts_at)
        absence.save(update_fields=["ends_at"])
        event = AbsenceEnded(member_id=absence.member_id, delegate_id=absence.delegate_id)
        record(event, actor=actor, now=now)
    return absence


def _may_record(actor: Actor, member: Member) -> bool:
    manages = may(actor, Permission.MANAGE_STAFF) or may(actor, Permission.REASSIGN)
    return manages or (actor.is_staff and actor.id == str(member.pk))


def _wrong_period(starts_at: datetime, ends_at: datetime) -> list[Finding]:
    if ends_at > starts_at:
        return []
    message = Text("结束时间须晚于开始时间", "The end must be after the start")
    return [Finding("staff.absence.period", message, field="ends_at")]


def _wrong_delegate(member: Member, delegate: Member | None) -> list[Finding]:
    if delegate is None or (delegate.pk != member.pk and delegate.is_active and not delegate.agency_id):
        return []
    message = Text("代理人须是另一位在职员工", "The delegate must be another active colleague")
    return [Finding("staff.absence.delegate", message, field="delegate")]


def _wrong_roles(held: set[str], carried: Sequence[str]) -> list[Finding]:
    refused = (set(carried) - held) | (set(carried) & NOT_DELEGATED)
    if not refused:
        return []
    message = Text("这些角色不能委托", "These roles cannot be delegated")
    return [
        Finding("staff.absence.roles", message, field="roles", data=(("roles", ",".join(sorted(refused))),))
    ]
