"""The portal's own page of the person: how to be reached, language, privacy, leaving."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.foundation.messages.operations import mark_read
from cheqi.foundation.messages.queries import inbox, unread_count
from cheqi.records.parties.choices import Channel, Language
from cheqi.records.parties.operations import change_contact
from cheqi.records.parties.queries import party
from cheqi.ui.errors import form_status
from cheqi.ui.forms import add_findings
from cheqi.ui.gates import customers_only, logged_in_only
from cheqi.ui.requests import actor_of, moment_of

SPOKEN = ((Language.ZH.value, "简体中文"), (Language.EN.value, "English"))


class ReachForm(forms.Form):
    """How and in which language messages come."""

    use_required_attribute = False
    channel = forms.ChoiceField(
        label=gettext_lazy("通知方式"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("验证码始终用短信发送"),
    )
    email = forms.EmailField(
        label=gettext_lazy("电子邮箱"),
        required=False,
        help_text=gettext_lazy("选择电子邮件时填写"),
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("通知的语言"), choices=SPOKEN, widget=forms.RadioSelect)


@customers_only
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """The person's own page; sending it changes how messages come."""
    actor = actor_of(request)
    known = party(actor.scope.party_id, actor) if actor and actor.scope.party_id is not None else None
    if actor is None or known is None:
        return render(request, "portal/me.html", {"form": None})
    initial = {"channel": known.channel, "language": known.language, "email": known.email}
    form = ReachForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        refused = _change(form, actor, known.id, request)
        if refused is None:
            messages.success(request, _("已保存"))
            return redirect("portal:me")
        status = refused
    context = {"form": form, "known": known, "unread": unread_count(actor)}
    return render(request, "portal/me.html", context, status=status)


@logged_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_page(request: HttpRequest) -> HttpResponse:
    """What we told this person, the newest first; sending it marks all of it as read."""
    actor = actor_of(request)
    if actor is None:
        raise Http404
    if request.method == "POST":
        mark_read(None, actor=actor, now=moment_of(request))
        return redirect("portal:messages")
    rows = inbox(actor)
    context = {"rows": rows, "unread": sum(not row.is_read for row in rows)}
    return render(request, "portal/messages.html", context)


def _change(form: ReachForm, actor: Actor, party_id: int, request: HttpRequest) -> int | None:
    """Nothing when it was changed, else the status of the page that says why not."""
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    if given["channel"] == Channel.MAIL and not given["email"]:
        form.add_error("email", _("请填写电子邮箱，或改选短信"))
        return 422
    changes = {name: given[name] for name in ("channel", "language", "email")}
    done = change_contact(party_id=party_id, actor=actor, now=moment_of(request), **changes)
    if isinstance(done, Refused):
        add_findings(form, done)
        return form_status(done)
    return None
