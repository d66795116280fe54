"""A port for a server that a test starts, which nobody else takes between the choice and the start.

The kernel gives outgoing connections and port 0 a number above 32768, so what it said to be free a moment
ago may be taken by anything. Below that only servers take ports, and each test process begins at another
place.
"""

import itertools
import os
import socket

FIRST, LAST = 20_000, 29_999
_PLACES = itertools.count(os.getpid() * 37)


def free_port() -> int:
    """The next port of this process that nobody listens on."""
    for place in itertools.islice(_PLACES, LAST - FIRST):
        port = FIRST + place % (LAST - FIRST + 1)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                continue
        return port
    raise AssertionError("no port is free")
