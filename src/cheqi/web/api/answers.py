"""What a route's function gives becomes an HTTP answer; a write happens once for its key.

    @router_of.post("/things", scope="things:write", answer=Thing)
    def make(request: HttpRequest, body: NewThing) -> Thing | Refused: ...

A function returns its schema, a `Refused`, or a finished response (a PDF). Reading is answered at once. A
write needs an `Idempotency-Key`: the answer is kept in the transaction of its effects and given again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.security import HttpBearer

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Refused
from cheqi.core.base.text import Text
from cheqi.foundation.access.operations import Answer, fingerprint, idempotent
from cheqi.ui.requests import address_of
from cheqi.web.api import shapes
from cheqi.web.api.door import Caller, come_in
from cheqi.web.api.errors import Problem, invalid, language_of, of_refusal
from cheqi.web.api.frame import problem_response
from cheqi.web.api.scopes import STAFF, STAFF_READS, STAFF_WRITES, as_worker

F = TypeVar("F", bound=Callable[..., Any])

KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Yours, 1 to 80 characters: the same key with the same body is carried out once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
    "example": "dealer-7-order-381",
}
LANGUAGE_HEADER = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "zh (default) or en: the language of messages and titles.",
    "schema": {"type": "string", "enum": ["zh", "en"]},
    "example": "zh",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who calls, when, from where, the key that its operations are given, its language; and by
    which session, where a member of staff calls."""

    actor: Actor
    now: datetime
    address: str
    key: str
    language: str
    session: str = ""


class ApiKey(HttpBearer):
    """`Authorization: Bearer ck_…`: the key of an API client, shown once to the administrator who made it."""

    openapi_bearerFormat = "ck_<id>_<secret>"  # noqa: N815 - OpenAPI's own name

    def __init__(self, scope: str) -> None:
        self._scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Call:
        """The call, kept on the request. Raises Problem."""
        now = timezone.now()
        found = come_in(request.headers.get("Authorization", ""), self._scope, now)
        if isinstance(found, Problem):
            raise found
        caller = f"staff-{found.actor.id}" if found.actor.is_staff else found.actor.id
        call = Call(
            actor=as_worker(found.actor),
            now=now,
            address=f"api:{caller} {address_of(request)}"[:45],
            key=f"api:{caller}:{request.headers.get('Idempotency-Key', '')}",
            language=language_of(request.headers.get("Accept-Language", "")),
            session=found.session,
        )
        request.call, request.caller = call, found  # type: ignore[attr-defined]
        return call

    def authenticate(self, request: HttpRequest, token: str) -> Call:
        """As `__call__`, which reads the header itself."""
        return self(request)


class StaffSession(ApiKey):
    """`Authorization: Bearer cs_…`: a member's session, begun with password and authenticator."""

    openapi_bearerFormat = "cs_<id>_<secret>"  # noqa: N815 - OpenAPI's own name


def call_of(request: HttpRequest) -> Call:
    """The call of a request that came in by a key."""
    call = getattr(request, "call", None)
    assert isinstance(call, Call), "a route without a key asked who calls"
    return call


@dataclass(frozen=True, slots=True)
class Routes:
    """A ninja router whose routes all answer in the same way."""

    router: Router

    def get(self, path: str, *, scope: str, answer: Any, summary: str, **more: Any) -> Callable[[F], F]:
        """A route that reads."""
        return self._route("GET", path, scope, {200: answer}, summary, **more)

    def ask(self, path: str, *, scope: str, answer: Any, summary: str, **more: Any) -> Callable[[F], F]:
        """A POST that changes nothing: a calculation, a check."""
        return self._route("POST", path, scope, {200: answer}, summary, reads=True, **more)

    def post(
        self, path: str, *, scope: str, answer: Any, summary: str, status: int = 200, **more: Any
    ) -> Callable[[F], F]:
        """A route that writes."""
        return self._route("POST", path, scope, {status: answer}, summary, **more)

    def patch(self, path: str, *, scope: str, answer: Any, summary: str, **more: Any) -> Callable[[F], F]:
        """A route that changes."""
        return self._route("PATCH", path, scope, {200: answer}, summary, **more)

    def delete(self, path: str, *, scope: str, answer: Any, summary: str, **more: Any) -> Callable[[F], F]:
        """A route that ends something."""
        return self._route("DELETE", path, scope, {200: answer}, summary, **more)

    def _route(
        self, method: str, path: str, scope: str, answers: dict[int, Any], summary: str, **more: Any
    ) -> Callable[[F], F]:
        is_write = method != "GET" and not more.pop("reads", False)
        status = next(iter(answers))
        codes = (400, 401, 403, 404, 409, 413, 422, 429)
        parameters = [KEY_HEADER, LANGUAGE_HEADER] if is_write else [LANGUAGE_HEADER]
        extra = {"parameters": [dict(each) for each in parameters], "x-scope": scope, **more.pop("extra", {})}

        def register(function: F) -> F:
            wrapped = _once(function, status) if is_write else _at_once(function)
            self.router.api_operation(
                [method],
                path,
                auth=StaffSession(scope) if scope == STAFF else ApiKey(scope),
                response={**answers, **dict.fromkeys(codes, shapes.ErrorAnswer)},
                summary=summary,
                description=f"{(function.__doc__ or '').strip()}\n\n{_opened_by(scope)}",
                operation_id=function.__name__,
                openapi_extra=extra,
                **more,
            )(wrapped)
            return function

        return register


def _opened_by(scope: str) -> str:
    """Who may call a route, for its description."""
    if scope == STAFF:
        return "For a member's session (`cs_…`)."
    also = ", or a member's session" if scope in STAFF_READS or scope in STAFF_WRITES else ""
    return f"Scope: `{scope or 'any'}`{also}"


def _at_once(function: Callable[..., Any]) -> Callable[..., HttpResponse]:
    @wraps(function)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        result = function(request, *args, **kwargs)
        if isinstance(result, HttpResponse):
            return _with_rate(request, result)
        answer = _answer(request, result, 200)
        return _with_rate(request, _response(request, result, answer))

    return read


def _once(function: Callable[..., Any], status: int) -> Callable[..., HttpResponse]:
    @wraps(function)
    def write(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        call = call_of(request)
        key = request.headers.get("Idempotency-Key", "")
        if not (key.isascii() and key.isprintable() and key):
            message = Text("写操作须带 Idempotency-Key", "A write needs an Idempotency-Key")
            raise invalid("access.idempotency.key", message, "Idempotency-Key")
        results: list[Any] = []

        def run() -> Answer:
            results.append(function(request, *args, **kwargs))
            return _answer(request, results[0], status)

        done = idempotent(actor=call.actor, key=key, fingerprint=_fingerprint(request), now=call.now, run=run)
        if isinstance(done, Refused):
            return _with_rate(request, problem_response(request, of_refusal(done)))
        response = _response(request, results[0] if results else None, done)
        if done.is_replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return _with_rate(request, response)

    return write


def _answer(request: HttpRequest, result: Schema | Refused, status: int) -> Answer:
    if isinstance(result, Refused):
        problem = of_refusal(result)
        return Answer(problem.status, problem.body(call_of(request).language).decode())
    return Answer(status, result.model_dump_json())


def _response(request: HttpRequest, result: Any, answer: Answer) -> HttpResponse:
    if isinstance(result, Refused):
        return problem_response(request, of_refusal(result))
    return HttpResponse(answer.body, content_type="application/json", status=answer.status)


def _with_rate(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    caller = getattr(request, "caller", None)
    if isinstance(caller, Caller):
        response.headers["X-RateLimit-Limit"] = str(caller.per_minute)
        response.headers["X-RateLimit-Remaining"] = str(caller.left)
    return response


def _fingerprint(request: HttpRequest) -> str:
    """Of method, path and body. An upload's is that of its fields and files: boundaries differ each time."""
    if not (request.content_type or "").startswith("multipart/"):
        return fingerprint(request.method or "", request.path, request.body)
    digest = hashlib.sha256()
    for name in sorted(request.POST):
        digest.update(repr((name, request.POST.getlist(name))).encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(repr(name).encode() + _file_digest(file))
    return fingerprint(request.method or "", request.path, digest.digest())


def _file_digest(file: Any) -> bytes:
    digest = hashlib.sha256()
    if isinstance(file, UploadedFile) and not getattr(file, "problem", ""):
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
    return digest.digest()
