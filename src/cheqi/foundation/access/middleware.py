"""Sets `request.actor`: the member of staff, the customer, or the stranger.

A stranger has an empty scope, so every query gives nothing. API keys are not read here: the API has its
own door, and a session never opens it by accident.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.foundation.access import sessions as customers
from cheqi.foundation.staff import sessions as staff

STRANGER = Actor(ActorKind.CUSTOMER, "", "")


class ActorMiddleware:
    """After Django's session middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Says who acts before the view runs."""
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        return self._get_response(request)

    def _actor(self, request: HttpRequest) -> Actor:
        """Staff first: a browser holds one kind of session only. A stranger costs no statement."""
        now = timezone.now()
        return staff.actor_of(request, now) or customers.actor_of(request, now) or STRANGER


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request, typed."""
    actor = getattr(request, "actor", STRANGER)
    return actor if isinstance(actor, Actor) else STRANGER
