"""One signed HTTP call to an outside system, and the truth about how it ended.

The client never repeats a call: whether a second one is safe is known above, where the key is kept.
What decides between "not reached" and "unknown" is whether the request can have been looked at:

| seen                                             | raised        |
|--------------------------------------------------|---------------|
| no connection, name unknown, connect time-out    | unreachable   |
| 401, 429, 503: turned away at the door           | unreachable   |
| read time-out, connection lost, 500, 502, 504    | unknown       |
| an answer that cannot be read                    | unknown       |
| 400, 403, 409, 422: understood and refused       | declined      |
| any of these while only reading (GET)            | unreachable   |
"""

import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from cheqi.adapters.wire.signature import Signed, headers_for
from cheqi.ports.failures import DeclinedOutside, OutcomeUnknown, UnableToReach

TURNED_AWAY = frozenset({401, 429, 503})
NEVER_SENT = (ConnectTimeoutError, NewConnectionError, NameResolutionError)
LARGEST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Account:
    """Our account at an outside system: where it is, who we are, and how long we wait for it."""

    base_url: str
    client_id: str
    secret: bytes
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 15.0
    connections: int = 8


@dataclass(frozen=True, slots=True)
class Failures:
    """The three exceptions of one port."""

    unreachable: type[UnableToReach]
    unknown: type[OutcomeUnknown]
    declined: type[DeclinedOutside]


@dataclass(frozen=True, slots=True)
class Answered:
    """A readable answer with a status below 300, or 404 to a question."""

    status: int
    data: dict[str, Any]
    raw: bytes


class SignedClient:
    """A pool of connections to one outside system."""

    def __init__(
        self, account: Account, failures: Failures, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._account = account
        self._failures = failures
        self._clock = clock
        self._prefix = urlsplit(account.base_url).path.rstrip("/")
        self._pool = urllib3.connection_from_url(
            account.base_url,
            maxsize=account.connections,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=account.connect_timeout_s, read=account.read_timeout_s),
        )

    def close(self) -> None:
        """Gives the connections back."""
        self._pool.close()

    def post(self, path: str, *, key: str, body: dict[str, Any]) -> Answered:
        """Sends an instruction under `key`. Raises the port's three failures, and nothing else."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        return self._read(self._send("POST", path, key=key, body=data), reading=False)

    def ask(self, path: str, *, key: str) -> Answered | None:
        """What became of `key`, or None (404) when the system never took it. Asking changes nothing."""
        response = self._send("GET", f"{path}/{quote(key, safe='')}", key=key, body=b"")
        return None if response.status == 404 else self._read(response, reading=True)

    def unreadable(self, answered: Answered, error: Exception) -> NoReturn:
        """Raises unknown: the answer has the right status, but not the agreed shape."""
        trace = _trace(answered.status, answered.raw)
        raise self._failures.unknown(f"answer cannot be read: {type(error).__name__}", trace=trace) from error

    def _send(self, method: str, path: str, *, key: str, body: bytes) -> urllib3.BaseHTTPResponse:
        """The response as it came, or the failure of the line."""
        path = self._prefix + path
        signed = Signed(method, path, int(self._clock()), secrets.token_hex(12), key, body)
        headers = headers_for(self._account.secret, self._account.client_id, signed)
        lost = self._failures.unreachable if method == "GET" else self._failures.unknown
        try:
            return self._pool.request(method, path, body=body or None, headers=headers, redirect=False)
        except NEVER_SENT as error:
            trace = f"{method} {type(error).__name__}"
            raise self._failures.unreachable("no connection", trace=trace) from error
        except HTTPError as error:
            raise lost("no answer", trace=f"{method} {type(error).__name__}") from error

    def _read(self, response: urllib3.BaseHTTPResponse, *, reading: bool) -> Answered:
        """The answer in a response, or what its status means."""
        raw = response.data
        data = _parsed(raw)
        trace = _trace(response.status, raw)
        if response.status >= 300:
            self._refused(response, data or {}, reading=reading, trace=trace)
        if data is None:
            lost = self._failures.unreachable if reading else self._failures.unknown
            raise lost("answer cannot be read", trace=trace)
        return Answered(response.status, data, raw)

    def _refused(
        self, response: urllib3.BaseHTTPResponse, data: dict[str, Any], *, reading: bool, trace: str
    ) -> NoReturn:
        """Raises what the status means."""
        code = str(data.get("code", response.status))[:60]
        reason = str(data.get("message", "no reason given"))[:300]
        if response.status in TURNED_AWAY or reading:
            wish = response.headers.get("Retry-After", "")
            after = min(int(wish), 3600) if wish.isascii() and wish.isdigit() else 0
            raise self._failures.unreachable(reason, code=code, trace=trace, retry_after_s=after)
        if response.status >= 500 or response.status < 400:
            raise self._failures.unknown(reason, code=code, trace=trace)
        raise self._failures.declined(reason, code=code, trace=trace)


def _parsed(raw: bytes) -> dict[str, Any] | None:
    if len(raw) > LARGEST_ANSWER:
        return None
    try:
        data = json.loads(raw)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _trace(status: int, raw: bytes) -> str:
    """What may be kept about an exchange: not the body, which is personal, but its length and digest."""
    return f"{status} {len(raw)}B sha256:{hashlib.sha256(raw).hexdigest()[:16]}"
