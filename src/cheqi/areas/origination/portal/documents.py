"""The documents page: what is owed, each with its state, its picture, and sending it again in place."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from cheqi.areas.origination.operations.documents import CHECKS_THEM, TAKES_UPLOADS, takes, upload
from cheqi.areas.origination.portal.common import case_of, customer_of
from cheqi.areas.origination.portal.slots import READ_FIRST, SlotCard, card_of
from cheqi.areas.origination.queries import slot_rows
from cheqi.areas.origination.returns import returned
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.base.text import Text
from cheqi.foundation.documents.queries import Picture, documents_of, fields_read, image, thumbnail
from cheqi.foundation.workflow.queries import progress_of_mine
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.ui import errors
from cheqi.ui.gates import logged_in_only
from cheqi.ui.requests import key_of, moment_of

PROCESS = b'"process":"application"'


@logged_in_only
@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """The documents of the newest application; a page that says so where there is none."""
    mine = progress_of_mine(customer_of(request))
    found = next((one for one in mine if PROCESS in one.body and b'"is_open":true' in one.body), None)
    found = found or next((one for one in mine if PROCESS in one.body), None)
    if found is None:
        return render(request, "origination/portal/no_documents.html")
    return redirect("apply:documents", number=found.number)


@logged_in_only
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """All documents of one application."""
    case = case_of(request, number)
    return render(request, "origination/portal/documents.html", _board(case, customer_of(request)))


@logged_in_only
@require_safe
def slot(request: HttpRequest, number: str, slot: str) -> HttpResponse:
    """One card, asked for while its document is being read; 204 while nothing changed."""
    case = case_of(request, number)
    board = _board(case, customer_of(request))
    card = _card(board, slot)
    if card.is_being_read and request.GET.get("state") == card.status_url.rpartition("=")[2]:
        return HttpResponse(status=204)
    return render(request, "origination/portal/slot_answer.html", _answer_of(request, board, card))


@logged_in_only
@require_POST
def send(request: HttpRequest, number: str, slot: str) -> HttpResponse:
    """Takes a photograph or file in; what is wrong with it stands on the card."""
    case, actor = case_of(request, number), customer_of(request)
    file = next(iter(request.FILES.getlist("file")), None)
    if file is None:
        problem = Text("没有收到文件，请重新选择", "No file arrived; choose it again")
        return _answer(request, case, slot, problem=problem)
    key = f"upload:{key_of(request)}"
    done = upload(file, case_id=case.id, slot=slot, actor=actor, now=moment_of(request), key=key)
    if isinstance(done, Refused):
        if done.kind is not RefusalKind.INVALID:
            return errors.refused(request, done)
        return _answer(request, case, slot, problem=done.findings[0].message)
    return _answer(request, case, slot)


@logged_in_only
@require_safe
def small(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """The first page of a document, small."""
    picture = thumbnail(document_id, customer_of(request), moment_of(request))
    return _picture(request, number, document_id, picture)


@logged_in_only
@require_safe
def large(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """The first page of a document."""
    picture = image(document_id, 1, customer_of(request), moment_of(request))
    return _picture(request, number, document_id, picture)


def _picture(request: HttpRequest, number: str, document_id: int, picture: Picture | None) -> HttpResponse:
    case, actor = case_of(request, number), customer_of(request)
    if picture is None or document_id not in {row.id for row in documents_of(case.id, actor)}:
        raise Http404
    tag = f'"{picture.etag}"'
    same = request.headers.get("If-None-Match") == tag
    response = (
        HttpResponseNotModified() if same else HttpResponse(picture.content, content_type=picture.media_type)
    )
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(
    request: HttpRequest, case: CaseRecord, slot: str, *, problem: Text | None = None
) -> HttpResponse:
    """The card as it is now; without htmx the whole page again."""
    if not request.headers.get("HX-Request") and problem is None:
        return redirect("apply:documents", number=case.number)
    words = problem.in_language(get_language() or "zh-hans") if problem else ""
    board = _board(case, customer_of(request), problems={slot: words})
    card = _card(board, slot)
    status = 422 if problem else 200
    template = "slot_answer" if request.headers.get("HX-Request") else "slot_page"
    context = _answer_of(request, board, card)
    return render(request, f"origination/portal/{template}.html", context, status=status)


def _answer_of(request: HttpRequest, board: Mapping[str, Any], card: SlotCard) -> dict[str, Any]:
    """One card, and what else of the documents page it changes when it is that page that asks."""
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path
    is_here = page == reverse("apply:documents", args=(board["case"].number,))
    return {**board, "card": card, "swap": is_here}


def _board(case: CaseRecord, actor: Actor, problems: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All cards with what was read; what never came and cannot be sent now is left out. Five statements."""
    rows = slot_rows(case, actor)
    settled = [row.latest.id for row in rows if row.latest]
    names = {name for row in rows for name in READ_FIRST.get(row.slot.key, ())}
    back = returned(case)
    fields = fields_read(settled, names, actor) if settled else {}
    cards = [
        card_of(
            row,
            case.number,
            takes_uploads=takes(case, is_required=row.slot.is_required, state=row.state),
            problem=(problems or {}).get(row.slot.key, ""),
            fields=fields.get(row.latest.id, ()) if row.latest else (),
            is_returned=back is not None,
        )
        for row in rows
    ]
    cards = [card for card in cards if card.upload or card.thumbnail_url]
    needed = [card for card in cards if card.is_required]
    return {
        "case": case,
        "was_asked": bool(rows),
        "needed": needed,
        "optional": [card for card in cards if not card.is_required],
        "owed": sum(card.upload is not None for card in needed),
        "returned": back,
        "takes_uploads": case.is_at(TAKES_UPLOADS),
        "takes_optional": case.is_at(TAKES_UPLOADS) or case.is_at(CHECKS_THEM),
    }


def _card(board: Mapping[str, Any], slot: str) -> SlotCard:
    """The card of a slot. Raises Http404 where the case does not ask for it (any more)."""
    cards: list[SlotCard] = [*board["needed"], *board["optional"]]
    found = next((card for card in cards if card.key == slot), None)
    if found is None:
        raise Http404
    return found
