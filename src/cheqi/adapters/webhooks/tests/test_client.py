"""The poster, against a real server on this machine."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from cheqi.adapters.webhooks.client import HttpWebhookPoster
from cheqi.ports.webhooks import UnableToPost, WebhookPost


class Server(BaseHTTPRequestHandler):
    """`/moved` redirects, `/slow` never answers, everything else says 202 when the header came."""

    def do_POST(self) -> None:
        """Answers by path."""
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/slow":
            self.close_connection = True
            return
        self.send_response(302 if self.path == "/moved" else 202 if self.headers["X-Mark"] == "1" else 400)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Silent."""


@pytest.fixture
def base() -> Iterator[str]:
    """A server on this machine."""
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def poster() -> Iterator[HttpWebhookPoster]:
    """A poster that is closed afterwards."""
    poster = HttpWebhookPoster(is_at_home=True, connect_timeout_s=1, read_timeout_s=1)
    yield poster
    poster.close()


def test_the_status_comes_back_and_headers_go_out(base: str, poster: HttpWebhookPoster) -> None:
    assert poster.post(WebhookPost(f"{base}/x", b"{}", {"X-Mark": "1"})) == 202
    assert poster.post(WebhookPost(f"{base}/x", b"{}")) == 400


def test_a_redirect_is_not_followed(base: str, poster: HttpWebhookPoster) -> None:
    assert poster.post(WebhookPost(f"{base}/moved", b"{}", {"X-Mark": "1"})) == 302


def test_no_answer_and_no_server_are_unable_to_post(base: str, poster: HttpWebhookPoster) -> None:
    for url in (f"{base}/slow", "http://127.0.0.1:9/x"):
        with pytest.raises(UnableToPost, match="no answer"):
            poster.post(WebhookPost(url, b"{}"))
