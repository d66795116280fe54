"""The settings of messages: what a person wants to hear of, and the link in a mail that turns it off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cheqi.core.base.findings import Refused
from cheqi.foundation.messages.choices import Way
from cheqi.foundation.messages.operations import choose, unsubscribe
from cheqi.foundation.messages.preferences import settings_of
from cheqi.foundation.messages.unsubscribing import read
from cheqi.ui.errors import refused
from cheqi.ui.gates import logged_in_only
from cheqi.ui.requests import actor_of, moment_of
from cheqi.web.wording import CHANNELS, PURPOSES, in_words


@logged_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Every switch of this person; sending the page keeps them all as they stand on it."""
    actor = actor_of(request)
    party_id = actor.scope.party_id if actor else None
    if actor is None or party_id is None:
        raise Http404
    if request.method == "POST":
        wanted = {(one.purpose, one.channel): one.name in request.POST for one in settings_of(party_id)}
        done = choose(party_id, wanted, way=Way.PORTAL, actor=actor, now=moment_of(request))
        if isinstance(done, Refused):
            return refused(request, done)
        messages.success(request, _("已保存"))
        return redirect("portal:notices")
    language = request.LANGUAGE_CODE
    switches = [(one, in_words(CHANNELS, one.channel.value, language)) for one in settings_of(party_id)]
    kinds = {
        purpose.lower(): [pair for pair in switches if pair[0].purpose.value == purpose]
        for purpose in ("PROGRESS", "MARKETING")
    }
    return render(request, "portal/notices.html", kinds)


@csrf_exempt  # a mail program posts here with nothing but the signed link (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether to turn mail of this kind off; only a POST does it, since programs follow links."""
    asked = read(token)
    if asked is None:
        return render(request, "portal/unsubscribe.html", {"is_known": False}, status=404)
    if request.method == "POST":
        unsubscribe(asked, now=moment_of(request))
    kind = in_words(PURPOSES, asked.purpose.value, request.LANGUAGE_CODE)
    context = {"is_known": True, "is_done": request.method == "POST", "kind": kind}
    response = render(request, "portal/unsubscribe.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
