"""The figures beside the navigation: what waits for me, and unread messages. One statement a page."""

from collections.abc import Mapping

from django.utils import timezone

from cheqi.core.base.actors import Actor
from cheqi.foundation.messages.queries import unread_counts
from cheqi.foundation.short_lists import together
from cheqi.foundation.workflow.queries import waiting_counts
from cheqi.ui.navigation import Count

QUEUE, MESSAGES = 1, 2


def counts(actor: Actor) -> Mapping[str, Count]:
    """By entry key; the moment is the edge's."""
    if not actor.is_staff:
        return {}
    parts = [waiting_counts(actor, timezone.now(), QUEUE), unread_counts(actor, MESSAGES)]
    found = {mark: Count(number, is_hot=late > 0) for mark, number, late in together(parts)}
    return {"queue": found.get(QUEUE, Count(0)), "messages": found.get(MESSAGES, Count(0))}
