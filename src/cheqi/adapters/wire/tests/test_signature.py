"""What a signature protects, and what it lets through."""

from typing import Any

import pytest

from cheqi.adapters.wire.signature import WINDOW_S, Arrived, Signed, headers_for, objection

SECRET = b"shared"
CLOCK = 1_800_000_000


def arrived(
    *,
    method: str = "POST",
    path: str = "/x",
    body: bytes = b'{"a":1}',
    headers: dict[str, str] | None = None,
    clock: int = CLOCK,
) -> Arrived:
    """A request signed for POST /x at CLOCK, with what arrived changed."""
    signed = Signed("POST", "/x", CLOCK, "n1", "k1", b'{"a":1}')
    return Arrived(method, path, headers_for(SECRET, "cheqi", signed) | (headers or {}), body, clock)


def test_a_signed_request_is_accepted_with_header_names_in_any_case() -> None:
    request = arrived()
    lower = {name.lower(): value for name, value in request.headers.items()}
    assert objection(SECRET, request) == ""
    assert objection(SECRET, arrived(headers=lower)) == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "GET"},
        {"path": "/y"},
        {"body": b'{"a":2}'},
        {"headers": {"X-Request-Number": "k2"}},
        {"headers": {"X-Nonce": "n2"}},
        {"headers": {"X-Timestamp": str(CLOCK - 1)}},
        {"headers": {"X-Signature": "0" * 64}},
        {"headers": {"X-Signature": "签名"}},
    ],
)
def test_nothing_that_is_signed_can_be_changed(changed: dict[str, Any]) -> None:
    assert objection(SECRET, arrived(**changed)) == "SIGNATURE_INVALID"


def test_another_secret_does_not_open() -> None:
    assert objection(b"other", arrived()) == "SIGNATURE_INVALID"


@pytest.mark.parametrize(("away", "code"), [(WINDOW_S, ""), (WINDOW_S + 1, "TIMESTAMP_EXPIRED")])
def test_a_signature_holds_five_minutes_either_way(away: int, code: str) -> None:
    assert objection(SECRET, arrived(clock=CLOCK + away)) == code
    assert objection(SECRET, arrived(clock=CLOCK - away)) == code


@pytest.mark.parametrize("headers", [{"X-Timestamp": ""}, {"X-Timestamp": "²"}, {"X-Nonce": ""}])
def test_a_request_without_time_or_nonce_is_refused(headers: dict[str, str]) -> None:
    assert objection(SECRET, arrived(headers=headers)) == "SIGNATURE_MISSING"
