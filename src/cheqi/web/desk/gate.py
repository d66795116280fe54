"""The gate of the desk: below /desk/ there is nothing to see without a complete log-in.

Closed by default, so a new page cannot be left open by forgetting something. The few pages before log-in say
`@open_to_all`. A member with a password that somebody else set goes to change it first.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from cheqi.foundation.staff import sessions
from cheqi.foundation.staff.models import Member
from cheqi.ui import errors
from cheqi.web.requests import actor_of

View = Callable[..., HttpResponse]
OPEN = "is_open_to_all"
BEFORE_PASSWORD = "is_before_new_password"  # noqa: S105 - an attribute's name


def open_to_all(view: View) -> View:
    """A page that a person who is not logged in may see."""
    setattr(view, OPEN, True)
    return view


def before_new_password(view: View) -> View:
    """A page that works while a new password is still owed."""
    setattr(view, BEFORE_PASSWORD, True)
    return view


def member_behind(request: HttpRequest) -> Member:
    """The member whom the gate let through. Raises PermissionDenied where there is none."""
    member = getattr(request, "member", None)
    if not isinstance(member, Member):
        raise PermissionDenied
    return member


class DeskGate:
    """Lets only complete sessions of staff through, and knows who they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing happens before the view is known."""
        response = self.get_response(request)
        if request.path.startswith("/desk/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the view answer."""
        if not request.path.startswith("/desk/"):
            return None
        actor = actor_of(request)
        if getattr(view, OPEN, False):
            return None
        if actor is None or not actor.is_staff:
            return self._to_log_in(request)
        member = getattr(request, "member", None) or sessions.member_of(request)
        request.member = member  # type: ignore[attr-defined]
        owes_password = member is not None and member.must_change_password
        if owes_password and not getattr(view, BEFORE_PASSWORD, False):
            return redirect("desk:account")
        return None

    def _to_log_in(self, request: HttpRequest) -> HttpResponse:
        """A page sends to the log-in and comes back; a fragment tells the page to load anew."""
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response.headers["HX-Refresh"] = "true"
            return response
        if request.method not in {"GET", "HEAD"}:
            return errors.page(request, 403)
        return redirect(f"{resolve_url('desk:log_in')}?{urlencode({'next': request.get_full_path()})}")
