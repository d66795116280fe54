"""Looks for the same photograph among other people's documents.

At the upload by the hash of the original: the very same file. After reading by fingerprint (compressed again,
resized, a screenshot): two people's forms of one kind, scanned flat, may look the same to any fingerprint,
and only what is written on them tells them apart. A few statements, whatever the number of documents.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cheqi.core.documents.kinds import Kind
from cheqi.foundation.documents.choices import FieldVerdict
from cheqi.foundation.documents.fingerprint import Fingerprint
from cheqi.foundation.documents.models import Document, DocumentPage, FieldValue

_MAX_CANDIDATES = 500
"""Enough by far for real photographs; a flood of look-alikes is no reason to stop taking uploads."""

_WITH_PORTRAIT = frozenset({Kind.ID_CARD_FRONT, Kind.DRIVING_LICENCE})
"""Another face is another picture: here a copy with other words on it is a forgery, not another document."""

_TRUSTED = (FieldVerdict.ACCEPTED, FieldVerdict.SETTLED)


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """Whose document shows the same photograph; `is_exact` when the file was the same byte by byte."""

    document_id: int
    party_id: int
    is_exact: bool


def same_file(sha256: str, party_id: int) -> SeenBefore | None:
    """The oldest document of another person that came as the very same file, or None."""
    others = Document.objects.exclude(party_id=party_id).order_by("id")
    twin = others.filter(original_sha256=sha256).values_list("id", "party_id").first()
    return SeenBefore(*twin, is_exact=True) if twin else None


def look_alike(document: Document) -> SeenBefore | None:
    """The oldest document of another person that looks the same and does not read otherwise, or None."""
    pages = document.pages.values_list("coarse", "detail")
    alike = list(_alike([Fingerprint(*page) for page in pages], document.party_id))
    if not alike or document.kind in _WITH_PORTRAIT:
        return alike[0] if alike else None
    read = _trusted([document.pk, *(each.document_id for each in alike)])
    ours = read.get(document.pk, {})
    return next((each for each in alike if not _reads_otherwise(ours, read.get(each.document_id, {}))), None)


def _alike(prints: Sequence[Fingerprint], party_id: int) -> Iterator[SeenBefore]:
    values = [value for each in prints for value in each.bands()]
    if not values:
        return
    candidates = (
        DocumentPage.objects.filter(bands__value__in=values)
        .exclude(document__party_id=party_id)
        .order_by("document_id", "number")
        .distinct()
        .values_list("document_id", "document__party_id", "coarse", "detail")[:_MAX_CANDIDATES]
    )
    for document_id, other_party_id, coarse, detail in candidates:
        if any(each.is_copy_of(Fingerprint(coarse, detail)) for each in prints):
            yield SeenBefore(document_id, other_party_id, is_exact=False)


def _trusted(document_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in FieldValue.objects.filter(document_id__in=document_ids, verdict__in=_TRUSTED):
        found.setdefault(row.document_id, {})[row.name] = row.value
    return found


def _reads_otherwise(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    """Whether more of what both say differs than agrees; one changed word does not make another document."""
    both = ours.keys() & theirs.keys()
    differing = sum(ours[name] != theirs[name] for name in both)
    return 2 * differing > len(both)
