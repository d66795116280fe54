"""Who looked at what, for those who check."""

from django.db.models import QuerySet

from cheqi.core.base.actors import Actor
from cheqi.foundation.privacy.models import Unmasking
from cheqi.foundation.staff.roles import Permission, may


def unmaskings(actor: Actor) -> QuerySet[Unmasking]:
    """All unmaskings for those who check access, one's own for everybody else; newest first."""
    rows = Unmasking.objects.order_by("-at", "-pk")
    if may(actor, Permission.READ_RECORDS_OF_ACCESS):
        return rows
    return rows.filter(actor_kind=actor.kind.value, actor_id=actor.id)
