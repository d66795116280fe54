"""Where photographs and papers of a case stand on its pages: open, for a reason, or a place that says no."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from cheqi.core.base.text import Text
from cheqi.foundation.documents.queries import DocumentRow
from cheqi.foundation.originals import Originals, Sight


@dataclass(frozen=True, slots=True)
class Original:
    """One original in a list. Without `image_url` it is not open; without `url` it will not open either."""

    title: Text
    url: str
    image_url: str = ""


def picture_url(pictures: Originals, document_id: int, page: int = 1) -> str:
    """Where a page of a document is looked at: at once, or after a reason; nothing where it is closed."""
    if pictures.sight(document_id) is Sight.CLOSED:
        return ""
    return reverse("desk:document_page", args=[document_id, page])


def thumb(pictures: Originals, row: DocumentRow) -> Original:
    """A document of a list, small where it is open."""
    is_open = pictures.sight(row.id) is Sight.OPEN
    small = reverse("desk:document_thumbnail", args=[row.id]) if is_open else ""
    return Original(row.title, picture_url(pictures, row.id), small)


def asking_url(document_id: int, back: str) -> str:
    """Where somebody says why they open a document, and is led back."""
    return f"{reverse('desk:document_open', args=[document_id])}?{urlencode({'next': back})}"
