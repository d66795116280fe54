"""The outermost layer of the API: a request id, limits before anything is parsed, one error shape.

Whatever Django answers outside of our routes (no such address, a wrong method, a refused host, a fault) is
given the API's shape here, so that a program meets one kind of error only.
"""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse

from cheqi.web.api.door import request_id
from cheqi.web.api.errors import Problem, language_of, transport

PREFIX = "/api/v1/"
PUSHES = "/api/v1/pushes/"
MAX_JSON_BYTES = 1024 * 1024
_LARGE = ("multipart/form-data", "application/pdf")
_CONTROL = {chr(code) for code in (*range(32), 127)}


class ApiFrame:
    """Django middleware, the first of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lets everything but the API through untouched."""
        if not request.path_info.startswith(PREFIX) or request.path_info.startswith(PUSHES):
            return self._get_response(request)
        given = request_id(request.headers.get("X-Request-Id", ""))
        problem = _before(request)
        response = problem_response(request, problem) if problem else self._get_response(request)
        if response.status_code >= 400 and not _is_ours(response):
            response = problem_response(request, transport(response.status_code))
        response.headers["X-Request-Id"] = given
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as the API says it, in the caller's language."""
    language = language_of(request.headers.get("Accept-Language", ""))
    response = HttpResponse(problem.body(language), content_type="application/json", status=problem.status)
    response.headers["Content-Language"] = language
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def _is_ours(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("application/json")


def _before(request: HttpRequest) -> Problem | None:
    """What nobody needs to look at further: control characters in the address, a body that is too large."""
    if _CONTROL & set(request.path_info + unquote(request.META.get("QUERY_STRING", ""))):
        return transport(400, "api.address")
    length = request.headers.get("Content-Length") or "0"
    if not length.isascii() or not length.isdecimal():
        return transport(400, "api.content_length")
    is_upload = (request.content_type or "").startswith(_LARGE)
    return transport(413) if not is_upload and int(length) > MAX_JSON_BYTES else None
