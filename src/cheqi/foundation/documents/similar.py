"""Looks for the same photograph among other people's documents.

First by the hash of the original (the very same file), then by fingerprint (compressed again, resized, a
screenshot). A few statements, whatever the number of documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cheqi.foundation.documents.fingerprint import Fingerprint
from cheqi.foundation.documents.models import Document, DocumentPage

_MAX_CANDIDATES = 500
"""Enough by far for real photographs; a flood of look-alikes is no reason to stop taking uploads."""


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """Whose document shows the same photograph; `is_exact` when the file was the same byte by byte."""

    document_id: int
    party_id: int
    is_exact: bool


def seen_before(sha256: str, prints: Sequence[Fingerprint], party_id: int) -> SeenBefore | None:
    """The oldest document of another person with the same photograph on any page, or None."""
    others = Document.objects.exclude(party_id=party_id).order_by("id")
    twin = others.filter(original_sha256=sha256).values_list("id", "party_id").first()
    if twin is not None:
        return SeenBefore(*twin, is_exact=True)
    values = [value for each in prints for value in each.bands()]
    if not values:
        return None
    candidates = (
        DocumentPage.objects.filter(bands__value__in=values)
        .exclude(document__party_id=party_id)
        .order_by("document_id", "number")
        .distinct()
        .values_list("document_id", "document__party_id", "coarse", "detail")[:_MAX_CANDIDATES]
    )
    for document_id, other_party_id, coarse, detail in candidates:
        theirs = Fingerprint(coarse, detail)
        if any(each.is_copy_of(theirs) for each in prints):
            return SeenBefore(document_id, other_party_id, is_exact=False)
    return None
