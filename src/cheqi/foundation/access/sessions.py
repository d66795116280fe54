"""The browser session of a customer: which customer session it stands for.

Apart from the staff's: a browser holds one or the other, and each begins under a new key.
"""

from datetime import datetime

from django.http import HttpRequest

from cheqi.core.base.actors import Actor
from cheqi.foundation.access.models import CustomerSession
from cheqi.foundation.access.queries import actor_for_session

KEY = "customer"


def begin(request: HttpRequest, session: CustomerSession) -> None:
    """The code was right: a fresh session with nothing of the one before, ending with the customer's."""
    request.session.flush()
    request.session[KEY] = session.pk
    request.session.set_expiry(int((session.expires_at - session.began_at).total_seconds()))


def session_id(request: HttpRequest) -> int | None:
    """The id of the customer session, to end it."""
    held = request.session.get(KEY)
    return held if isinstance(held, int) else None


def end(request: HttpRequest) -> None:
    """Nothing of the session is left."""
    request.session.flush()


def actor_of(request: HttpRequest, now: datetime) -> Actor | None:
    """The customer, while the session lives."""
    held = session_id(request)
    return actor_for_session(held, now) if held is not None else None
