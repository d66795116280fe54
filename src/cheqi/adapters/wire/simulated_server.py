"""Puts a simulated system on a port of 127.0.0.1, with its faults and its control addresses.

Example: `with serving(SimulatedBank(secret=b"s"), port=0) as url: …` serves on a free port.
"""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any

from cheqi.adapters.wire.faults import Fault
from cheqi.adapters.wire.signature import NUMBER, Arrived
from cheqi.adapters.wire.simulated import Reply, SimulatedSystem

LARGEST_BODY = 1024 * 1024
BEFORE = {
    Fault.UNAVAILABLE: Reply(503, {"code": "BUSY", "message": "系统忙，请稍后"}, {"Retry-After": "2"}),
    Fault.BROKEN: Reply(500, {"code": "INTERNAL", "message": "系统错误"}),
}
BROKEN = BEFORE[Fault.BROKEN]


class Handler(BaseHTTPRequestHandler):
    """One connection. `system` is set on the class made by `server_for`."""

    system: SimulatedSystem
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Pages, control and questions."""
        if self.path.startswith("/_control/"):
            self._send(self._look())
        elif page := self.system.page(self.path):
            self._send(page)
        else:
            self._send(self.system.check(self._arrived(b"")) or self.system.tell(self.path))

    def do_POST(self) -> None:
        """Control and instructions."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(Reply(413, {"code": "TOO_LARGE", "message": "请求过大"}))
            return
        raw = self.rfile.read(int(length))
        if self.path.startswith("/_control/"):
            self._send(self._control(json.loads(raw or b"{}")))
            return
        refused = self.system.check(self._arrived(raw))
        if refused:
            self._send(refused)
        else:
            self._instruct(raw)

    def _instruct(self, raw: bytes) -> None:
        """An instruction, met by the fault that waits for it."""
        fault, value = self.system.faults.next_for_instruction()
        if fault is Fault.HANG_BEFORE:
            self.system.faults.hang()
        if fault in (Fault.DROP_BEFORE, Fault.HANG_BEFORE):
            self._cut()
            return
        if fault is not None and fault in BEFORE:
            self._send(BEFORE[fault])
            return
        reply = self.system.instruct(self.path, self.headers.get(NUMBER, ""), raw)
        if fault is Fault.SLOW:
            threading.Event().wait(value / 1000)
        if fault is Fault.HANG:
            self.system.faults.hang()
        if fault is Fault.DROP_AFTER:
            self._cut()
        elif fault is Fault.GARBAGE:
            self._send(Reply(200, page="<html>维护中"))
        else:
            self._send(BROKEN if fault is Fault.BROKEN_AFTER else reply)

    def _control(self, order: dict[str, Any]) -> Reply:
        """Switches faults, lets time pass, forgets."""
        system = self.system
        if self.path == "/_control/faults":
            fault = Fault(order["fault"])
            system.faults.set(fault, times=int(order.get("times", 1)), value=int(order.get("value", 0)))
        elif self.path == "/_control/advance":
            return Reply(200, {"acknowledged": system.advance(int(order.get("steps", 1)))})
        elif self.path == "/_control/release":
            system.faults.clear()
        elif self.path == "/_control/reset":
            system.reset()
        else:
            return Reply(404, {"code": "NO_SUCH_CONTROL"})
        return Reply(200, {"done": True})

    def _look(self) -> Reply:
        """What happened, for tests and for the demo."""
        with self.system.lock:
            if self.path == "/_control/effects":
                return Reply(200, dict(self.system.effects))
            if self.path == "/_control/hanging":
                return Reply(200, {"hanging": self.system.faults.hanging})
            if self.path == "/_control/records":
                return Reply(200, {"records": [record.data for record in self.system.records.values()]})
        return Reply(200, {"name": self.system.NAME, "simulated": True})

    def _arrived(self, raw: bytes) -> Arrived:
        return Arrived(self.command, self.path, dict(self.headers.items()), raw, int(time()))

    def _cut(self) -> None:
        """Ends the connection without a word."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, reply: Reply) -> None:
        body = reply.page.encode() if reply.page else json.dumps(reply.data, ensure_ascii=False).encode()
        kind = "text/html" if reply.page else "application/json"
        with suppress(BrokenPipeError, ConnectionResetError):  # the caller gave up first
            self.send_response(reply.status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Simulator", self.system.NAME)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is given
        """Stays quiet: requests hold personal data."""


class Server(ThreadingHTTPServer):
    """A thread a connection; none of them keeps the process alive."""

    daemon_threads = True
    block_on_close = False


def server_for(system: SimulatedSystem, port: int) -> Server:
    """A bound server, not yet serving. Port 0 takes a free one."""
    handler = type(f"{system.NAME}Handler", (Handler,), {"system": system})
    return Server(("127.0.0.1", port), handler)


@contextmanager
def serving(system: SimulatedSystem, *, port: int = 0) -> Iterator[str]:
    """Serves in a thread while the block runs; gives the base address."""
    server = server_for(system, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        system.faults.clear()
        server.shutdown()
        server.server_close()
        thread.join(5)
