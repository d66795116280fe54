"""What a view asks of its request: who, when, from where, and where to go next. The edge's clock is here."""

import re
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from cheqi.core.base.actors import Actor

LONGEST_ADDRESS = 45
_ONCE = re.compile(r"[0-9a-f]{32}")


def actor_of(request: HttpRequest) -> Actor | None:
    """The person of the session, as the middleware found out; nobody before log-in."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) and actor.id else None


def staff_of(request: HttpRequest) -> Actor:
    """The member of staff behind the gate. Raises PermissionDenied where there is none."""
    actor = actor_of(request)
    if actor is None or not actor.is_staff:
        raise PermissionDenied
    return actor


def moment_of(request: HttpRequest) -> datetime:
    """When the request came, in UTC; the same for everything it does."""
    given = getattr(request, "now", None)
    return given if isinstance(given, datetime) else timezone.now()


def address_of(request: HttpRequest) -> str:
    """The address that asks, for limits on tries: the peer's, or what the outermost of our own proxies saw.

    What stands in the header before that was written by the caller, and counts for nothing.
    """
    peer, proxies = str(request.META.get("REMOTE_ADDR", "")), settings.CHEQI_PROXIES
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return seen[-proxies][:LONGEST_ADDRESS] if 0 < proxies <= len(seen) else peer


def next_of(request: HttpRequest, default: str) -> str:
    """The `next` that came along, when it stays on this site; the default otherwise."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else default


def key_of(request: HttpRequest) -> str:
    """The form's own key (`{% once %}`), so that sending twice does one thing; a new one if it has none."""
    given = request.POST.get("once", "")
    return given if _ONCE.fullmatch(given) else uuid4().hex
