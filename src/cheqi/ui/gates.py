"""The gate of the portal: a page of a customer is for customers.

The portal shares the root with pages that anybody may see, so its pages say `@customers_only` themselves;
what they show is bound by the actor's scope in any case. Who came by a tracker link sees one case: pages that
change something say `@logged_in_only`, because the
link shows one case and does not say who acts.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from cheqi.core.base.actors import ActorKind
from cheqi.ui.requests import actor_of

View = Callable[..., HttpResponse]


def customers_only(view: View) -> View:
    """Sends everybody else to the log-in, and back afterwards; a fragment makes its page load anew."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor is not None and actor.kind is ActorKind.CUSTOMER:
            return view(request, *args, **options)
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response.headers["HX-Refresh"] = "true"
            return response
        wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        return redirect(f"{resolve_url('portal:log_in')}?{urlencode({'next': wanted})}")

    return guarded


def logged_in_only(view: View) -> View:
    """Also asks who came by a tracker link to log in, and leads back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor is not None and actor.scope.party_id is not None:
            return view(request, *args, **options)
        wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        return redirect(f"{resolve_url('portal:log_in')}?{urlencode({'next': wanted})}")

    return customers_only(guarded)
