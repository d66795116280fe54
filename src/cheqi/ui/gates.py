"""The gate of the portal: a page of a customer is for customers.

The portal shares the root with pages that anybody may see, so its pages say `@customers_only` themselves;
what they show is bound by the actor's scope in any case. Who came by a tracker link sees one case: pages that
change something say `@logged_in_only`, because the
link shows one case and does not say who acts.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from cheqi.core.base.actors import ActorKind
from cheqi.foundation.access import sessions
from cheqi.foundation.access.models import Purpose
from cheqi.ui.requests import actor_of

View = Callable[..., HttpResponse]


def customers_only(view: View) -> View:
    """Sends everybody else to the log-in, and back afterwards; a fragment makes its page load anew."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if actor_is_in(request):
            return view(request, *args, **options)
        return _to_log_in(request, str(options.get("number", "")))

    return guarded


def logged_in_only(view: View) -> View:
    """Also asks who came by a tracker link to log in, and leads back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor is not None and actor.scope.party_id is not None:
            return view(request, *args, **options)
        return _to_log_in(request, str(options.get("number", "")))

    return customers_only(guarded)


def _to_log_in(request: HttpRequest, number: str) -> HttpResponse:
    """The way in, and back to where the person was: the page asked for, or that with the form that was sent.

    Who came by a tracker link that has ended is led to the look-up of that case again.
    """
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    came_in_for = sessions.purpose_held(request)
    asked = {"next": _wanted(request)}
    if came_in_for and not actor_is_in(request):
        asked["ended"] = "1"
    if came_in_for == Purpose.TRACKER and "ended" in asked and number:
        return redirect(f"{resolve_url('portal:track')}?{urlencode({'case': number, **asked})}")
    return redirect(f"{resolve_url('portal:log_in')}?{urlencode(asked)}")


def actor_is_in(request: HttpRequest) -> bool:
    """Whether a customer is in, by log-in or by a tracker link."""
    actor = actor_of(request)
    return actor is not None and actor.kind is ActorKind.CUSTOMER


def _wanted(request: HttpRequest) -> str:
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.path and came_from.netloc == request.get_host() else "/"
