"""The browser session of a customer: which customer session it stands for.

Apart from the staff's: a browser holds one or the other, and each begins under a new key. The browser
remembers for some days longer that there was one, so that it can be said kindly that it ended; what counts is
the row.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest

from cheqi.core.base.actors import Actor
from cheqi.foundation.access.models import CustomerSession
from cheqi.foundation.access.queries import actor_for_session

KEY = "customer"
PURPOSE = "customer_purpose"
REMEMBERED_FOR = timedelta(days=7)


def begin(request: HttpRequest, session: CustomerSession) -> None:
    """The code was right: a fresh session with nothing of the one before."""
    request.session.flush()
    request.session[KEY], request.session[PURPOSE] = session.pk, session.purpose
    lives_for = session.expires_at - session.began_at + REMEMBERED_FOR
    request.session.set_expiry(int(lives_for.total_seconds()))


def session_id(request: HttpRequest) -> int | None:
    """The id of the customer session, to end it."""
    held = request.session.get(KEY)
    return held if isinstance(held, int) else None


def purpose_held(request: HttpRequest) -> str:
    """What this browser came in for, also when that has ended since; empty for a stranger."""
    return str(request.session.get(PURPOSE, ""))


def end(request: HttpRequest) -> None:
    """Nothing of the session is left."""
    request.session.flush()


def actor_of(request: HttpRequest, now: datetime) -> Actor | None:
    """The customer, while the session lives."""
    held = session_id(request)
    return actor_for_session(held, now) if held is not None else None
