"""A small load generator: sockets kept open, one question in flight on each, no HTTP library in between."""

import asyncio
import time

_LENGTH = b"content-length:"


class _Asker(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, notes how long it took, sends again."""

    def __init__(self, requests: list[bytes], at: int, until: float, times_ms: list[float]) -> None:
        self._requests, self._at, self._until, self._times_ms = requests, at, until, times_ms
        self._held, self._sent_at = b"", 0.0
        self.errors = 0
        self.closed = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport), "a stream"
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, found, body = self._held.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        now = time.perf_counter()
        self._times_ms.append((now - self._sent_at) * 1000)
        self.errors += head[9:10] not in (b"2", b"3")
        self._held = b""
        if now < self._until and self._transport is not None:
            self._send()
        elif self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.errors += time.perf_counter() < self._until
        if not self.closed.done():
            self.closed.set_result(None)

    def _send(self) -> None:
        assert self._transport is not None, "connected"
        self._at = (self._at + 1) % len(self._requests)
        self._sent_at = time.perf_counter()
        self._transport.write(self._requests[self._at])


def load(
    *, port: int, requests: list[bytes], seconds: int, connections: int
) -> tuple[list[float], int, float]:
    """The milliseconds of every answer, how many were errors, and how long it took."""
    return asyncio.run(_load(port, requests, seconds, connections))


async def _load(
    port: int, requests: list[bytes], seconds: int, connections: int
) -> tuple[list[float], int, float]:
    times_ms: list[float] = []
    started = time.perf_counter()
    until = started + seconds
    loop = asyncio.get_running_loop()
    askers = []
    for number in range(connections):
        at = number * len(requests) // connections
        _, asker = await loop.create_connection(
            lambda at=at: _Asker(requests, at, until, times_ms),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
        askers.append(asker)
    await asyncio.wait_for(asyncio.gather(*(asker.closed for asker in askers)), seconds + 30)
    return times_ms, sum(asker.errors for asker in askers), time.perf_counter() - started


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(_LENGTH)
    return int(lowered[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
