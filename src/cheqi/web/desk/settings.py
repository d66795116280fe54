"""One's own settings: who I am, language, where messages come, absence with who stands in, kept views."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cheqi.core.base.findings import Refused
from cheqi.foundation.messages.queries import unread_count
from cheqi.foundation.staff import queries
from cheqi.foundation.staff.roles import ROLES
from cheqi.ui.errors import form_status
from cheqi.ui.forms import add_findings
from cheqi.ui.requests import moment_of, staff_of
from cheqi.web.desk import operations
from cheqi.web.desk.gate import member_behind
from cheqi.web.desk.people import AbsenceForm, go_away
from cheqi.web.desk.queries import views_of
from cheqi.web.desk.queue import PLACE


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """All of one's own settings; an absence is entered and a kept view forgotten here."""
    actor, now, member = staff_of(request), moment_of(request), member_behind(request)
    if dropped := request.POST.get("drop", ""):
        operations.drop_view(int(dropped) if dropped.isdecimal() else 0, actor=actor)
        messages.success(request, _("视图已删除"))
        return redirect("desk:settings")
    others = [(str(one.id), one.name) for one in queries.members(actor, now) if one.is_active]
    people = [one for one in others if one[0] != actor.id]
    form, status = AbsenceForm(request.POST or None, people=people), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done = go_away(request, form, actor, now)
            if not isinstance(done, Refused):
                messages.success(request, _("外出已登记"))
                return redirect("desk:settings")
            add_findings(form, done)
            status = form_status(done)
    language = get_language() or "zh-hans"
    context = {
        "member": member,
        "roles": [ROLES[key].title.in_language(language) for key in sorted(actor.roles) if key in ROLES],
        "absences": queries.own_absences(actor, now),
        "absence": form,
        "views": views_of(PLACE, actor),
        "unread": unread_count(actor),
    }
    return render(request, "desk/settings.html", context, status=status)
