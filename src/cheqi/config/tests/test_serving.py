"""The web server ends in time, whatever the browsers at its other end do."""

import signal
import socket
import subprocess
import sys
import time

import pytest

from cheqi.config.serving import web_arguments
from cheqi.config.tests.free_ports import free_port

HALF = b"GET / HTTP/1.1\r\nHost: 127."
WHOLE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def connected(port: int) -> socket.socket:
    """A connection, once the server accepts one."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "the web server did not come up"
            time.sleep(0.05)


@pytest.mark.parametrize(
    "sent", [b"", WHOLE, HALF], ids=["nothing", "one request, kept alive", "half a request"]
)
@pytest.mark.slow
def test_an_open_connection_does_not_keep_the_server_from_ending(sent: bytes) -> None:
    port = free_port()
    command = [*web_arguments(port=port, workers=1)[:-1], "wsgiref.simple_server:demo_app"]
    server = subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL)
    try:
        with connected(port) as browser:
            browser.sendall(sent)
            if sent == WHOLE:
                assert browser.recv(4096).startswith(b"HTTP/1.1 200")
            server.send_signal(signal.SIGTERM)
            server.wait(20)
    finally:
        server.kill()
        server.wait()
