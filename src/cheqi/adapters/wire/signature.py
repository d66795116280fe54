"""How a request is signed: HMAC-SHA256 over what must not change, with a time and a number used once.

The signed text is `METHOD\\npath\\ntimestamp\\nnonce\\nrequest number\\nsha256(body)`. A receiver accepts it
within `WINDOW_S` of its own clock and each nonce once, so a recorded request cannot be played again.

>>> signed = sign(b"secret", Signed("POST", "/x", 1700000000, "n1", "k1", b"{}"))
>>> signed == sign(b"secret", Signed("POST", "/x", 1700000000, "n1", "k1", b"{}"))
True
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

WINDOW_S = 300
CLIENT, TIMESTAMP, NONCE, NUMBER, SIGNATURE = (
    "X-Client-Id",
    "X-Timestamp",
    "X-Nonce",
    "X-Request-Number",
    "X-Signature",
)


@dataclass(frozen=True, slots=True)
class Signed:
    """What the signature covers."""

    method: str
    path: str
    timestamp: int
    nonce: str
    number: str
    body: bytes


def sign(secret: bytes, signed: Signed) -> str:
    """The signature in lower-case hexadecimal."""
    digest = hashlib.sha256(signed.body).hexdigest()
    lines = (signed.method, signed.path, str(signed.timestamp), signed.nonce, signed.number, digest)
    return hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def headers_for(secret: bytes, client_id: str, signed: Signed) -> dict[str, str]:
    """The headers that carry a signed request."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        CLIENT: client_id,
        TIMESTAMP: str(signed.timestamp),
        NONCE: signed.nonce,
        NUMBER: signed.number,
        SIGNATURE: sign(secret, signed),
    }


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request as it arrived, with the receiver's clock in whole seconds."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    clock: int


def objection(secret: bytes, arrived: Arrived) -> str:
    """Empty when the signature is right and fresh, else a code. A nonce seen before is the caller's."""
    given = {name.lower(): value for name, value in arrived.headers.items()}
    timestamp = given.get(TIMESTAMP.lower(), "")
    nonce = given.get(NONCE.lower(), "")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12 or not nonce:
        return "SIGNATURE_MISSING"
    if abs(arrived.clock - int(timestamp)) > WINDOW_S:
        return "TIMESTAMP_EXPIRED"
    number = given.get(NUMBER.lower(), "")
    expected = sign(secret, Signed(arrived.method, arrived.path, int(timestamp), nonce, number, arrived.body))
    given_signature = given.get(SIGNATURE.lower(), "")
    if not hmac.compare_digest(expected.encode(), given_signature.encode()):
        return "SIGNATURE_INVALID"
    return ""
