"""Who comes in, and the one shape of what goes wrong."""

import pytest
from django.test import Client

from cheqi.demo.lender import DemoLender
from tests.api.scenarios import error_of, json_of, program


def test_health_answers_without_a_key(db: None) -> None:
    assert json_of(Client().get("/api/v1/health")) == {"status": "ok", "database": ""}
    assert json_of(Client().get("/api/v1/ready")) == {"status": "ok", "database": "ok"}


@pytest.mark.parametrize("given", ["", "Bearer ck_no_such", "Basic ck_a_b", "Bearer ", "Bearer 钥匙"])
def test_without_a_key_that_counts_nobody_comes_in(lender: DemoLender, given: str) -> None:
    answer = Client().get("/api/v1/cases/", headers={"Authorization": given.encode().decode("latin-1")})
    assert error_of(answer) == (401, "UNAUTHENTICATED", ["api.unauthenticated"])
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cheqi"'


def test_a_scope_that_was_not_granted_is_named(lender: DemoLender) -> None:
    answer = program(lender, "products:read").get("cases/")
    assert error_of(answer) == (403, "NOT_ALLOWED", ["api.scope"])
    assert "cases:read" in answer.content.decode()


def test_a_client_over_its_rate_waits(lender: DemoLender) -> None:
    dealer = program(lender, per_minute=2)
    first = dealer.get("products")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    dealer.get("products")
    third = dealer.get("products")
    assert error_of(third) == (429, "TOO_MANY", ["api.too_many"])
    assert 1 <= int(third.headers["Retry-After"]) <= 30


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/nothing-here", (404, "NOT_FOUND", ["api.not_found"])),
        ("/api/v1/products%00", (400, "BAD_REQUEST", ["api.address"])),
        ("/api/v1/cases/?cursor=%0a", (400, "BAD_REQUEST", ["api.address"])),
    ],
)
def test_addresses_outside_of_the_routes_answer_in_the_same_shape(
    db: None, path: str, expected: tuple[int, str, list[str]]
) -> None:
    assert error_of(Client().get(path)) == expected


def test_a_wrong_method_answers_in_the_same_shape(db: None) -> None:
    assert error_of(Client().delete("/api/v1/products")) == (405, "BAD_METHOD", ["api.bad_method"])


def test_a_body_that_is_no_json_and_one_that_is_too_large(lender: DemoLender) -> None:
    dealer = program(lender)
    headers = {"Authorization": f"Bearer {dealer.key}", "Idempotency-Key": "k"}
    for body in (b"{", b'{"a": NaN}', b'{"product": "\\u0000"}', b'{"product": "\\ud800"}', b"\xff"):
        answer = Client().post("/api/v1/offers", body, content_type="application/json", headers=headers)
        assert error_of(answer) == (400, "BAD_REQUEST", ["api.json"]), body
    large = Client().post(
        "/api/v1/offers", b"x" * (1024 * 1024 + 1), content_type="application/json", headers=headers
    )
    assert error_of(large) == (413, "TOO_LARGE", ["api.too_large"])


def test_messages_come_in_the_language_that_is_asked_for(lender: DemoLender) -> None:
    dealer = program(lender)
    assert "没有找到" in dealer.get("cases/CQ-1").content.decode()
    answer = dealer.get("cases/CQ-1", Accept_Language="en-GB,zh;q=0.5")
    assert "There is no such case" in answer.content.decode()
    assert answer.headers["Content-Language"] == "en"


def test_a_request_id_comes_back_and_a_strange_one_is_replaced(db: None) -> None:
    assert Client().get("/api/v1/health", headers={"X-Request-Id": "a-1"}).headers["X-Request-Id"] == "a-1"
    made = Client().get("/api/v1/health", headers={"X-Request-Id": "<script>"}).headers["X-Request-Id"]
    assert len(made) == 16


def test_everything_wrong_with_an_input_is_said_at_once(lender: DemoLender) -> None:
    answer = program(lender).post("offers", {"product": "new-car", "price_fen": "x", "term_months": -1})
    status, kind, _ = error_of(answer)
    fields = {each["field"] for each in json_of(answer, 422)["error"]["findings"]}
    assert (status, kind) == (422, "INVALID")
    assert fields == {"price_fen", "term_months", "down_payment_fen"}


def test_a_role_among_the_scopes_of_a_client_gives_no_role(lender: DemoLender) -> None:
    reviewer = program(lender, "reviewer", "cases:read")
    assert json_of(reviewer.get("cases/"))["items"] == []
    assert error_of(reviewer.get("products"))[0] == 403
