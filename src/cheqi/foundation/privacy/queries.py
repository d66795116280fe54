"""Who looked at what, for those who check."""

import uuid
from datetime import datetime

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


def seals_opened(table: str, actor: Actor, *, since: datetime) -> frozenset[uuid.UUID]:
    """The rows of a table that the actor gave a reason for since then. One statement."""
    mine = Unmasking.objects.filter(actor_kind=actor.kind.value, actor_id=actor.id, table=table, at__gt=since)
    return frozenset(mine.order_by("pk").values_list("row_seal", flat=True))
