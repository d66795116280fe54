"""The chassis of a simulated outside system: a small HTTP server of its own, without Django.

A system has collections. `POST /collection` with a signed body carries an instruction out once under its
request number; the same number with the same body answers with the present state, with another body
409 KEY_REUSED. `GET /collection/{number}` says what became of it, or 404. `effects` counts what was
really carried out, by number: that is what the fault tests look at.

Control, without signature, on 127.0.0.1 only: `POST /_control/faults`, `/_control/advance`,
`/_control/release`, `/_control/reset`, `GET /_control/effects`, `/_control/records`.
"""

import hashlib
import json
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3

from cheqi.adapters.wire.faults import Fault, Faults
from cheqi.adapters.wire.signature import Arrived, Signed, headers_for, objection

SIMULATED_CLIENT = "cheqi"


class Rejected(Exception):
    """The system refuses the instruction: status, its code, and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: JSON `data`, or the `page` for people."""

    status: int
    data: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    page: str = ""


@dataclass(slots=True)
class Record:
    """One instruction as the system keeps it. `data` changes while it goes on."""

    collection: str
    number: str
    fingerprint: str
    data: dict[str, Any]


@dataclass(slots=True)
class Waiting:
    """A push that was not acknowledged yet."""

    push_id: str
    number: str
    content: dict[str, Any]


class SimulatedSystem:
    """Subclasses name themselves, list their `COLLECTIONS` and say what an instruction does."""

    NAME = ""
    COLLECTIONS: tuple[str, ...] = ()
    ACCEPTED = 200

    def __init__(self, *, secret: bytes, callback_url: str = "") -> None:
        self.secret = secret
        self.callback_url = callback_url
        self.faults = Faults()
        self.lock = threading.RLock()
        self.records: dict[tuple[str, str], Record] = {}
        self.effects: Counter[str] = Counter()
        self._nonces: set[str] = set()
        self._unpushed: list[Waiting] = []
        self._pushes = 0

    def carry_out(self, collection: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        """Does what a new instruction asks, and returns what to keep of it. Raises Rejected."""
        raise NotImplementedError

    def view(self, record: Record) -> dict[str, Any]:
        """What the client is told about a record; what was kept, unless a system says otherwise."""
        return record.data

    def move(self, record: Record) -> bool:
        """Time passes for one record; True when that is worth a push."""
        return False

    def page(self, path: str) -> Reply | None:
        """A page for people, at an address of the system's own."""
        return None

    def instruct(self, path: str, number: str, raw: bytes) -> Reply:
        """Carries a signed instruction out, once."""
        if path not in self.COLLECTIONS:
            return Reply(404, {"code": "NO_SUCH_SERVICE", "message": "没有这个接口"})
        fingerprint = hashlib.sha256(raw).hexdigest()
        try:
            body = json.loads(raw)
        except ValueError:
            return Reply(400, {"code": "MALFORMED", "message": "请求不是 JSON"})
        with self.lock:
            record = self.records.get((path, number))
            if record is None:
                try:
                    data = self.carry_out(path, number, body)
                except Rejected as no:
                    return Reply(no.status, {"code": no.code, "message": no.message})
                except (KeyError, TypeError, ValueError) as error:
                    return Reply(422, {"code": "FIELD_INVALID", "message": f"字段不完整：{error}"})
                record = self.records[(path, number)] = Record(path, number, fingerprint, data)
                self.effects[number] += 1
            elif record.fingerprint != fingerprint:
                return Reply(409, {"code": "KEY_REUSED", "message": "请求号已用于另一笔"})
            return Reply(self.ACCEPTED, dict(self.view(record)))

    def tell(self, path: str) -> Reply:
        """Answers a signed question about one number."""
        collection, _, number = path.rpartition("/")
        with self.lock:
            record = self.records.get((collection, unquote(number)))
            if record is None:
                return Reply(404, {"code": "NOT_FOUND", "message": "没有这笔"})
            return Reply(200, dict(self.view(record)))

    def check(self, arrived: Arrived) -> Reply | None:
        """The refusal of a request that is not signed as it must be, or was played before."""
        code = objection(self.secret, arrived)
        nonce = next((value for name, value in arrived.headers.items() if name.lower() == "x-nonce"), "")
        with self.lock:
            if not code and nonce in self._nonces:
                code = "NONCE_REUSED"
            if not code:
                self._nonces.add(nonce)
        return Reply(401, {"code": code, "message": "签名未通过"}) if code else None

    def advance(self, steps: int = 1) -> int:
        """Time passes: records move on and results are pushed. Returns how many pushes were acknowledged."""
        acknowledged = 0
        for _ in range(steps):
            with self.lock:
                for record in self.records.values():
                    if self.move(record) and self.callback_url:
                        self._pushes += 1
                        push_id = f"{self.NAME}-{self._pushes}-{secrets.token_hex(4)}"
                        self._unpushed.append(Waiting(push_id, record.number, dict(self.view(record))))
        if self._unpushed:
            acknowledged = self._push_all()
        return acknowledged

    def _push_all(self) -> int:
        """Sends what is not acknowledged, with the faults of this round."""
        faults = self.faults.take_for_pushes()
        with self.lock:
            batch, self._unpushed = self._unpushed, []
        order = list(reversed(batch)) if Fault.REVERSED_PUSHES in faults else batch
        repeats = 2 if Fault.DUPLICATE_PUSHES in faults else 1
        acknowledged = 0
        for push in order:
            taken = [self._push(push) for _ in range(repeats)]
            acknowledged += sum(taken)
            if not all(taken):
                with self.lock:
                    self._unpushed.append(push)
        return acknowledged

    def _push(self, push: Waiting) -> bool:
        """One signed call-back; True when it was taken."""
        content = {"pushId": push.push_id, "requestNumber": push.number, "content": push.content}
        body = json.dumps(content, ensure_ascii=False).encode()
        path = urlsplit(self.callback_url).path
        signed = Signed("POST", path, int(time.time()), secrets.token_hex(12), push.number, body)
        headers = headers_for(self.secret, self.NAME, signed)
        try:
            response = urllib3.request(
                "POST", self.callback_url, body=body, headers=headers, timeout=5, retries=False
            )
        except urllib3.exceptions.HTTPError:
            return False
        return response.status < 300

    def reset(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.records.clear()
            self.effects.clear()
            self._nonces.clear()
            self._unpushed.clear()
        self.faults.clear()
