"""From rows back to events, with personal parts opened where their key still is."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from cheqi.core.events.base import Event, from_payload
from cheqi.foundation.eventlog.logged import Logged, logged_of
from cheqi.foundation.eventlog.models import EventRow, PersonalPart
from cheqi.foundation.eventlog.persons import OpenParts, open_parts, unwrap


def opened(rows: Iterable[EventRow]) -> dict[int, OpenParts]:
    """The personal parts of the rows that have some, by event id; erased ones are left out."""
    about = {row.pk: row for row in rows if row.personal_commitment is not None}
    if not about:
        return {}
    found: dict[int, OpenParts] = {}
    keys: dict[int, bytes | None] = {}
    for part in PersonalPart.objects.filter(event_id__in=about).select_related("key"):
        if part.key_id not in keys:
            keys[part.key_id] = unwrap(part.key)
        key = keys[part.key_id]
        if key is not None:
            commitment = about[part.event_id].personal_commitment
            found[part.event_id] = open_parts(part, bytes(commitment or b""), key)
    return found


def logged_many(rows: Sequence[EventRow] | QuerySet[EventRow]) -> list[Logged]:
    """The events of rows, in their order, in at most two statements."""
    rows = list(rows)
    parts = opened(rows)
    return [logged_of(row, _event(row, parts)) for row in rows]


def _event(row: EventRow, parts: dict[int, OpenParts]) -> Event:
    if row.personal_commitment is None:
        return from_payload(row.type, row.payload, {})
    found = parts.get(row.pk)
    return from_payload(row.type, row.payload, found.values if found else None)
