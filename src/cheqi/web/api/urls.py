"""The whole API: its routes, how it describes itself, and what becomes of every error."""

import logging
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from cheqi.core.base.findings import Finding, RefusalKind
from cheqi.core.base.text import Text
from cheqi.web.api.errors import Problem, transport
from cheqi.web.api.frame import problem_response
from cheqi.web.api.routes import (
    applications,
    cases,
    contracts,
    customers,
    documents,
    loans,
    products,
    progress,
    securing,
    staff,
    staff_basis,
    staff_sessions,
    webhooks,
)

logger = logging.getLogger(__name__)

DESCRIPTION = """The programs' way into a lender: apply, photograph, consent, sign, decide, pay out, be told.

* **Key**: `Authorization: Bearer ck_…`. A key has scopes and sees the cases of its branches; a case that it
  may not see is the same as one that does not exist.
* **A member's session**: `Authorization: Bearer cs_…`, begun with `POST staff/sessions` by password and
  authenticator, acts as that member of staff: queue, opinions, papers, the order to pay.
* **Writes** carry an `Idempotency-Key`: the same key with the same body is carried out once and answered
  alike, with another body it is refused (422), while it runs it is 409. 409, 429 and 5xx may be tried again
  under the same key.
* **Errors** have one shape: `{"error": {"kind", "findings": [{"rule", "message", "field", "clause"}]}}`.
* **Money** is whole fen, **times** are UTC in ISO 8601, **rates** exact decimals as text.
* Every answer carries `X-Request-Id`, and one to a key `X-RateLimit-Limit` and `X-RateLimit-Remaining`."""
UNREADABLE = Text("请求正文不是有效的 JSON", "The body is not valid JSON")


class StrictParser(Parser):
    """JSON as it is written down: no NaN, no half characters, no NUL, which no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body. Raises ValueError."""
        body = request.body
        if b"\\u0000" in body:
            raise ValueError("NUL")
        return msgspec.json.decode(body)


class DescribedAPI(NinjaAPI):
    """Ninja's, with a description that is right to the letter: OpenAPI wants a map where ninja lists."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description; examples of a parameter stay in its schema."""
        described = super().get_openapi_schema(**options)
        for methods in described["paths"].values():
            for operation in methods.values():
                for parameter in operation["parameters"]:
                    if isinstance(parameter.get("examples"), list):
                        del parameter["examples"]
        return described


api = DescribedAPI(
    title="Cheqi API",
    version="1.0.0",
    description=DESCRIPTION,
    docs=Swagger({"docExpansion": "list", "filter": True, "defaultModelsExpandDepth": 0}),
    docs_url="docs",
    openapi_url="openapi.json",
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("applications/", applications.router)
api.add_router("applications/", customers.router)
api.add_router("applications/", securing.router)
api.add_router("cases/", cases.router)
api.add_router("webhooks/", webhooks.router)
api.add_router("staff/sessions", staff_sessions.router)
api.add_router("staff/", staff.router)
api.add_router("staff/", staff_basis.router)
for each in (documents, contracts, loans, products, progress):
    api.add_router("", each.router)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """What a route or the door found."""
    return problem_response(request, problem)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja found: a body that it cannot parse."""
    if error.status_code == 400:
        return problem_response(request, transport(400, "api.json", UNREADABLE))
    return problem_response(request, transport(error.status_code))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing there."""
    return problem_response(request, transport(404))


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Every input that does not fit its description, at once."""
    findings = tuple(_finding(each) for each in error.errors)
    return problem_response(request, Problem(422, RefusalKind.INVALID.value, findings))


@api.exception_handler(Exception)
def on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: logged whole, told without details."""
    logger.error("API fault at %s %s", request.method, request.path, exc_info=error)
    return problem_response(request, transport(500))


def _finding(error: dict[str, Any]) -> Finding:
    """An objection of the schema: the place without `body` and the parameter's name, and what is wrong."""
    where = ".".join(str(part) for part in error["loc"][1:] if part != "body")
    what = str(error["msg"])
    message = Text(f"{where or '请求'} 不符合要求：{what}", f"{where or 'request'}: {what}")
    return Finding(f"api.schema.{error['type']}", message, field=where)


urlpatterns = [path("", api.urls)]
