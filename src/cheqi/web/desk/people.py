"""Colleagues with their roles, own absences with who stands in, and changes of roles by two people."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.foundation.staff import operations, queries
from cheqi.foundation.staff.models import Branch, Member, RoleChange
from cheqi.foundation.staff.queries import MemberLine
from cheqi.foundation.staff.roles import ROLES, Permission, may
from cheqi.ui import errors
from cheqi.ui.errors import form_status
from cheqi.ui.forms import add_findings
from cheqi.ui.requests import moment_of, next_of, staff_of
from cheqi.web.desk.gate import member_behind

DAY = {"type": "date"}


class AbsenceForm(forms.Form):
    """From when until when, and who stands in."""

    from_date = forms.DateField(label=gettext_lazy("从"), widget=forms.DateInput(attrs=DAY))
    until_date = forms.DateField(label=gettext_lazy("到（含）"), widget=forms.DateInput(attrs=DAY))
    delegate = forms.ChoiceField(
        label=gettext_lazy("代理人"),
        required=False,
        help_text=gettext_lazy("代理人在此期间办理您的任务；系统管理和审计角色不能委托"),
    )
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=200)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["delegate"].choices = [("", _("不指定")), *people]  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """A proposal to give or take a role."""

    member = forms.ChoiceField(label=gettext_lazy("同事"))
    kind = forms.ChoiceField(
        label=gettext_lazy("变更"),
        choices=[("GRANT", gettext_lazy("授予")), ("REVOKE", gettext_lazy("收回"))],
    )
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    branch = forms.ChoiceField(label=gettext_lazy("机构"), required=False)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        branches = [("", _("所有机构")), *((str(pk), name) for pk, name in _branches())]
        self.fields["member"].choices = people  # type: ignore[attr-defined]
        self.fields["role"].choices = [(key, role_title(key)) for key in ROLES]  # type: ignore[attr-defined]
        self.fields["branch"].choices = branches  # type: ignore[attr-defined]


def role_title(key: str) -> str:
    """A role in the language of the page."""
    return ROLES[key].title.in_language(get_language() or "zh-hans") if key in ROLES else key


def _branches() -> list[tuple[int, str]]:
    return list(Branch.objects.order_by("code").values_list("pk", "name"))


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Colleagues; one's own absence and, for administrators, a proposal are entered here."""
    actor, now = staff_of(request), moment_of(request)
    lines = queries.members(actor, now)
    others = [(str(one.id), one.name) for one in lines if one.is_active and str(one.id) != actor.id]
    manages = may(actor, Permission.MANAGE_STAFF)
    wish = request.POST.get("wish", "")
    absence = AbsenceForm(request.POST if wish == "absence" else None, people=others)
    role = RoleForm(request.POST if wish == "role" else None, people=others) if manages else None
    status = 200
    if request.method == "POST":
        status = 422
        form = role if wish == "role" and role is not None else absence
        if form.is_valid():
            done = _proposed(form, actor, now) if form is role else go_away(request, form, actor, now)
            if not isinstance(done, Refused):
                said = _("已提议，等另一位管理员确认") if form is role else _("外出已登记")
                messages.success(request, said)
                return redirect("desk:people")
            add_findings(form, done)
            status = form_status(done)
    context = {
        "rows": [_row(one) for one in lines],
        "absence": absence,
        "role": role,
        "absences": queries.own_absences(actor, now),
        "changes": [(one, role_title(one.role)) for one in queries.role_changes(actor)],
        "actor_id": actor.id,
    }
    return render(request, "desk/people.html", context, status=status)


def _row(one: MemberLine) -> dict[str, Any]:
    roles = [f"{role_title(role)}{'' if at else _('（所有机构）')}" for role, at in one.roles]
    return {"one": one, "roles": roles}


def go_away(request: HttpRequest, form: forms.Form, actor: Actor, now: datetime) -> object | Refused:
    """Records the absence of who is logged in: whole days on the lender's clock, the last one included."""
    given = form.cleaned_data
    zone = timezone.get_current_timezone()
    starts = datetime.combine(given["from_date"], time.min, zone)
    ends = datetime.combine(given["until_date"] + timedelta(days=1), time.min, zone)
    delegate = Member.objects.filter(pk=int(given["delegate"])).first() if given["delegate"] else None
    return operations.record_absence(
        member_behind(request),
        starts_at=starts,
        ends_at=ends,
        delegate=delegate,
        note=given["note"],
        actor=actor,
        now=now,
    )


def _proposed(form: forms.Form, actor: Actor, now: datetime) -> object | Refused:
    given = form.cleaned_data
    branch = Branch.objects.filter(pk=int(given["branch"])).first() if given["branch"] else None
    return operations.propose_role(
        Member.objects.get(pk=int(given["member"])),
        given["role"],
        kind=RoleChange.Kind(given["kind"]),
        branch=branch,
        reason=given["reason"],
        actor=actor,
        now=now,
    )


@require_POST
def decide_change(request: HttpRequest, change_id: int) -> HttpResponse:
    """The second person confirms a change of roles, or rejects it."""
    confirm = request.POST.get("wish") == "confirm"
    done = operations.decide_role(change_id, confirm=confirm, actor=staff_of(request), now=moment_of(request))
    if isinstance(done, Refused):
        return errors.refused(request, done)
    messages.success(request, _("角色变更已确认") if confirm else _("角色变更已否决"))
    return redirect("desk:people")


@require_POST
def end_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Back before the time."""
    done = operations.end_absence(absence_id, actor=staff_of(request), now=moment_of(request))
    if isinstance(done, Refused):
        return errors.refused(request, done)
    messages.success(request, _("外出已结束"))
    return redirect(next_of(request, reverse("desk:people")))
