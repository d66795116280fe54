"""A small load generator: sockets kept open, one question in flight on each, no HTTP library in between.

It runs on the cores that the server needs too, so it does as little as it can: one `epoll` loop, two system
calls an answer. `Load.cpu_s` is what it took of the machine.
"""

import select
import socket
import time
from dataclasses import dataclass, field

_LENGTH = b"content-length:"
_PATIENCE_S = 5.0


@dataclass(slots=True)
class Load:
    """What was seen: milliseconds of every answer, errors, how long it took, the generator's own CPU."""

    times_ms: list[float] = field(default_factory=list)
    errors: int = 0
    took_s: float = 0.0
    cpu_s: float = 0.0


def load(*, port: int, requests: list[bytes], seconds: float, connections: int) -> Load:
    """Asks over so many connections, each asking again when it was answered. Gives what was seen.

    Errors are answers other than 2xx and 3xx, connections that broke, and questions that were not answered
    within five seconds.
    """
    found, started, cpu = Load(), time.perf_counter(), time.process_time()
    askers = _Askers(port, requests, found)
    try:
        askers.open(connections)
        askers.run(started + seconds)
    finally:
        askers.close()
    found.took_s, found.cpu_s = time.perf_counter() - started, time.process_time() - cpu
    return found


class _Askers:
    """The connections with what each waits for: by file number, (socket, bytes so far, sent at)."""

    def __init__(self, port: int, requests: list[bytes], found: Load) -> None:
        self._port, self._requests, self._found = port, requests, found
        self._at = 0
        self._poll = select.epoll()
        self._held: dict[int, tuple[socket.socket, bytes, float]] = {}

    def open(self, connections: int) -> None:
        """Connects, and sends the first question on each connection."""
        for number in range(connections):
            self._at = number * len(self._requests) // connections
            made = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE_S)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._poll.register(made, select.EPOLLIN)
            self._ask(made)

    def run(self, until: float) -> None:
        """Takes answers and asks again until the time is up, then takes what is still on its way."""
        deadline = until + _PATIENCE_S
        while self._held and time.perf_counter() < deadline:
            for number, _ in self._poll.poll(0.5):
                self._take(number, until)
        self._found.errors += len(self._held)

    def close(self) -> None:
        """Closes everything."""
        for made, _, _ in self._held.values():
            made.close()
        self._poll.close()

    def _ask(self, made: socket.socket) -> None:
        self._at = (self._at + 1) % len(self._requests)
        self._held[made.fileno()] = (made, b"", time.perf_counter())
        made.sendall(self._requests[self._at])

    def _take(self, number: int, until: float) -> None:
        made, before, sent_at = self._held[number]
        try:
            came = made.recv(65_536)
        except OSError:
            came = b""
        data = before + came if before else came
        head, is_whole, body = data.partition(b"\r\n\r\n")
        if came and not (is_whole and len(body) >= _length(head)):
            self._held[number] = (made, data, sent_at)
            return
        now = time.perf_counter()
        self._found.times_ms.append((now - sent_at) * 1000)
        self._found.errors += head[9:10] not in (b"2", b"3")
        if came and now < until:
            self._ask(made)
        else:
            self._poll.unregister(number)
            made.close()
            del self._held[number]


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(_LENGTH)
    return int(lowered[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
