"""The API against its own description: no fault, no undocumented status, whatever is sent."""

import contextlib
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from cheqi.demo.lender import DemoLender
from cheqi.web.api.scopes import SCOPES, STAFF
from cheqi.web.api.urls import api
from tests.api.conftest import keep_connections
from tests.api.scenarios import Program, json_of, member, program

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
EXAMPLES_A_ROUTE = 6
WITHOUT_KEY = {"calculate_offer", "verify_pdf", "begin_staff_session"}


def described() -> dict[str, Any]:
    """The API's own description."""
    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def test_the_description_is_served_and_complete(db: None) -> None:
    served = json_of(Program("").get("openapi.json"))
    assert served["info"]["title"] == "Cheqi API"
    for path, methods in served["paths"].items():
        for method, details in methods.items():
            name = f"{method} {path}"
            assert details["summary"], name
            assert details["description"], name
            assert details.get("x-scope", "") in {*SCOPES, STAFF, ""}, name
            if method != "get" and details["operationId"] not in WITHOUT_KEY:
                assert any(each["name"] == "Idempotency-Key" for each in details["parameters"]), name
            if details["operationId"] not in {"health", "ready"}:
                shape = details["responses"]["404"]["content"]["application/json"]["schema"]
                assert shape["$ref"].endswith("/ErrorAnswer"), name


def test_every_property_of_an_answer_or_body_has_an_example_or_is_made_of_such(db: None) -> None:
    silent = [
        f"{name}.{key}"
        for name, shape in described()["components"]["schemas"].items()
        for key, value in shape.get("properties", {}).items()
        if value.get("type") in {"string", "integer"}
        and not {"examples", "example", "default", "enum", "const"} & value.keys()
    ]
    assert silent == []


@pytest.mark.slow
def test_whatever_is_sent_no_fault_and_no_undocumented_status(
    lender: DemoLender, connections_stay: None
) -> None:
    dealer = program(lender, per_minute=1_000_000)
    branch_id = lender.branches["HZ"].pk
    number = json_of(dealer.post("applications/", {"branch_id": branch_id, "mobile": "13800138866"}), 201)[
        "number"
    ]
    reviewer, leaving = member(lender, "qianli"), member(lender, "zhaolei")
    schema = schemathesis.openapi.from_dict(described())
    schema.app = closed_behind(get_wsgi_application())
    keep_connections()  # again: Django's test client, used above, undoes it
    statuses = [
        status
        for operation in schema.get_all_operations()
        if isinstance(operation, Ok)
        for status in tried_out(operation.ok(), _caller(operation.ok(), dealer, reviewer, leaving), number)
    ]
    assert len(statuses) > 150
    assert {200, 404, 422} <= set(statuses)


def _caller(operation: Any, dealer: Program, reviewer: Program, leaving: Program) -> str:
    """Whose key an operation is tried out with: the end of a session with one that nobody else needs."""
    raw = operation.definition.raw
    if raw.get("x-scope") != STAFF:
        return dealer.key
    return leaving.key if raw["operationId"] == "end_staff_session" else reviewer.key


def closed_behind(application: Any) -> Any:
    """The application, whose answers are closed as a web server closes them: uploads are deleted then."""

    def served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with contextlib.closing(application(environ, start_response)) as answer:
            return [b"".join(answer)]

    return served


def tried_out(operation: Any, key: str, number: str) -> list[int]:
    """The statuses of a few requests made up from the description, half of them about a real case."""
    found: list[int] = []

    @given(case=operation.as_strategy(), is_real=st.booleans())
    @settings(
        max_examples=EXAMPLES_A_ROUTE,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any, is_real: bool) -> None:
        if is_real and "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = number
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(answer, checks=CHECKS)
        found.append(answer.status_code)

    send()
    return found
