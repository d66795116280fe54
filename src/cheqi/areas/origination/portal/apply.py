"""Applying: start, one screen after the other, look it over, send it. Saved at every change."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cheqi.areas.origination.materials import slots_for
from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.areas.origination.portal.common import case_of, customer_of, local_of, not_now
from cheqi.areas.origination.portal.screens import (
    after,
    before,
    context_of,
    lines_of,
    on_screen,
    place_of,
    posted,
    terms_of,
)
from cheqi.areas.origination.portal.slots import short_name
from cheqi.areas.origination.queries import answers_of, draft_by_number, draft_of, offices
from cheqi.areas.origination.questions import SCREENS, Answers, objections
from cheqi.areas.origination.quoting import chosen, quotes
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, Refused
from cheqi.foundation.workflow.operations import withdraw
from cheqi.foundation.workflow.queries import progress_of_mine
from cheqi.ui import errors
from cheqi.ui.gates import logged_in_only
from cheqi.ui.requests import key_of, moment_of

FIRST = next(iter(SCREENS))
STEP = b'"step":"submit_online"'


@logged_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """What will be needed, and where; then a case with an empty draft."""
    actor = customer_of(request)
    branches = offices(actor)
    if request.method == "POST":
        branch = next((one for one in branches if str(one.pk) == request.POST.get("branch")), None)
        if branch is not None:
            made = start(branch_id=branch.pk, actor=actor, now=moment_of(request), key=key_of(request))
            if isinstance(made, Refused):
                return errors.refused(request, made)
            return redirect("apply:screen", number=made.number, screen=FIRST)
    context = {
        "branches": branches,
        "is_branch_missing": request.method == "POST",
        "unfinished": _unfinished(actor),
        "papers": _papers(local_of(request).date()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "origination/portal/begin.html", context, status=status)


def _papers(today: date) -> str:
    """The documents that most applications need, by their names."""
    names = [short_name(slot.title) for slot in slots_for("EMPLOYEE", "NEW", today) if slot.is_required]
    return _("、").join(names)


def _unfinished(actor: Actor) -> str:
    """The number of an application that the customer has begun and not sent."""
    newest = next((one for one in progress_of_mine(actor) if STEP in one.body), None)
    found = draft_of(newest.case_id, actor) if newest else None
    return found.number if found else ""


@logged_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest, number: str, screen: str) -> HttpResponse:
    """One screen of questions; sending it saves all of it and goes on when nothing is wrong."""
    draft = _draft(request, number)
    if isinstance(draft, HttpResponse):
        return draft
    if screen not in SCREENS:
        raise Http404
    actor, answers = customer_of(request), answers_of(draft)
    findings: tuple[Finding, ...] = ()
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = posted(request.POST, screen)
        saved = answer(case_id=draft.case_id, entered=typed, actor=actor, now=moment_of(request))
        if isinstance(saved, Refused):
            return errors.refused(request, saved)
        answers = saved.answers
        findings = (*saved.findings, *_missing_here(answers, screen, request, saved.findings))
        if not findings:
            following = after(screen)
            if following is None:
                return redirect("apply:review", number=draft.number)
            return redirect("apply:screen", number=draft.number, screen=following)
    context = context_of(
        draft,
        screen,
        answers,
        typed=typed,
        findings=findings,
        today=local_of(request).date(),
        actor=actor,
    )
    context |= {"place": place_of(screen), "back": before(screen)}
    status = 422 if findings else 200
    return render(request, "origination/portal/screen.html", context, status=status)


def _missing_here(
    answers: Answers, screen: str, request: HttpRequest, known: Sequence[Finding]
) -> tuple[Finding, ...]:
    """What is missing or impossible on this screen, beyond what could not be read."""
    keys = on_screen(screen, answers) - {finding.field for finding in known}
    return tuple(one for one in objections(answers, local_of(request).date()) if one.field in keys)


@logged_in_only
@require_POST
def save(request: HttpRequest, number: str, screen: str) -> HttpResponse:
    """Saves the one field that changed and draws it anew, with the questions that come or go because of it.

    Other fields are left alone: somebody may be typing there.
    """
    draft = _draft(request, number)
    if isinstance(draft, HttpResponse):
        return draft
    field, actor = request.GET.get("field", ""), customer_of(request)
    typed = posted(request.POST, screen)
    if screen not in SCREENS or field not in typed:
        raise Http404
    saved = answer(case_id=draft.case_id, entered={field: typed[field]}, actor=actor, now=moment_of(request))
    if isinstance(saved, Refused):
        return errors.refused(request, saved)
    today = local_of(request).date()
    kept = typed if saved.findings else {}
    context = context_of(
        draft, screen, saved.answers, typed=kept, findings=saved.findings, today=today, actor=actor
    )
    before_it, offers = answers_of(draft), context["offers"]
    changed = on_screen(screen, before_it) ^ on_screen(screen, saved.answers)
    if terms_of(before_it, offers) != terms_of(saved.answers, offers) and field != "term_months":
        changed.add("term_months")
    context |= {"field": field, "changed": changed, "saved_at": moment_of(request)}
    return HttpResponse(render_to_string("origination/portal/saved.html", context, request=request))


@logged_in_only
@require_safe
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Everything at a glance, what is missing with a way there, and the offer."""
    draft = _draft(request, number)
    return draft if isinstance(draft, HttpResponse) else _review(request, draft, ())


@logged_in_only
@require_POST
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Sends it; what speaks against it stands on the same page."""
    draft = _draft(request, number)
    if isinstance(draft, HttpResponse):
        return draft
    done = submit(
        case_id=draft.case_id, actor=customer_of(request), now=moment_of(request), key=key_of(request)
    )
    if isinstance(done, Refused):
        return _review(request, draft, done.findings)
    messages.success(request, _("申请已提交，请接着上传资料"))
    return redirect("portal:case", number=done.number)


def _review(request: HttpRequest, draft: Draft, findings: Sequence[Finding]) -> HttpResponse:
    actor, answers, today = customer_of(request), answers_of(draft), local_of(request).date()
    offers = quotes(answers, today, actor)
    quote = chosen(answers, offers)
    found = tuple(findings) or (*objections(answers, today), *(quote.findings if quote else ()))
    context: dict[str, Any] = {
        "draft": draft,
        "sections": lines_of(draft.number, answers, offers, actor),
        "quote": quote,
        "missing": [_way(draft.number, one) for one in found],
        "back": list(SCREENS)[-1],
    }
    return render(request, "origination/portal/review.html", context, status=422 if findings else 200)


def _way(number: str, finding: Finding) -> tuple[Finding, str]:
    """A finding with the address of the screen that mends it."""
    return finding, reverse("apply:screen", args=(number, place_of(finding.field).screen))


@logged_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, number: str) -> HttpResponse:
    """Withdrawing: what it means first, then it is done."""
    case, actor = case_of(request, number), customer_of(request)
    if request.method == "POST":
        done = withdraw(
            case_id=case.id,
            reason=request.POST.get("reason", "")[:200] or _("客户撤回"),
            actor=actor,
            now=moment_of(request),
            key=key_of(request),
        )
        if isinstance(done, Refused):
            return errors.refused(request, done)
        messages.success(request, _("申请已撤回"))
        return redirect("portal:case", number=case.number)
    if not case.state.is_open:
        return errors.refused(request, not_now("这笔申请已经结束", "This application has ended"))
    return render(request, "origination/portal/withdraw.html", {"case": case})


def _draft(request: HttpRequest, number: str) -> Draft | HttpResponse:
    """The draft while it can be changed by the customer; a page that says why not otherwise."""
    draft = draft_by_number(number.upper(), customer_of(request))
    if draft is None:
        raise Http404
    if not case_of(request, number).is_at("submit_online"):
        refused = not_now(
            "这份申请已提交或已结束，不能再修改。请在进度页查看，需要更正请联系客户经理",
            "This application was sent or has ended and cannot be changed; see its progress page",
        )
        return errors.refused(request, refused)
    return draft
