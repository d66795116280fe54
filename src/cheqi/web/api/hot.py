"""The short way in: a WSGI layer in front of Django that answers the progress look-up by itself.

Everything else, and a look-up that is not plainly one (another method, a number with strange characters),
goes on to Django, which has a route for the same address and the same answer.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from cheqi.web.api.look_up import NUMBER, Asked, answer
from cheqi.web.api.readers import reader_for

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PREFIX = "/api/v1/progress/"
_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def in_front_of(application: Application) -> Application:
    """The application with the short way in front of it."""
    read = reader_for(settings.DATABASES["default"])

    def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return application(environ, start_response)
        number = path[len(PREFIX) :]
        if not NUMBER.fullmatch(number):
            return application(environ, start_response)
        close_old_connections()  # the key may have to be looked up with Django's connection
        given = environ.get
        asked = Asked(
            given("HTTP_AUTHORIZATION", ""),
            given("HTTP_IF_NONE_MATCH", ""),
            given("HTTP_ACCEPT_LANGUAGE", ""),
            given("HTTP_X_REQUEST_ID", ""),
        )
        answered = answer(number, asked, read, datetime.now(UTC))
        headers = [*answered.headers, ("Content-Length", str(len(answered.body)))]
        start_response(_LINES[answered.status], headers)
        return [answered.body] if environ["REQUEST_METHOD"] == "GET" else []

    return front
