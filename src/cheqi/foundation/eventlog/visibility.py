"""Whose case it is: the log keeps no branch, so the case itself is asked, by the scope of the actor."""

from django.apps import apps

from cheqi.core.base.actors import Actor
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
