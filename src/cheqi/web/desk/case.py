"""The page of one case: facts at the left, the open step's work in the middle, what happened at the right.

The frame knows no process. What stands in it comes from `ui.casework`, where areas register their steps; a
form posts its deed here, and the deed makes the one call of an operation. The three columns are fragments
that fill at once after the frame, so that none of them waits for the others.
"""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.process.discretion import veiled
from cheqi.foundation.eventlog.operations import evidence_bundle
from cheqi.foundation.workflow.queries import CaseView, progress_by_number, view_of
from cheqi.foundation.workflow.record import CaseRecord
from cheqi.foundation.workflow.store import load_case_of
from cheqi.ui import errors, live
from cheqi.ui.casework import Deed, Work, facts_of, is_by_me, overtaken, panel_of, reveal_of
from cheqi.ui.errors import form_status
from cheqi.ui.forms import add_findings, said
from cheqi.ui.requests import moment_of, staff_of
from cheqi.web.desk import operations
from cheqi.web.desk.case_parts import frame_context, happenings, may_reveal, step_of, work_context
from cheqi.web.desk.queries import others_looking

KEY_LENGTH = 32


def record_of(number: str, actor: Actor) -> CaseRecord:
    """The case of a number as one value, within the actor's scope. Raises Http404."""
    loaded = load_case_of(number, actor)
    if loaded is None:
        raise Http404
    return loaded.record


def work_on(request: HttpRequest, record: CaseRecord, actor: Actor) -> Work:
    """The case before the actor's eyes, at the step that the address or the form names."""
    asked = request.POST if request.method == "POST" else request.GET
    return Work(
        record=record,
        step=step_of(record, asked.get("step", ""), actor),
        actor=actor,
        now=moment_of(request),
        asked=request.GET.dict(),
        veiled=veiled(record.definition, record.state, actor),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The frame with head and actions; a post carries one deed out."""
    actor = staff_of(request)
    view = view_of(record_of(number, actor), actor, moment_of(request))
    work = work_on(request, view.record, actor)
    if request.method == "POST":
        return _do(request, work, view)
    context = {**frame_context(work, view, {}), "nonce": uuid4().hex, "query": request.GET.urlencode()}
    return render(request, "desk/case.html", context)


@require_safe
def facts(request: HttpRequest, number: str) -> HttpResponse:
    """The left column."""
    actor = staff_of(request)
    record = record_of(number, actor)
    sheet = facts_of(record, actor, moment_of(request))
    context = {"sheet": sheet, "number": number, "may_unmask": may_reveal(record, actor)}
    return render(request, "desk/case_facts.html", context)


@require_safe
def work_column(request: HttpRequest, number: str) -> HttpResponse:
    """The middle column."""
    actor = staff_of(request)
    work = work_on(request, record_of(number, actor), actor)
    return render(request, "desk/case_work.html", {**work_context(work, {}), "nonce": uuid4().hex})


@require_safe
def past(request: HttpRequest, number: str) -> HttpResponse:
    """The right column; asked again while the page is open."""
    actor = staff_of(request)
    work = work_on(request, record_of(number, actor), actor)
    return live.fragment(request, "desk/case_past.html", {**happenings(work), "now": work.now})


def _do(request: HttpRequest, work: Work, view: CaseView) -> HttpResponse:
    """One deed: checked against the round that the person saw, then run; the same post twice runs once."""
    panel = panel_of(work.record.process, work.step.key)
    deed = panel.deed(request.POST.get("deed", "")) if panel else None
    if deed is None:
        raise Http404
    if (answer := _overtaken(request, work)) is not None:
        return answer
    form = deed.form(request.POST, request.FILES) if deed.form else forms.Form(request.POST)
    if not form.is_valid():
        return _again(request, work, view, deed, form)
    nonce = request.POST.get("nonce", "")[:KEY_LENGTH] or uuid4().hex
    key = f"desk:{work.record.number}:{work.step.key}:{work.round}:{deed.key}:{nonce}"
    result = deed.run(work, form.cleaned_data, key)
    if isinstance(result, Refused):
        if result.kind is RefusalKind.INVALID:
            add_findings(form, result)
            return _again(request, work, view, deed, form, status=form_status(result))
        return errors.refused(request, result)
    messages.success(request, str(deed.said or _("已完成：%(what)s") % {"what": deed.label}))
    return redirect(_after(request, work, deed))


def _again(
    request: HttpRequest, work: Work, view: CaseView, deed: Deed, form: forms.Form, *, status: int = 422
) -> HttpResponse:
    """The page with the form as it was filled in, and what is wrong with it."""
    tried = {deed.key: form}
    context: dict[str, Any] = {**frame_context(work, view, tried), **work_context(work, tried)}
    context |= {"nonce": uuid4().hex, "query": request.GET.urlencode(), "is_tried": True}
    return render(request, "desk/case.html", context, status=status)


def _after(request: HttpRequest, work: Work, deed: Deed) -> str:
    """Back to the case: to its next step after one was ended, to the same place otherwise."""
    base = reverse("desk:case", args=[work.record.number])
    if deed.outcome:
        return f"{base}?done={work.step.key}"
    query = request.GET.copy()
    query["step"] = work.step.key
    return f"{base}?{query.urlencode()}"


def _overtaken(request: HttpRequest, work: Work) -> HttpResponse | None:
    """None while the round that the person saw is open; otherwise who was faster, or back if it was me."""
    given = request.POST.get("round", "")
    seen = int(given) if given.isascii() and given.isdigit() else 0
    refused = overtaken(work, seen)
    if refused is None:
        return None
    if is_by_me(work, seen):
        return redirect(reverse("desk:case", args=[work.record.number]))
    return errors.refused(request, refused)


@require_safe
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Who else is looking, asked again while the page is open."""
    actor, now = staff_of(request), moment_of(request)
    found = progress_by_number(number, actor)
    if found is None:
        raise Http404
    operations.look_at(found.case_id, actor=actor, now=now)
    return live.fragment(request, "desk/presence.html", {"others": others_looking(found.case_id, actor, now)})


@require_safe
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """The evidence bundle of the case; not while independent decisions are still veiled from who asks."""
    actor, now = staff_of(request), moment_of(request)
    record = record_of(number, actor)
    if veiled(record.definition, record.state, actor):
        message = Text("独立复核完成后才能导出凭证", "The evidence can be exported after the second decision")
        return errors.refused(request, refuse(RefusalKind.NOT_NOW, "desk.veiled", message))
    bundle = evidence_bundle(record.id, actor=actor, now=now)
    if isinstance(bundle, Refused):
        return errors.refused(request, bundle)
    response = HttpResponse(bundle, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{record.number}-evidence.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """A masked value in clear, for its reason; shown once, in a fragment that nobody keeps."""
    actor, now = staff_of(request), moment_of(request)
    record = record_of(number, actor)
    reveal = reveal_of(record.process)
    if reveal is None:
        raise Http404
    value = reveal(record, request.POST.get("what", ""), actor, request.POST.get("reason", ""), now)
    context, status = {"value": value}, 200
    if isinstance(value, Refused):
        context = {"error": " ".join(said(one) for one in value.findings)}
        status = 422 if value.kind is RefusalKind.INVALID else errors.STATUS[value.kind]
    response = render(request, "desk/unmasked.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
