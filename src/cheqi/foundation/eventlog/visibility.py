"""Whose case it is: the log keeps no branch, so the case itself is asked, by the scope of the actor."""

from django.apps import apps
from django.db.models import Q, QuerySet

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.staff.models import Member
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.staff.scopes import visible

CASE = ("workflow", "Case")


def sees_case(case_id: int, actor: Actor) -> bool:
    """Whether the actor may see the case. A case that nobody opened is nobody's but the system's."""
    if actor.scope.everything or case_id in actor.scope.case_ids:
        return True
    if not apps.is_installed("cheqi.foundation.workflow"):
        return False
    case = apps.get_model(*CASE)
    return visible(case._default_manager.filter(pk=case_id), actor).exists()


def checked_by(actor: Actor) -> QuerySet[EventRow]:
    """The events that the actor checks: none without the permission, else those of the scope.

    Who is bound to branches gets the cases of those branches and whatever their colleagues did.
    """
    rows = EventRow.objects.all()
    if not may(actor, Permission.READ_RECORDS_OF_ACCESS):
        return rows.none()
    if actor.scope.everything:
        return rows
    members = Member.objects.filter(branch_id__in=sorted(actor.scope.branch_ids), agency=None)
    colleagues = [str(each) for each in members.order_by("pk").values_list("pk", flat=True)]
    seen = Q(actor_kind=ActorKind.STAFF.value, actor_id__in=colleagues)
    if apps.is_installed("cheqi.foundation.workflow"):
        cases = visible(apps.get_model(*CASE)._default_manager.all(), actor)
        seen |= Q(case_id__in=cases.values("pk"))
    return rows.filter(seen)
