"""Reading one's own inbox."""

from collections.abc import Sequence
from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.foundation.messages.queries import own_inbox


def mark_read(ids: Sequence[int] | None, *, actor: Actor, now: datetime) -> int:
    """Marks the actor's own unread messages as read, all of them without `ids`. Returns how many changed.

    Somebody else's message is the same as a missing one: nothing changes.
    """
    unread = own_inbox(actor).filter(read_at__isnull=True)
    if ids is not None:
        unread = unread.filter(pk__in=ids)
    return unread.update(read_at=now)
