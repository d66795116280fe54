"""Pictures of documents and papers for colleagues, each within the actor's scope."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cheqi.foundation.documents import queries as documents
from cheqi.foundation.documents.queries import Picture
from cheqi.foundation.paper import queries as papers
from cheqi.ui.requests import staff_of


def served(request: HttpRequest, picture: Picture | None) -> HttpResponse:
    """The picture, 304 when the browser has it; asked each time, for the next here is somebody else.

    Raises Http404 where there is none to see.
    """
    if picture is None:
        raise Http404
    tag = f'"{picture.etag}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(picture.content, content_type=picture.media_type)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def page(request: HttpRequest, document_id: int, number: int) -> HttpResponse:
    """A whole page."""
    return served(request, documents.image(document_id, number, staff_of(request)))


@require_safe
def thumbnail(request: HttpRequest, document_id: int) -> HttpResponse:
    """The first page, small."""
    return served(request, documents.thumbnail(document_id, staff_of(request)))


@require_safe
def crop(request: HttpRequest, document_id: int, field: str) -> HttpResponse:
    """The place where a field was read."""
    return served(request, documents.crop(document_id, field, staff_of(request)))


@require_safe
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """A paper as a PDF."""
    found = papers.download(paper_id, staff_of(request))
    if found is None:
        raise Http404
    response = HttpResponse(found.content, content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="paper-{paper_id}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
