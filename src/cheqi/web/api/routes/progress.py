"""Where a case stands: the look-up that partners poll, and health.

In the web server the look-up is answered in front of Django (`hot`); this route is its description and its
answer wherever that layer is absent.
"""

import os
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from cheqi.core.base.findings import Refused
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.models import Progress
from cheqi.web.api import shapes
from cheqi.web.api.answers import LANGUAGE_HEADER, Routes, call_of
from cheqi.web.api.look_up import SCOPE, Asked, answer
from cheqi.web.api.queries import NO_CASE
from cheqi.web.api.readers import django_reader
from cheqi.web.api.routes.applications import Number

router = Router(tags=["progress"])
routes = Routes(router)


class BothShape(Schema):
    """A text in both languages, so that one prepared answer serves everybody."""

    zh: str = Field(examples=["提交资料"])
    en: str = Field(examples=["Send documents"])


class StandingShape(BothShape):
    """A status or a stage. `standing` of a stage: DONE, CURRENT or TODO."""

    key: str = Field(examples=["materials"])
    standing: str | None = Field(default=None, examples=["CURRENT"])


class NowShape(Schema):
    """An open step: whose turn it is, since when and until when."""

    step: str = Field(examples=["collect_materials"])
    round: int = Field(examples=[1])
    stage: str = Field(examples=["materials"])
    title: BothShape
    sentence: BothShape
    ball: str = Field(examples=["customer"])
    since: str = Field(examples=[shapes.AT])
    due_at: str | None = Field(default=None, examples=[shapes.AT])


class ProgressShape(Schema):
    """Where a case stands."""

    number: str = Field(examples=[shapes.NUMBER])
    process: str = Field(examples=["application"])
    title: BothShape
    status: StandingShape
    is_open: bool
    ball: str = Field(examples=["customer"])
    stages: list[StandingShape]
    now: list[NowShape]
    next: list[BothShape]
    opened_at: str = Field(examples=[shapes.AT])
    closed_at: str | None = None


class HealthShape(Schema):
    """The process answers; `database` says whether the database does (readiness only)."""

    status: str = Field(examples=["ok"])
    database: str = Field(default="", examples=["ok"])


ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 422, 429, 503), shapes.ErrorAnswer)


@router.get(
    "progress/{number}",
    response={200: ProgressShape, 304: None, **ERRORS},
    summary="Where a case stands",
    operation_id="get_progress",
    openapi_extra={
        "security": [{"ApiKey": []}],
        "parameters": [
            {
                "name": "If-None-Match",
                "in": "header",
                "required": False,
                "description": "The ETag you have: 304 while nothing changed.",
                "schema": {"type": "string", "maxLength": 80},
            },
            dict(LANGUAGE_HEADER),
        ],
        "x-scope": SCOPE,
    },
)
def get_progress(request: HttpRequest, number: Number) -> HttpResponse:
    """The tracker's answer, prepared when the case moved. Poll it with `If-None-Match`, every 5 to 15 s.

    Scope: `progress:read`
    """
    given = request.headers.get
    asked = Asked(
        given("Authorization", ""),
        given("If-None-Match", ""),
        given("Accept-Language", ""),
        given("X-Request-Id", ""),
    )
    found = answer(number, asked, django_reader, timezone.now())
    return HttpResponse(found.body, status=found.status, headers=dict(found.headers))


@router.get(
    "health", auth=None, response={200: HealthShape}, summary="Is the process up", operation_id="health"
)
def health(request: HttpRequest) -> HttpResponse:
    """Answers without the database."""
    return HttpResponse(b'{"status":"ok","database":""}', content_type="application/json")


@router.get(
    "ready",
    auth=None,
    response={200: HealthShape, 503: shapes.ErrorAnswer},
    summary="Can it work",
    operation_id="ready",
)
def ready(request: HttpRequest) -> HttpResponse:
    """Asks the database; 503 while it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(b'{"status":"ok","database":"ok"}', content_type="application/json")


def progress_by_orm(request: HttpRequest, number: Number) -> HttpResponse | Refused:
    """The same look-up through the ORM and Django's whole way: what the benchmark compares with."""
    row = visible(Progress.objects.filter(number=number), call_of(request).actor, case="case_id").first()
    if row is None:
        return NO_CASE
    response = HttpResponse(bytes(row.body), content_type="application/json")
    response.headers["ETag"] = f'"{row.etag}"'
    return response


if os.environ.get("CHEQI_BENCH") == "1":
    routes.get("progress-orm/{number}", scope=SCOPE, answer=ProgressShape, summary="For the benchmark")(
        progress_by_orm
    )
