"""Has documents read: the wake-up beside a new document, and the search for forgotten ones."""

from datetime import datetime, timedelta

from django.db import transaction

from cheqi.foundation.documents.choices import UNREAD
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.operations.read import give_up
from cheqi.foundation.jobs.operations import wake

_FORGOTTEN_AFTER = timedelta(minutes=10)
_GIVEN_UP_AFTER = timedelta(hours=2)
_AT_ONCE = 200


def wake_reader(document: Document, now: datetime) -> None:
    """Has a worker read the document when the caller's transaction commits."""
    wake("documents.read", str(document.pk), now=now)


def wake_forgotten(*, now: datetime) -> int:
    """Wakes what waits for over ten minutes; after two hours a clerk gets it. Returns how many."""
    waiting = Document.objects.filter(state__in=UNREAD, received_at__lt=now - _FORGOTTEN_AFTER)
    documents = list(waiting.order_by("id")[:_AT_ONCE])
    for document in documents:
        if document.received_at < now - _GIVEN_UP_AFTER:
            give_up(document.pk, now=now)
        else:
            with transaction.atomic():
                wake_reader(document, now)
    return len(documents)
