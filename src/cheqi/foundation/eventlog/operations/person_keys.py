"""The keys of persons: made when first needed, sealed anew when keys rotate, destroyed to erase."""

from datetime import datetime

from django.db import transaction

from cheqi.core.base.actors import Actor
from cheqi.core.events.evidence import PersonErased
from cheqi.foundation.eventlog.models import PersonKey
from cheqi.foundation.eventlog.operations.recording import record
from cheqi.foundation.eventlog.persons import rewrap


def erase_person(party_id: int, *, actor: Actor, now: datetime, reason: str) -> bool:
    """Destroys the person's key: all personal parts of all their events are unreadable from now on.

    Whether a legal retention forbids it is for the caller to have asked. Every proof stays valid. Returns
    False when there was nothing to erase, or it was done before.
    """
    with transaction.atomic():
        erased = PersonKey.objects.filter(party_id=party_id, erased_at__isnull=True)
        if not erased.update(wrapped=b"", erased_at=now):
            return False
        record(PersonErased(erased_party_id=party_id, reason=reason), actor=actor, now=now)
    return True


def rewrap_keys() -> int:
    """Seals every person's key under the installation's current key; part of a key rotation."""
    changed = 0
    for party_id in PersonKey.objects.filter(erased_at__isnull=True).values_list("pk", flat=True):
        with transaction.atomic():
            row = PersonKey.objects.select_for_update().filter(erased_at__isnull=True, pk=party_id).first()
            if row is not None and (fresh := rewrap(row)) != bytes(row.wrapped):
                changed += PersonKey.objects.filter(pk=party_id).update(wrapped=fresh)
    return changed
