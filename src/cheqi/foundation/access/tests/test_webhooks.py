"""Webhooks: signed, at least once, in order within a case; against a real server on this machine."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest
import urllib3
from django.conf import LazySettings

from cheqi import ports
from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.base.findings import RefusalKind
from cheqi.foundation.access import operations
from cheqi.foundation.access.models import ApiClient, WebhookDelivery
from cheqi.foundation.access.operations import IssuedKey, NewEndpoint
from cheqi.foundation.access.tests.scenarios import MINUTE, NOW, kind_of
from cheqi.foundation.jobs.models import Wakeup
from cheqi.ports.webhooks import UnableToPost, WebhookPost, WebhookPoster

pytestmark = pytest.mark.django_db


class Poster:
    """Posts for real to the server of the test."""

    def post(self, post: WebhookPost) -> int:
        """As the adapter does."""
        try:
            return urllib3.request(
                "POST", post.url, body=post.body, headers=dict(post.headers), retries=False, timeout=5
            ).status
        except urllib3.exceptions.HTTPError as error:
            raise UnableToPost("no answer", trace=type(error).__name__) from error


class Receiver(BaseHTTPRequestHandler):
    """Keeps what arrives and answers what the test wants."""

    arrived: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    statuses: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        """Takes it, or not."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.arrived.append((dict(self.headers), body))
        self.send_response(self.statuses.pop(0) if self.statuses else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Silent."""


@pytest.fixture
def url() -> Iterator[str]:
    """A server on this machine."""
    Receiver.arrived, Receiver.statuses = [], []
    with HTTPServer(("127.0.0.1", 0), Receiver) as server, ports.bound(WebhookPoster, Poster()):
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hooks"
        server.shutdown()
        thread.join(timeout=5)


def a_client(name: str = "安心汽车", branch_id: int = 3) -> ApiClient:
    issued = operations.add_client(name=name, scopes=[], branch_ids=[branch_id], actor=SYSTEM, now=NOW)
    assert isinstance(issued, IssuedKey)
    return ApiClient.objects.get(public_id=issued.client_id)


def an_endpoint(url: str, client: ApiClient | None = None) -> NewEndpoint:
    endpoint = operations.add_endpoint(
        client or a_client(), url=url, event_types=["case.moved"], actor=SYSTEM, now=NOW
    )
    assert isinstance(endpoint, NewEndpoint)
    return endpoint


def tell(step: str, key: str, *, case_id: int = 17, branch_id: int = 3, kind: str = "case.moved") -> int:
    return operations.tell(kind, {"step": step}, case_id=case_id, branch_id=branch_id, key=key, now=NOW)


def bodies() -> list[bytes]:
    return [body for _, body in Receiver.arrived]


def states() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_message_arrives_signed(url: str) -> None:
    endpoint = an_endpoint(url)
    tell("审核", "e1")

    assert operations.deliver(f"{endpoint.endpoint_id}:17", now=NOW) is None

    ((headers, body),) = Receiver.arrived
    assert body.decode() == '{"step":"审核"}'
    seconds, digest = (part.split("=")[1] for part in headers["Cheqi-Signature"].split(","))
    signed = f"{seconds}.".encode() + body
    assert digest == hmac.new(endpoint.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert (seconds, headers["Cheqi-Event"]) == (str(int(NOW.timestamp())), "case.moved")
    assert headers["Cheqi-Delivery"] == str(WebhookDelivery.objects.get().row_seal)
    assert states() == ["DELIVERED"]


def test_the_same_key_tells_an_endpoint_once_and_wakes_its_lane(url: str) -> None:
    endpoint = an_endpoint(url)

    assert (tell("审核", "e1"), tell("审核", "e1")) == (1, 0)

    assert list(Wakeup.objects.values_list("task", "key")) == [
        ("access.deliver_webhooks", f"{endpoint.endpoint_id}:17")
    ]


def test_others_are_not_told(url: str) -> None:
    an_endpoint(url)

    assert tell("审核", "e1", branch_id=4) == 0
    assert tell("审核", "e2", kind="case.opened") == 0
    assert WebhookDelivery.objects.count() == 0


def test_what_is_not_taken_holds_back_what_follows_in_its_case_only(url: str) -> None:
    endpoint = an_endpoint(url)
    tell("one", "e1")
    tell("two", "e2")
    tell("other", "e3", case_id=18)
    Receiver.statuses = [500]

    again_at = operations.deliver(f"{endpoint.endpoint_id}:17", now=NOW)
    operations.deliver(f"{endpoint.endpoint_id}:18", now=NOW)

    assert again_at == NOW + timedelta(seconds=30)
    assert states() == ["WAITING", "WAITING", "DELIVERED"]
    assert operations.deliver(f"{endpoint.endpoint_id}:17", now=NOW) == again_at

    assert operations.deliver(f"{endpoint.endpoint_id}:17", now=again_at) is None
    assert bodies() == [b'{"step":"one"}', b'{"step":"other"}', b'{"step":"one"}', b'{"step":"two"}']
    deliveries = {headers["Cheqi-Delivery"] for headers, body in Receiver.arrived if b"one" in body}
    assert len(deliveries) == 1


def test_a_server_that_is_not_there_is_tried_again() -> None:
    endpoint = an_endpoint("http://127.0.0.1:9/hooks")
    tell("one", "e1")

    with ports.bound(WebhookPoster, Poster()):
        again_at = operations.deliver(f"{endpoint.endpoint_id}:17", now=NOW)

    row = WebhookDelivery.objects.get()
    assert again_at == NOW + timedelta(seconds=30)
    assert (row.state, row.attempts, row.last_status) == ("WAITING", 1, None)
    assert "no answer" in row.last_error


def test_a_message_that_nobody_takes_dies_and_the_next_one_goes_on(url: str) -> None:
    endpoint = an_endpoint(url)
    tell("one", "e1")
    tell("two", "e2")
    Receiver.statuses = [500] * 12
    now: datetime = NOW
    pauses = []

    while (again_at := operations.deliver(f"{endpoint.endpoint_id}:17", now=now)) is not None:
        pauses.append(again_at - now)
        now = again_at

    assert pauses[:3] == [MINUTE / 2, MINUTE, 2 * MINUTE]
    assert len(pauses) == 11
    assert states() == ["DEAD", "DELIVERED"]
    dead = WebhookDelivery.objects.get(state="DEAD")
    assert kind_of(operations.send_again(dead.pk, actor=Actor(ActorKind.STAFF, "1", "x"), now=now)) is (
        RefusalKind.NOT_ALLOWED
    )

    operations.send_again(dead.pk, actor=SYSTEM, now=now)
    operations.deliver(f"{endpoint.endpoint_id}:17", now=now)

    assert states() == ["DELIVERED", "DELIVERED"]
    assert kind_of(operations.send_again(dead.pk, actor=SYSTEM, now=now)) is RefusalKind.NOT_NOW


@pytest.mark.parametrize(
    "address",
    [
        "http://dealer.example/x",
        "ftp://dealer.example/x",
        "https://user@dealer.example/x",
        "https://",
        "x",
        "https://169.254.169.254/latest",
        "https://10.0.0.5/x",
        "https://[fd00::1]/x",
        "https://db.internal/x",
    ],
)
def test_an_unsafe_address_is_refused(address: str) -> None:
    client = a_client()

    answer = operations.add_endpoint(client, url=address, event_types=[], actor=SYSTEM, now=NOW)

    assert kind_of(answer) is RefusalKind.INVALID
    assert not client.endpoints.exists()


def test_a_lender_on_the_internet_is_not_sent_to_its_own_machine(settings: LazySettings) -> None:
    client = a_client()
    for url in ("http://127.0.0.1:8001/x", "https://localhost/x", "https://127.0.0.1/x", "http://[::1]/x"):
        settings.PUBLIC_URL = "https://loan.example.cn"
        refused = operations.add_endpoint(client, url=url, event_types=[], actor=SYSTEM, now=NOW)
        assert kind_of(refused) is RefusalKind.INVALID
        settings.PUBLIC_URL = "http://127.0.0.1:8000"
        assert isinstance(an_endpoint(url, client), NewEndpoint)
