"""Runs a simulated system in a process of its own, on a free port, as the demo does.

Example: `with running("sms") as sms: HttpSmsGateway(sms.account()).send(…)`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from cheqi.adapters.wire.http_client import Account

SECRET = "a shared secret"


@dataclass(frozen=True)
class Running:
    """A simulator that listens."""

    url: str
    process: subprocess.Popen[str]
    smtp_port: int = 0
    addresses: dict[str, str] = field(default_factory=dict)

    def account(self, *, secret: str = SECRET, read_timeout_s: float = 30.0) -> Account:
        """Our account there, with more patience than a busy machine needs."""
        return Account(self.url, "cheqi", secret.encode(), 10.0, read_timeout_s)

    def control(self, what: str, **order: Any) -> dict[str, Any]:
        """Switches a fault on, lets time pass, or forgets."""
        answer = urllib3.request(
            "POST", f"{self.url}/_control/{what}", body=json.dumps(order), retries=False, timeout=60
        )
        assert answer.status == 200, answer.data
        return dict(answer.json())

    def fault(self, name: str, times: int = 1) -> None:
        """The next instructions meet this fault."""
        self.control("faults", fault=name, times=times)

    def look(self, path: str) -> Any:
        """What one of its open pages answers."""
        answer = urllib3.request("GET", f"{self.url}{path}", retries=False, timeout=60)
        assert answer.status == 200
        return answer.json() if "json" in answer.headers["Content-Type"] else answer.data.decode()

    @property
    def effects(self) -> dict[str, int]:
        """How often each request number was really carried out."""
        return dict(self.look("/_control/effects"))


@contextmanager
def running(system: str, *arguments: str) -> Iterator[Running]:
    """The simulator, until the block ends."""
    command = [
        sys.executable,
        "-m",
        "cheqi",
        "simulate",
        system,
        "--port",
        "0",
        "--smtp-port",
        "0",
        *arguments,
    ]
    source = str(Path(__file__).parents[4])
    environment = os.environ | {"CHEQI_PARTNER_SECRET": SECRET, "PYTHONPATH": source}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    addresses: dict[str, str] = {}
    for line in process.stdout:
        if line.strip() == "ready":
            break
        name, _, address = line.strip().partition(" ")
        addresses[name] = address
    try:
        smtp = addresses.get("smtp", ":0")
        yield Running(addresses.get(system, ""), process, int(smtp.rpartition(":")[2]), addresses)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
