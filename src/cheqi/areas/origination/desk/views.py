"""The application form at the desk, and documents taken in on the customer's behalf."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cheqi.areas.origination.desk.documents import newest
from cheqi.areas.origination.desk.entry_panel import slot_line
from cheqi.areas.origination.desk.form import StartForm, groups, live_offer
from cheqi.areas.origination.materials import slots_of
from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations import documents
from cheqi.areas.origination.operations.assisting import show_at_desk
from cheqi.areas.origination.operations.drafting import answer, may_enter, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.areas.origination.queries import answers_of, draft_of
from cheqi.areas.origination.questions import QUESTIONS
from cheqi.areas.origination.returns import returned
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, Refused
from cheqi.foundation.documents.queries import documents_of, pictures_of
from cheqi.foundation.paper.queries import file_of
from cheqi.foundation.staff.models import Branch
from cheqi.foundation.workflow.queries import progress_by_number
from cheqi.foundation.workflow.store import load_case_of
from cheqi.records.applications.queries import dealers
from cheqi.records.products.queries import on_offer
from cheqi.ui import errors
from cheqi.ui.forms import add_findings, said
from cheqi.ui.requests import moment_of, staff_of


def _branches(actor: Actor) -> list[tuple[int, str]]:
    rows = Branch.objects.order_by("code", "pk")
    if not actor.scope.everything:
        rows = rows.filter(pk__in=actor.scope.branch_ids)
    return [(row.pk, row.name) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The mobile first: who has it is found, or entered; then the whole form."""
    actor = staff_of(request)
    if not may_enter(actor):
        return errors.page(request, 403, (str(_("录入申请由客户经理办理。")),))
    form = StartForm(request.POST or None, branches=_branches(actor), initial={"key": uuid4().hex})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            draft = start(
                branch_id=int(given["branch"]),
                mobile=given["mobile"],
                actor=actor,
                now=moment_of(request),
                key=f"desk:{given['key']}",
            )
            if not isinstance(draft, Refused):
                return redirect("application_desk:application", draft.number)
            add_findings(form, draft)
    return render(request, "origination/desk/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, number: str) -> HttpResponse:
    """The whole form on one page; what is typed is saved as one goes, and sent when it is complete."""
    actor, now = staff_of(request), moment_of(request)
    draft = _draft(number, actor)
    if draft.application_id is not None:
        return redirect("desk:case", number)
    if not may_enter(actor):
        return errors.page(request, 403, (str(_("录入申请由客户经理办理。")),))
    findings: tuple[Finding, ...] = ()
    status = 200
    if request.method == "POST":
        entered = {name: request.POST.get(name, "") for name in QUESTIONS if name in request.POST}
        saved = answer(case_id=draft.case_id, entered=entered, actor=actor, now=now)
        if isinstance(saved, Refused):
            return errors.refused(request, saved)
        findings, status = saved.findings, 422 if saved.findings else 200
        if request.POST.get("wish") == "submit" and not findings:
            sent = submit(case_id=draft.case_id, actor=actor, now=now, key=f"desk:submit:{draft.number}")
            if not isinstance(sent, Refused):
                messages.success(request, _("申请 %(number)s 已提交") % {"number": draft.number})
                return redirect("desk:case", number)
            findings, status = sent.findings, 422
        draft.refresh_from_db()
    context = _form_context(request, draft, actor, findings)
    if request.headers.get("HX-Request"):
        return render(request, "origination/desk/application_saved.html", context)
    return render(request, "origination/desk/application.html", context, status=status)


def _form_context(
    request: HttpRequest, draft: Draft, actor: Actor, findings: tuple[Finding, ...]
) -> dict[str, Any]:
    today = timezone.localtime(moment_of(request)).date()
    answers = answers_of(draft)
    kind, condition = str(answers.get("customer_type", "")), str(answers.get("condition", ""))
    offered = on_offer(today, actor, customer_type=kind, condition=condition)
    wrong = {finding.field: said(finding) for finding in findings}
    typed = request.POST if request.method == "POST" else None
    language = get_language() or "zh-hans"
    names = [
        (row.product.code, row.product.name_en if language.startswith("en") else row.product.name_zh)
        for row in offered
    ]
    sellers = [(str(row.pk), row.name) for row in dealers(actor)]
    return {
        "draft": draft,
        "groups": groups(answers, wrong, typed, products=names, dealers=sellers, language=language),
        "offer": live_offer(answers, offered, today),
        "general": [said(one) for one in findings if one.field not in QUESTIONS],
        "wrong": len(findings),
        "saved_at": draft.changed_at,
        "number": draft.number,
    }


def _draft(number: str, actor: Actor) -> Draft:
    found = progress_by_number(number, actor)
    draft = draft_of(found.case_id, actor) if found else None
    if draft is None:
        raise Http404
    return draft


@require_safe
def contract(request: HttpRequest, number: str, party_id: int) -> HttpResponse:
    """The contract for somebody who reads it at the desk before signing; that they had it is noted."""
    actor, now = staff_of(request), moment_of(request)
    found = progress_by_number(number, actor)
    if found is None:
        raise Http404
    shown = show_at_desk(case_id=found.case_id, party_id=party_id, actor=actor, now=now)
    if isinstance(shown, Refused):
        return errors.refused(request, shown)
    paper = file_of(shown)
    response = HttpResponse(paper.content, content_type=paper.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{shown.number}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def upload(request: HttpRequest, number: str, slot: str) -> HttpResponse:
    """Takes a file in on the customer's behalf; answers with the slot as it is now."""
    actor, now = staff_of(request), moment_of(request)
    found = progress_by_number(number, actor)
    if found is None:
        raise Http404
    file = next((one for one in request.FILES.getlist("file") if one.size is not None), None)
    error = str(_("没有收到文件，请重新选择"))
    if file is not None:
        key = f"desk:{number}:{slot}:{uuid4().hex}"
        received = documents.upload(
            file,
            case_id=found.case_id,
            slot=slot,
            actor=actor,
            now=now,
            key=key,
        )
        error = " ".join(said(one) for one in received.findings) if isinstance(received, Refused) else ""
    if not request.headers.get("HX-Request"):
        if error:
            messages.error(request, error)
        return redirect(f"{reverse('desk:case', args=[number])}?step=collect_materials")
    return _slot(request, number, slot, error)


@require_safe
def slot_state(request: HttpRequest, number: str, slot: str) -> HttpResponse:
    """One slot as it is now, asked while its document is being read."""
    staff_of(request)
    return _slot(request, number, slot, "")


def _slot(request: HttpRequest, number: str, key: str, error: str) -> HttpResponse:
    actor, now = staff_of(request), moment_of(request)
    loaded = load_case_of(number, actor)
    if loaded is None:
        raise Http404
    record = loaded.record
    wanted = next((one for one in slots_of(record) if one.key == key), None)
    if wanted is None:
        raise Http404
    rows = {row.slot: row for row in newest(documents_of(record.id, actor))}
    line = slot_line(
        number,
        wanted,
        rows,
        pictures_of(record, actor, now),
        may_send=documents.may_upload(record, actor, now),
        may_replace=returned(record) is not None,
    )
    line["error"] = error
    response = render(request, "origination/desk/slot.html", {"slot": line}, status=422 if error else 200)
    if error:
        response.headers["X-Message"] = quote(error)
    return response
