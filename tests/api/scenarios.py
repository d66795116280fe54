"""Named situations for the tests of the API: keys of a lender with two branches, and requests with them."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.utils import timezone

from cheqi.core.base.actors import SYSTEM
from cheqi.demo.lender import PASSWORD, DemoLender
from cheqi.demo.second_factors import code_of, enrol
from cheqi.foundation.access.operations import IssuedKey, add_client
from cheqi.web.api.scopes import SCOPES

_KEYS = count(1)


@dataclass
class Program:
    """A system around with its key; every write gets a key of its own unless one is given."""

    key: str
    client: Client = field(default_factory=Client)
    language: str = "zh"

    def get(self, path: str, **headers: str) -> HttpResponse:
        """GET /api/v1/…"""
        return self._send("get", path, headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> HttpResponse:
        """POST with JSON."""
        return self._send("post", path, headers, body=body, key=key or fresh())

    def patch(self, path: str, body: Any, *, key: str = "") -> HttpResponse:
        """PATCH with JSON."""
        return self._send("patch", path, {}, body=body, key=key or fresh())

    def delete(self, path: str, *, key: str = "") -> HttpResponse:
        """DELETE."""
        return self._send("delete", path, {}, key=key or fresh())

    def upload(self, path: str, fields: dict[str, Any], *, key: str = "") -> HttpResponse:
        """POST as a form with files."""
        headers = {**self._headers({}), "Idempotency-Key": key or fresh()}
        return self.client.post(f"/api/v1/{path}", fields, headers=headers)  # type: ignore[return-value]

    def _send(
        self, method: str, path: str, headers: dict[str, str], *, body: Any = None, key: str = ""
    ) -> HttpResponse:
        given = self._headers(headers)
        if key:
            given["Idempotency-Key"] = key
        send = getattr(self.client, method)
        if method == "get":
            answer: HttpResponse = send(f"/api/v1/{path}", headers=given)
            return answer
        content = "" if body is None else json.dumps(body)
        made: HttpResponse = send(f"/api/v1/{path}", content, content_type="application/json", headers=given)
        return made

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        base = {"Authorization": f"Bearer {self.key}", "Accept-Language": self.language}
        return {**base, **{name.replace("_", "-"): value for name, value in more.items()}}


def fresh() -> str:
    """A key that was not used before."""
    return f"k-{next(_KEYS)}"


def program(lender: DemoLender, *scopes: str, branch: str = "HZ", per_minute: int = 10_000) -> Program:
    """A client of a branch; without scopes it has all of them."""
    issued = add_client(
        name="经销商系统",
        scopes=scopes or tuple(SCOPES),
        branch_ids=[lender.branches[branch].pk],
        per_minute=per_minute,
        actor=SYSTEM,
        now=timezone.now(),
    )
    assert isinstance(issued, IssuedKey)
    return Program(issued.key)


def log_in_of(login: str, now: datetime) -> dict[str, str]:
    """What a member of the demo gives to log in: the authenticator shows the code of this moment."""
    return {"login": login, "password": PASSWORD, "code": code_of(login, now), "program": "机器人"}


def member(lender: DemoLender, login: str) -> Program:
    """A member's program that has logged in with a code of now."""
    now = timezone.now()
    enrol(lender.members, now)
    begun = json_of(Program("").post("staff/sessions", log_in_of(login, now)), 201)
    return Program(begun["token"])


def error_of(response: HttpResponseBase) -> tuple[int, str, list[str]]:
    """Status, kind and rules; fails where it is not the one shape."""
    assert isinstance(response, HttpResponse)
    assert response.headers["Content-Type"] == "application/json", response.content[:200]
    body = json.loads(response.content)
    assert body.keys() == {"error"}
    assert body["error"].keys() == {"kind", "findings"}
    for finding in body["error"]["findings"]:
        assert finding.keys() == {"rule", "message", "field", "clause"}
        assert finding["message"]
    assert response.headers["X-Request-Id"]
    return response.status_code, body["error"]["kind"], [each["rule"] for each in body["error"]["findings"]]


def json_of(response: HttpResponseBase, status: int = 200) -> Any:
    """The body of an answer with this status."""
    assert isinstance(response, HttpResponse)
    assert response.status_code == status, response.content.decode()[:500]
    return json.loads(response.content)
