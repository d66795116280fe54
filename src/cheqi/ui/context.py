"""What every shell needs, computed once a page: the moment, who is in, and the navigation.

Lazy where it costs: a fragment that does not draw the navigation does not count anything.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language

from cheqi.core.base.actors import Actor
from cheqi.foundation.staff.roles import ROLES
from cheqi.ui.navigation import Place, Shown, shown


@dataclass
class Shell:
    """The frame of a page for one request."""

    request: HttpRequest

    @cached_property
    def actor(self) -> Actor | None:
        """Who is in, as the middleware found out; nobody on a log-in page."""
        actor = getattr(self.request, "actor", None)
        return actor if isinstance(actor, Actor) and actor.id else None

    @cached_property
    def whereabouts(self) -> str:
        """The roles below the name; they cost no statement."""
        held = sorted(self.actor.roles) if self.actor else []
        language = get_language() or "zh-hans"
        return " · ".join(ROLES[key].title.in_language(language) for key in held if key in ROLES)

    @cached_property
    def desk_navigation(self) -> tuple[list[Shown], list[Shown]]:
        """Work above, overview and settings below."""
        return tuple(shown(place, self.request.path, self.actor) for place in (Place.DESK, Place.DESK_LOWER))  # type: ignore[return-value]

    @cached_property
    def portal_navigation(self) -> list[Shown]:
        """The thumb's navigation; only for a person who logged in: a tracker link has its one page."""
        is_in = self.actor is not None and self.actor.scope.party_id is not None
        return shown(Place.PORTAL, self.request.path, self.actor) if is_in else []

    @cached_property
    def desk_home(self) -> str:
        """Where the mark leads."""
        return _address("desk:home") or "/"

    @cached_property
    def search_url(self) -> str:
        """The search page, once there is one."""
        return _address("desk:search")

    @property
    def hotline(self) -> str:
        """The number of customer service, from the settings."""
        return str(settings.LENDER_PHONE)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` and `now` for every template. The page's moment is read here, at the edge, once."""
    given = getattr(request, "now", None)
    return {"shell": Shell(request), "now": given if isinstance(given, datetime) else timezone.now()}
