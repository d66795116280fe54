"""The account of the person at the desk: password, second factor, and the programs that work as them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cheqi.core.base.findings import Refused
from cheqi.foundation.staff import operations, sessions
from cheqi.foundation.staff.roles import ROLES
from cheqi.foundation.staff.tokens import IDLE_FOR, live_sessions
from cheqi.ui import errors
from cheqi.ui.errors import form_status
from cheqi.ui.formatting import duration
from cheqi.ui.forms import add_findings
from cheqi.web.desk.forms import PasswordForm
from cheqi.web.desk.gate import before_new_password, member_behind
from cheqi.web.requests import address_of, moment_of, staff_of


@before_new_password
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, my second factor, and a new password."""
    member = member_behind(request)
    actor = staff_of(request)
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        result = operations.change_password(
            member,
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            address=address_of(request),
            now=moment_of(request),
        )
        if not isinstance(result, Refused):
            sessions.keep(request, result)
            messages.success(request, _("密码已更换，其他设备上的登录已失效。"))
            return redirect("desk:account")
        add_findings(form, result)
        status = form_status(result)
    language = get_language() or "zh-hans"
    roles = [ROLES[key].title.in_language(language) for key in sorted(actor.roles) if key in ROLES]
    context = {
        "form": form,
        "member": member,
        "roles": roles,
        "programs": live_sessions(member, moment_of(request)),
        "idle_for": duration(IDLE_FOR),
        "lasts_for": duration(sessions.LASTS_FOR),
    }
    return render(request, "desk/account.html", context, status=status)


@before_new_password
@require_POST
def end_program(request: HttpRequest, session: str) -> HttpResponse:
    """Ends one of one's own sessions at the API."""
    ended = operations.end_api_session(session, actor=staff_of(request), now=moment_of(request))
    if isinstance(ended, Refused):
        return errors.refused(request, ended)
    messages.success(request, _("已结束，该程序须重新登录"))
    return redirect("desk:account")
