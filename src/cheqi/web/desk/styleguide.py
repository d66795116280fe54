"""The style guide: every component in every state on one page, in DEBUG only.

It is what the accessibility and look checks open; a component that is not here does not exist.
"""

from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.ui import live
from cheqi.ui.choices import Tone
from cheqi.ui.forms import CodeField, IdNumberField, MoneyField, PhoneField, yuan
from cheqi.web.desk import samples
from cheqi.web.desk.gate import View, open_to_all


def only_in_debug(view: View) -> View:
    """Missing in an installation that people use."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **options)

    return guarded


class SampleForm(forms.Form):
    """One of each field."""

    phone = PhoneField(help_text="用于接收验证码和进度通知")
    id_number = IdNumberField()
    price = MoneyField(label="车价", at_least_fen=yuan(1_000), at_most_fen=yuan(5_000_000))
    code = CodeField()
    kind = forms.ChoiceField(label="客户类型", choices=[("EMPLOYEE", "受薪"), ("COMPANY", "企业")])
    car = forms.ChoiceField(
        label="车辆", choices=[("NEW", "新车"), ("USED", "二手车")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="备注", widget=forms.Textarea, required=False)
    consent = forms.BooleanField(label="我已阅读并同意征信查询授权书")


WRONG = {"phone": "1380000", "id_number": "11010519491231002", "price": "abc", "code": "12"}
PERSON = Actor(ActorKind.STAFF, "0", "陈静", frozenset({"reviewer"}))


def _context(request: HttpRequest) -> dict[str, Any]:
    request.actor = PERSON  # type: ignore[attr-defined]
    wish = samples.SampleTable.read(request.GET)
    return {
        "now": samples.NOW,
        "s": samples,
        "tones": list(Tone),
        "rails": [samples.rail(2), samples.rail(0), samples.rail(6), samples.rail(3, stopped=3)],
        "timeline": samples.TIMELINE,
        "log": samples.LOG,
        "table": samples.SampleTable(wish, samples.ROWS, total=128),
        "no_table": samples.SampleTable(wish, []),
        "form": SampleForm(),
        "wrong_form": SampleForm(WRONG, auto_id="wrong_%s"),
        "chart": {
            "xAxis": {"type": "category", "data": ["周一", "周二", "周三", "周四", "周五"]},
            "yAxis": {"type": "value"},
            "series": [{"type": "bar", "data": [12, 19, 8, 15, 22], "name": "结案"}],
        },
    }


@open_to_all
@only_in_debug
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All components in the desk's frame."""
    return render(request, "desk/styleguide.html", _context(request))


@open_to_all
@only_in_debug
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """The tracker's look in the portal's frame, as the mock has it."""
    return render(request, "desk/styleguide_portal.html", _context(request))


@open_to_all
@only_in_debug
@require_safe
def ticking(request: HttpRequest) -> HttpResponse:
    """A live fragment that changes every minute."""
    return live.fragment(
        request, "desk/styleguide_live.html", {"at": timezone.now().replace(second=0, microsecond=0)}
    )


@open_to_all
@only_in_debug
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Takes a file and forgets it; refuses one called reject.jpg."""
    file = request.FILES.get("file")
    if file is None:
        return HttpResponse(status=422)
    return HttpResponse(f'<p class="notice ok">{len(file)} bytes</p>')


@open_to_all
@only_in_debug
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Does nothing, and says so in a toast."""
    messages.success(request, "已转交给周敏")
    return redirect("desk:styleguide")
