"""Coming in and going out: password, second factor, setting one up, and proving it again (step-up).

Each view makes one call of `foundation.staff.operations`; what they refuse stands in the form, with the
same words for a wrong login and a wrong password.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cheqi.core.base.findings import Refused
from cheqi.foundation.staff import operations, sessions
from cheqi.ui.errors import form_status
from cheqi.ui.forms import add_findings
from cheqi.web.desk.forms import CodeForm, EnrolForm, LogInForm
from cheqi.web.desk.gate import before_new_password, open_to_all
from cheqi.web.requests import actor_of, address_of, moment_of, next_of, staff_of

HOME = "/desk/"


def _onward(request: HttpRequest, url_name: str) -> HttpResponse:
    """To the next page of the log-in, carrying where the person wanted to go."""
    return redirect(f"{resolve_url(url_name)}?{urlencode({'next': next_of(request, HOME)})}")


@open_to_all
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Login and password; then on to the second factor."""
    if actor_of(request) is not None and request.method != "POST":
        return redirect(next_of(request, HOME))
    form = LogInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        result = operations.log_in(
            login=form.cleaned_data["login"],
            password=form.cleaned_data["password"],
            address=address_of(request),
            now=moment_of(request),
        )
        if not isinstance(result, Refused):
            sessions.begin(request, result, moment_of(request))
            return _onward(request, "desk:second_factor" if result.totp_confirmed_at else "desk:enrol")
        add_findings(form, result)
        status = form_status(result)
    context = {"form": form, "next": next_of(request, HOME)}
    return render(request, "desk/log_in.html", context, status=status)


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pass_second_factor(request: HttpRequest) -> HttpResponse:
    """The code after the password."""
    member = sessions.member_of(request)
    if member is None:
        return _onward(request, "desk:log_in")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        result = operations.pass_second_factor(member, code=form.cleaned_data["code"], now=moment_of(request))
        if not isinstance(result, Refused):
            sessions.pass_second_factor(request, result)
            return redirect(next_of(request, HOME))
        add_findings(form, result)
        status = form_status(result)
    context = {"form": form, "member": member, "next": next_of(request, HOME)}
    return render(request, "desk/second_factor.html", context, status=status)


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Setting up an authenticator: why, then the QR code, then a first code, then recovery codes."""
    member = sessions.member_of(request)
    if member is None:
        return _onward(request, "desk:log_in")
    is_in = sessions.is_complete(request)
    context = {
        "next": next_of(request, HOME),
        "form": EnrolForm(),
        "is_in": is_in,
        "may_skip": settings.CHEQI_SECOND_FACTOR_OPTIONAL and not is_in,
    }
    if request.method != "POST":
        return render(request, "desk/enrol.html", context)
    if request.POST.get("wish") == "later" and context["may_skip"] and member.totp_confirmed_at is None:
        sessions.pass_without_second_factor(request)
        return redirect(next_of(request, HOME))
    if request.POST.get("wish") == "begin":
        begun = operations.begin_totp(member)
        if isinstance(begun, Refused):
            return _onward(request, "desk:second_factor")
        return render(request, "desk/enrol.html", {**context, "enrolment": begun})
    form = EnrolForm(request.POST)
    status = 422
    if form.is_valid():
        now = moment_of(request)
        result = operations.confirm_totp(member, code=form.cleaned_data["code"], now=now)
        if not isinstance(result, Refused):
            sessions.pass_second_factor(request, now)
            return render(request, "desk/enrolled.html", {**context, "codes": result})
        add_findings(form, result)
        status = form_status(result)
    return render(request, "desk/enrol.html", {**context, "form": form, "is_scanned": True}, status=status)


@before_new_password
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """A fresh code before a sensitive action, then back to it."""
    actor = staff_of(request)
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        result = operations.step_up(actor, code=form.cleaned_data["code"], now=moment_of(request))
        if not isinstance(result, Refused):
            sessions.stepped_up(request, result)
            return redirect(next_of(request, HOME))
        add_findings(form, result)
        status = form_status(result)
    context = {"form": form, "next": next_of(request, HOME)}
    return render(request, "desk/step_up.html", context, status=status)


@open_to_all
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends this session, or all of the member's with `everywhere`."""
    member = sessions.member_of(request)
    if member is not None:
        operations.log_out(member, everywhere=request.POST.get("everywhere") == "yes", now=moment_of(request))
    sessions.end(request)
    return redirect("desk:log_in")
