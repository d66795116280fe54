"""Customers: found by name, mobile or ID number, shown masked, with their cases and loans.

A masked value is shown in clear for a reason, which is on record with who asked and when.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.messages.preferences import Setting, settings_of
from cheqi.foundation.privacy.operations import unmask
from cheqi.foundation.staff.roles import Permission, may
from cheqi.foundation.workflow.queries import CaseFilters, cases
from cheqi.records.loans.choices import LoanState
from cheqi.records.loans.queries import loans_of
from cheqi.records.parties.choices import Channel, Language, PartyKind
from cheqi.records.parties.queries import PartyView, accounts, as_view, search, visible_parties
from cheqi.ui import errors
from cheqi.ui.choices import Badge, Tone
from cheqi.ui.forms import said
from cheqi.ui.requests import moment_of, staff_of
from cheqi.web.desk import asked
from cheqi.web.desk.cases import case_rows
from cheqi.web.wording import CHANNELS, PURPOSES, WAYS, in_words

SEALED = ("id_number", "mobile")
MOST_CASES = 50


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The search; nothing is listed before somebody asks for somebody.

    What is asked for is posted: a number in an address would stay in histories and logs.
    """
    text = asked.asked_text(request.POST.get("q", ""))
    if text:
        word = asked.keep(request.session, text, now=moment_of(request))
        return redirect("desk:customers_found", word)
    return render(request, "desk/customers.html", {"text": "", "found": ()})


@require_safe
def found(request: HttpRequest, word: str) -> HttpResponse:
    """Who was found, at an address that does not say who was asked for."""
    actor, text = staff_of(request), asked.kept(request.session, word, now=moment_of(request))
    people = search(text, actor) if text else ()
    context = {"text": text or "", "found": people, "is_short": len(text or "") == 1, "is_over": text is None}
    return render(request, "desk/customers.html", context)


@require_safe
def page(request: HttpRequest, party_id: int) -> HttpResponse:
    """One customer: who, how to reach them, their accounts, cases and loans."""
    actor, now = staff_of(request), moment_of(request)
    row = visible_parties(actor).filter(pk=party_id).first()
    if row is None:
        raise Http404
    found = cases(actor, CaseFilters("", party_id=row.pk), now, limit=MOST_CASES)
    customer = as_view(row, actor)
    context = {
        "customer": customer,
        "kind": PartyKind(customer.kind).label,
        "lines": _lines(customer, {name: getattr(row, name) for name in SEALED}),
        "reads": Language(customer.language).label,
        "channel": Channel(customer.channel).label,
        "notices": [_setting(one, request.LANGUAGE_CODE) for one in settings_of(row.pk)],
        "accounts": accounts(row.pk, actor),
        "cases": case_rows(found),
        "loans": [
            (one, Badge(LoanState(one.state).label, Tone(LoanState(one.state).tone)))
            for one in loans_of(row.pk, actor)
        ],
        "may_unmask": may(actor, Permission.UNMASK),
        "unmask_url": reverse("desk:customer_unmask", args=[row.pk]),
    }
    return render(request, "desk/customer.html", context)


@require_POST
def reveal(request: HttpRequest, party_id: int) -> HttpResponse:
    """A masked value in clear, for its reason; shown once, in a fragment that nobody keeps."""
    actor: Actor = staff_of(request)
    row, field = visible_parties(actor).filter(pk=party_id).first(), request.POST.get("what", "")
    if row is None or field not in SEALED:
        raise Http404
    reason = request.POST.get("reason", "")
    value = unmask(row, field, actor=actor, reason=reason, now=moment_of(request), party_id=row.pk)
    context: dict[str, Any] = {"value": value}
    status = 200
    if isinstance(value, Refused):
        context = {"error": " ".join(said(one) for one in value.findings)}
        status = 422 if value.kind is RefusalKind.INVALID else errors.STATUS[value.kind]
    response = render(request, "desk/unmasked.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _setting(one: Setting, language: str) -> dict[str, Any]:
    """One switch of the person's message settings, with when and how they set it."""
    return {
        "kind": in_words(PURPOSES, one.purpose.value, language),
        "channel": in_words(CHANNELS, one.channel.value, language),
        "is_wanted": one.is_wanted,
        "at": one.at,
        "way": in_words(WAYS, one.way, language),
    }


def _lines(customer: PartyView, whole: dict[str, str]) -> list[dict[str, Any]]:
    number = _("统一代码") if customer.kind == PartyKind.COMPANY else _("身份证号")
    shown = (("id_number", number, customer.id_number), ("mobile", _("手机号"), customer.mobile))
    return [
        {"key": key, "label": label, "value": value, "is_masked": value != whole[key]}
        for key, label, value in shown
        if value
    ]
