"""The figures beside the navigation: what waits for me, and unread messages. Two statements a page."""

from collections.abc import Mapping

from django.utils import timezone

from cheqi.core.base.actors import Actor
from cheqi.foundation.messages.queries import unread_count
from cheqi.foundation.workflow.queries import waiting_counts
from cheqi.ui.navigation import Count


def counts(actor: Actor) -> Mapping[str, Count]:
    """By entry key; the moment is the edge's."""
    if not actor.is_staff:
        return {}
    waiting, late = waiting_counts(actor, timezone.now())
    return {"queue": Count(waiting, is_hot=late > 0), "messages": Count(unread_count(actor))}
