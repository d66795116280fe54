"""Pictures of documents and papers for colleagues: to whom `foundation.originals` opens them."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from cheqi.core.base.findings import Refused
from cheqi.foundation.documents import queries as documents
from cheqi.foundation.documents.operations import open_pictures
from cheqi.foundation.documents.queries import Picture
from cheqi.foundation.originals import KEPT_OPEN, Sight
from cheqi.foundation.paper import queries as papers
from cheqi.foundation.paper.operations import open_paper
from cheqi.ui import errors
from cheqi.ui.forms import said
from cheqi.ui.requests import moment_of, next_of, staff_of


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
    """A whole page; who may see it for a reason is asked for it first."""
    actor, now = staff_of(request), moment_of(request)
    if documents.sight_of(document_id, actor, now) is Sight.ASKED:
        return _asking(request, "desk:document_open", document_id)
    return served(request, documents.image(document_id, number, actor, now))


@require_safe
def thumbnail(request: HttpRequest, document_id: int) -> HttpResponse:
    """The first page, small."""
    return served(request, documents.thumbnail(document_id, staff_of(request), moment_of(request)))


@require_safe
def crop(request: HttpRequest, document_id: int, field: str) -> HttpResponse:
    """The place where a field was read; asked for as the page is."""
    actor, now = staff_of(request), moment_of(request)
    if documents.sight_of(document_id, actor, now) is Sight.ASKED:
        return _asking(request, "desk:document_open", document_id)
    return served(request, documents.crop(document_id, field, actor, now))


@require_safe
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """A paper as a PDF; asked for as a page of a document is."""
    actor, now = staff_of(request), moment_of(request)
    if papers.sight_of(paper_id, actor, now) is Sight.ASKED:
        return _asking(request, "desk:paper_open", paper_id)
    found = papers.download(paper_id, actor, now)
    if found is None:
        raise Http404
    response = HttpResponse(found.content, content_type=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="paper-{paper_id}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def open_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Asks why the pictures of a document are opened, puts it on record and leads on to them."""
    actor, now = staff_of(request), moment_of(request)
    sight = documents.sight_of(document_id, actor, now)
    onward = next_of(request, reverse("desk:document_page", args=[document_id, 1]))
    return _opened(request, sight, onward, partial(open_pictures, document_id, actor=actor, now=now))


@require_http_methods(["GET", "HEAD", "POST"])
def open_contract(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The same for a paper."""
    actor, now = staff_of(request), moment_of(request)
    sight = papers.sight_of(paper_id, actor, now)
    onward = next_of(request, reverse("desk:paper", args=[paper_id]))
    return _opened(request, sight, onward, partial(open_paper, paper_id, actor=actor, now=now))


def _asking(request: HttpRequest, name: str, row_id: int) -> HttpResponse:
    return redirect(f"{reverse(name, args=[row_id])}?{urlencode({'next': request.get_full_path()})}")


def _opened(
    request: HttpRequest, sight: Sight | None, onward: str, put_on_record: Callable[..., object]
) -> HttpResponse:
    """The question, what is wrong with its answer, or on to what was opened. Raises Http404 where it stays
    closed."""
    if sight is None or sight is Sight.CLOSED:
        raise Http404
    if sight is Sight.OPEN:
        return redirect(onward)
    reason, error, status = request.POST.get("reason", ""), "", 200
    if request.method == "POST":
        done = put_on_record(reason=reason)
        if not isinstance(done, Refused):
            return redirect(onward)
        error, status = " ".join(said(one) for one in done.findings), errors.form_status(done)
    context = {"onward": onward, "reason": reason, "error": error, "minutes": KEPT_OPEN.seconds // 60}
    return render(request, "desk/open_original.html", context, status=status)
