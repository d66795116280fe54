"""Telling subscribers of sealed events.

A cursor is a place in the sealed sequence, which has no gaps and only grows at its end, so nothing can
appear behind it. It moves by compare-and-swap in the transaction of the handler: two workers that drive
the same subscriber cannot both deliver one event.
"""

import logging
from datetime import datetime

from django.db import transaction

from cheqi.foundation.eventlog.models import Cursor, EventRow
from cheqi.foundation.eventlog.queries import sealed_size
from cheqi.foundation.eventlog.reading import logged_many
from cheqi.foundation.eventlog.subscribers import SUBSCRIBERS, Subscriber
from cheqi.foundation.jobs.operations.waking import wake

logger = logging.getLogger(__name__)

DELIVER_AGAIN = "eventlog.deliver"


class UnknownSubscriber(LookupError):
    """The subscriber of a failed delivery is not declared any more."""


def deliver(now: datetime, *, limit: int = 500) -> int:
    """Tells every subscriber of up to `limit` events that it has not seen. Returns how many were told."""
    return sum(deliver_to(each, now, limit=limit) for each in SUBSCRIBERS.values())


def deliver_to(subscriber: Subscriber, now: datetime, *, limit: int = 500) -> int:
    """Tells one subscriber; what it fails on is left to a wake-up. Returns how many events it was told."""
    cursor, _ = Cursor.objects.get_or_create(name=subscriber.name)
    at, end = cursor.next_sequence, sealed_size()
    if at >= end:
        return 0
    rows = EventRow.objects.filter(sequence__gte=at, sequence__lt=end, type__in=subscriber.types)
    if not subscriber.backfilled:
        rows = rows.filter(backfilled=False)
    found = list(rows.order_by("sequence")[:limit])
    for told, row in enumerate(found):
        if not _tell(subscriber, row, at, now):
            return told
        at = (row.sequence or 0) + 1
    if len(found) < limit:
        _move(subscriber, at, end, now)
    return len(found)


def deliver_again(name: str, event_id: int, now: datetime) -> None:
    """Tells a subscriber of one event that it failed on. Raises what the handler raises."""
    if name not in SUBSCRIBERS:
        raise UnknownSubscriber(name)
    with transaction.atomic():
        (logged,) = logged_many(EventRow.objects.filter(pk=event_id))
        SUBSCRIBERS[name].handler(logged, now=now)


def _tell(subscriber: Subscriber, row: EventRow, at: int, now: datetime) -> bool:
    """Tells of one event and moves the cursor past it; False when somebody else moved it first."""
    after = (row.sequence or 0) + 1
    try:
        with transaction.atomic():
            if not _move(subscriber, at, after, now):
                return False
            (logged,) = logged_many([row])
            subscriber.handler(logged, now=now)
    except Exception:
        logger.exception("%s failed on event %s; it will be tried again", subscriber.name, row.pk)
        with transaction.atomic():
            if not _move(subscriber, at, after, now):
                return False
            wake(DELIVER_AGAIN, f"{subscriber.name}:{row.pk}", now=now)
    return True


def _move(subscriber: Subscriber, before: int, after: int, now: datetime) -> bool:
    here = Cursor.objects.filter(name=subscriber.name, next_sequence=before)
    return bool(here.update(next_sequence=after, moved_at=now))
