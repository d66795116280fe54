"""The progress look-up: one prepared row, one statement, no ORM. See docs/decisions/0005-hot-look-up.md.

`answer` is the whole of it and knows neither Django nor WSGI: it is given the headers and a reader, and gives
status, headers and body. The WSGI door (`hot`) and the Django route call the same function.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cheqi.foundation.workflow.progress import with_expected
from cheqi.foundation.workflow.record import sees
from cheqi.web.api.door import come_in, request_id
from cheqi.web.api.errors import Problem, language_of, transport

SCOPE = "progress:read"
SQL = (
    "SELECT case_id, branch_id, party_id, etag, body, expected, expected_tag"
    " FROM workflow_progress WHERE number = {place}"
)
NUMBER = re.compile(r"[A-Za-z0-9-]{1,24}")


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """The projection row of a case: who may see it, the prepared bytes and what is expected, with tags."""

    case_id: int
    branch_id: int | None
    party_id: int | None
    etag: str
    body: bytes
    expected: str = ""
    expected_tag: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The headers that matter, as they came."""

    authorization: str = ""
    if_none_match: str = ""
    accept_language: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What goes back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


Reader = Callable[[str], ProgressRow | None]


class UnableToRead(RuntimeError):
    """The database did not answer, also not over a new connection."""


def answer(number: str, asked: Asked, read: Reader, now: datetime) -> Answered:
    """200 with the prepared bytes, 304 when the caller has them, or a problem in the API's shape."""
    caller = come_in(asked.authorization, SCOPE, now)
    if isinstance(caller, Problem):
        return _problem(caller, asked)
    try:
        row = read(number.upper()) if NUMBER.fullmatch(number) else None
    except UnableToRead:
        return _problem(transport(503, Retry_After="1"), asked)
    scope = caller.actor
    if row is None or not sees(scope, case_id=row.case_id, branch_id=row.branch_id, party_id=row.party_id):
        return _problem(transport(404), asked)
    body, etag = with_expected(row.body, row.etag, row.expected, row.expected_tag)
    tag = f'"{etag}"'
    headers = [
        ("Content-Type", "application/json"),
        ("ETag", tag),
        ("Cache-Control", "private, no-cache"),
        ("X-RateLimit-Limit", str(caller.per_minute)),
        ("X-RateLimit-Remaining", str(caller.left)),
        ("X-Request-Id", request_id(asked.request_id)),
    ]
    if asked.if_none_match and tag in asked.if_none_match:
        return Answered(304, headers[1:], b"")
    return Answered(200, headers, body)


def _problem(problem: Problem, asked: Asked) -> Answered:
    language = language_of(asked.accept_language)
    headers = [
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
        ("Content-Language", language),
        ("X-Request-Id", request_id(asked.request_id)),
        *problem.headers.items(),
    ]
    return Answered(problem.status, headers, problem.body(language))
