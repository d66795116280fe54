"""A customer comes in: by mobile and one-time code, or to one case by its number and a code.

What the page says never depends on whether a number or a case exists. The challenge of the last code stays in
the browser's session; the code itself only in the message.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cheqi.core.base.findings import Refused
from cheqi.foundation.access import sessions
from cheqi.foundation.access.operations.codes import CodeRequested, request_code, request_tracker_code
from cheqi.foundation.access.operations.customers import confirm_code, end_session
from cheqi.ui.errors import form_status
from cheqi.ui.forms import add_findings
from cheqi.web.portal.forms import MobileForm, OneTimeCodeForm, TrackForm
from cheqi.web.requests import address_of, moment_of, next_of

PENDING = "code"
COUNTRY = "+86"
RESEND_AFTER = timedelta(seconds=60)


def _remember(request: HttpRequest, requested: CodeRequested, asked: dict[str, str], ends: str) -> None:
    """What the code page needs: the challenge, how to ask again, and which number to name."""
    request.session[PENDING] = {
        "challenge": str(requested.challenge),
        "asked": asked,
        "asked_at": moment_of(request).isoformat(),
        "ends": ends,
    }


def _ask(request: HttpRequest, asked: dict[str, str]) -> CodeRequested | Refused:
    """Asks for a code: to a number, or to whoever a case belongs to."""
    now, address = moment_of(request), address_of(request)
    if "mobile" in asked:
        return request_code(mobile=asked["mobile"], purpose="LOGIN", now=now, address=address)
    return request_tracker_code(
        case_number=asked["case_number"], mobile_last4=asked["mobile_last4"], now=now, address=address
    )


def _to_code_page(request: HttpRequest) -> HttpResponse:
    return redirect(f"{resolve_url('portal:code')}?{urlencode({'next': next_of(request, '/')})}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The mobile number; then a code is on its way."""
    form = MobileForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        asked = {"mobile": COUNTRY + form.cleaned_data["mobile"]}
        result = _ask(request, asked)
        if not isinstance(result, Refused):
            _remember(request, result, asked, form.cleaned_data["mobile"][-4:])
            return _to_code_page(request)
        add_findings(form, result)
        status = form_status(result)
    context = {"form": form, "next": next_of(request, "/"), "has_ended": "ended" in request.GET}
    return render(request, "portal/log_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """One case by its number and the last four digits; a link may carry the number."""
    form = TrackForm(request.POST or None, initial={"case_number": request.GET.get("case", "")[:40]})
    status = 200
    if request.method == "POST" and form.is_valid():
        asked = {name: str(form.cleaned_data[name]) for name in ("case_number", "mobile_last4")}
        result = _ask(request, asked)
        if not isinstance(result, Refused):
            _remember(request, result, asked, asked["mobile_last4"])
            return _to_code_page(request)
        add_findings(form, result)
        status = form_status(result)
    context = {"form": form, "next": next_of(request, "/"), "has_ended": "ended" in request.GET}
    return render(request, "portal/track.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The code of the message, or a new one once a minute has passed."""
    pending = request.session.get(PENDING)
    if not pending:
        return redirect("portal:log_in")
    is_given = request.method == "POST" and request.POST.get("wish") != "again"
    form = OneTimeCodeForm(request.POST if is_given else None)
    status = 200
    if request.method == "POST" and not form.is_bound:
        result = _ask(request, pending["asked"])
        if not isinstance(result, Refused):
            _remember(request, result, pending["asked"], pending["ends"])
            return _to_code_page(request)
        form, status = OneTimeCodeForm.refusing(result), form_status(result)
    elif request.method == "POST" and form.is_valid():
        session = confirm_code(
            challenge=UUID(pending["challenge"]),
            code=form.cleaned_data["code"],
            now=moment_of(request),
            address=address_of(request),
        )
        if not isinstance(session, Refused):
            sessions.begin(request, session)
            return redirect(next_of(request, "/"))
        form, status = OneTimeCodeForm.refusing(session), form_status(session)
    waited = moment_of(request) - datetime.fromisoformat(pending["asked_at"])
    context = {
        "form": form,
        "ends": pending["ends"],
        "is_tracking": "mobile" not in pending["asked"],
        "resend_s": max(0, int((RESEND_AFTER - waited).total_seconds())),
        "next": next_of(request, "/"),
    }
    return render(request, "portal/code.html", context, status=status)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the customer's session here."""
    held = sessions.session_id(request)
    if held is not None:
        end_session(held, now=moment_of(request))
    sessions.end(request)
    return redirect("portal:log_in")
