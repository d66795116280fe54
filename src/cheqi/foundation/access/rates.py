"""How often a program may call: a token bucket per client, in the memory of each web process.

The limit protects the house from a client that runs wild; it is no accounting. With several web
processes a client gets up to the limit in each of them.

>>> from datetime import UTC, datetime, timedelta
>>> buckets, now = Buckets(), datetime(2026, 12, 1, tzinfo=UTC)
>>> [buckets.take("dealer", per_minute=2, now=now) for _ in range(3)]
[0, 0, 30]
>>> buckets.take("dealer", per_minute=2, now=now + timedelta(seconds=30))
0
"""

import math
from datetime import datetime

MAX_CLIENTS = 4096


class Buckets:
    """The buckets of one process: client → (milli-tokens, when)."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, datetime]] = {}

    def take(self, client: str, *, per_minute: int, now: datetime) -> int:
        """0 when the call may go on, else the seconds to wait."""
        full = per_minute * 1000
        tokens, at = self._held.get(client, (full, now))
        gained = int((now - at).total_seconds() * per_minute * 1000 / 60)
        tokens = min(tokens + max(gained, 0), full)
        is_allowed = tokens >= 1000
        if client not in self._held and len(self._held) >= MAX_CLIENTS:
            self._held.clear()
        self._held[client] = (tokens - 1000 if is_allowed else tokens, now)
        return 0 if is_allowed else max(math.ceil((1000 - tokens) * 60 / full), 1)

    def left(self, client: str) -> int:
        """The whole calls that the client has left at this moment, as of its last one."""
        tokens, _ = self._held.get(client, (0, None))
        return tokens // 1000
