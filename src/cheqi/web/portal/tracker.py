"""The tracker: the customer's home, one case, its history, the proof of each event.

Live by conditional polling: the tag is made of the progress row's own tag and what the process adds, so an
unchanged case costs a few look-ups and a 304, and no rendering. Elapsed times are refreshed
every few minutes.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.process.definition import Definition
from cheqi.foundation.eventlog.operations import evidence_bundle
from cheqi.foundation.eventlog.queries import TimelineEntry, event_proof, timeline
from cheqi.foundation.workflow.definitions import definition_of_case
from cheqi.foundation.workflow.queries import TrackerAnswer, progress_by_number, progress_of_mine
from cheqi.ui import errors
from cheqi.ui.faces import TrackedCase, face, fingerprint, parts
from cheqi.ui.gates import customers_only, logged_in_only
from cheqi.ui.parts import Happening, Timeline
from cheqi.ui.requests import actor_of, moment_of
from cheqi.web.portal.forecasts import forecasts
from cheqi.web.portal.standing import Standing, rail_of, standing
from cheqi.web.telling import told

SHOWN_EVENTS = 5
REFRESH_S = 300


def tracked(answer: TrackerAnswer | None) -> TrackedCase:
    """The case of an answer. Raises Http404: missing and somebody else's are the same."""
    if answer is None:
        raise Http404
    body = msgspec.json.decode(answer.body)
    return TrackedCase(answer.case_id, body["number"], body)


def customer_of(request: HttpRequest) -> Actor:
    """The customer behind the gate."""
    actor = actor_of(request)
    if actor is None:
        raise Http404
    return actor


@customers_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The newest open case; a list where there are several, or where one takes part in another's; the way
    in where there is none."""
    actor = customer_of(request)
    cases = [tracked(answer) for answer in progress_of_mine(actor)]
    going_on = [case for case in cases if case.is_open]
    taking_part = parts(actor, moment_of(request))
    is_alone = len(going_on) == 1 or (len(cases) == 1 and not going_on)
    if is_alone and not taking_part:
        return redirect("portal:case", number=(going_on or cases)[0].number)
    language, now = get_language() or "zh-hans", moment_of(request)
    rows = [(case, standing(case.answer, language=language, now=now, forecasts={})) for case in cases]
    return render(request, "portal/home.html", {"rows": rows, "parts": taking_part})


@logged_in_only
@require_safe
def part(request: HttpRequest, number: str) -> HttpResponse:
    """A case of somebody else in which one takes part: how far it is, and one's own share in it."""
    found = parts(customer_of(request), moment_of(request))
    mine = next((one for one in found if one.case.number == number.upper()), None)
    if mine is None:
        raise Http404
    rail = rail_of(mine.case.answer, get_language() or "zh-hans")
    return render(request, "portal/part.html", {"part": mine, "rail": rail})


@customers_only
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The tracker of one case."""
    answer = progress_by_number(number.upper(), customer_of(request))
    found = tracked(answer)
    return render(request, "portal/case.html", _context(request, found))


@customers_only
@require_safe
def live(request: HttpRequest, number: str) -> HttpResponse:
    """What changed of it: the inside of the page, or 304."""
    answer = progress_by_number(number.upper(), customer_of(request))
    found = tracked(answer)
    tag = _tag(request, answer.etag if answer else "", found)
    response: HttpResponse
    if request.headers.get("If-None-Match", "") == tag:
        response = HttpResponseNotModified()
    else:
        body = render_to_string("portal/case_body.html", _context(request, found), request=request)
        response = HttpResponse(body)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


@customers_only
@require_safe
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that happened, as far as it is meant for the customer."""
    actor = customer_of(request)
    found = tracked(progress_by_number(number.upper(), actor))
    entries = timeline(found.case_id, actor)[::-1]
    return render(request, "portal/history.html", {"case": found, "log": _log(found, entries)})


@customers_only
@require_safe
def proof(request: HttpRequest, number: str, event_id: int) -> HttpResponse:
    """One event and what proves it."""
    actor = customer_of(request)
    found = tracked(progress_by_number(number.upper(), actor))
    shown = event_proof(event_id, found.case_id, actor)
    if shown is None:
        raise Http404
    line = _teller(definition_of_case(found.case_id))(shown.entry)
    return render(request, "portal/proof.html", {"case": found, "proof": shown, "line": line})


@customers_only
@require_safe
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """The evidence bundle as a file; taking it is itself logged."""
    actor = customer_of(request)
    found = tracked(progress_by_number(number.upper(), actor))
    made = evidence_bundle(found.case_id, actor=actor, now=moment_of(request))
    if isinstance(made, Refused):
        return errors.refused(request, made)
    response = HttpResponse(made, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}-evidence.zip"'
    return response


def _context(request: HttpRequest, found: TrackedCase) -> dict[str, object]:
    actor, now, language = customer_of(request), moment_of(request), get_language() or "zh-hans"
    head: Standing = standing(
        found.answer,
        language=language,
        now=now,
        forecasts=forecasts(found, actor, now),
    )
    entries = timeline(found.case_id, _of(found, actor))[::-1]
    shown = face(found, actor, now)
    return {
        "case": found,
        "head": head,
        "face": shown,
        "log": _log(found, entries[:SHOWN_EVENTS], shown.definition),
        "happened": len(entries),
        "is_tracking": actor.scope.party_id is None,
    }


def _of(found: TrackedCase, actor: Actor) -> Actor:
    """The actor with the case that was found for them in their scope, so that it is not asked for again."""
    return replace(actor, scope=replace(actor.scope, case_ids=actor.scope.case_ids | {found.case_id}))


def _log(
    found: TrackedCase, entries: tuple[TimelineEntry, ...], definition: Definition | None = None
) -> Timeline:
    """The lines in the reader's language, each step told by how it ended in the case's process."""
    said = _teller(definition or definition_of_case(found.case_id))
    return Timeline(
        tuple(
            Happening(
                entry.occurred_at,
                said(entry),
                proof_url=reverse("portal:proof", args=(found.number, entry.id)),
            )
            for entry in entries
        ),
        is_log=True,
    )


def _teller(definition: Definition | None) -> Callable[[TimelineEntry], str]:
    language = get_language() or "zh-hans"
    return lambda entry: told(entry, definition, language)


def _tag(request: HttpRequest, etag: str, found: TrackedCase) -> str:
    turn = int(moment_of(request).timestamp()) // REFRESH_S
    made_of = f"{etag} {fingerprint(found, customer_of(request))} {get_language()} {turn}"
    return f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
