"""Where a post may go: nowhere inside, whatever a name says, and under the name that was given."""

import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cheqi.adapters.webhooks.client import HttpWebhookPoster, target_of
from cheqi.adapters.webhooks.tests.test_client import Server
from cheqi.ports.webhooks import UnableToPost, WebhookPost

PUBLIC = "93.184.216.34"
INSIDE: tuple[list[str], ...] = (
    ["127.0.0.1"], ["10.1.2.3"], ["172.16.0.9"], ["192.168.1.1"], ["169.254.169.254"], ["100.64.0.1"],
    ["0.0.0.0"], ["224.0.0.1"], ["::1"], ["fe80::1%eth0"], ["fd00::1"], ["::ffff:10.0.0.1"],
    ["64:ff9b::a00:1"], ["2002:a00:1::"], ["::127.0.0.1"], [PUBLIC, "10.0.0.1"], [],
)  # fmt: skip


class Names:
    """A resolver that knows what it is told, and notes what it was asked."""

    def __init__(self, known: dict[str, Sequence[str]]) -> None:
        self.known = known
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses; an unknown name fails as the system's resolver does."""
        self.asked.append((host, port))
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return self.known[host]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where connections were tried to; none is made."""
    tried: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], *_rest: Any, **_options: Any) -> None:
        tried.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)
    return tried


@pytest.mark.parametrize("is_at_home", [False, True])
@pytest.mark.parametrize("addresses", INSIDE, ids=str)
def test_a_name_that_leads_inside_is_not_posted_to(
    addresses: list[str], is_at_home: bool, connected: list[tuple[str, int]]
) -> None:
    poster = HttpWebhookPoster(is_at_home=is_at_home, resolve=Names({"hooks.dealer.example": addresses}))
    with pytest.raises(UnableToPost, match="an address inside"):
        poster.post(WebhookPost("https://hooks.dealer.example/x", b"{}"))
    assert connected == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_is_posted_to_only_at_home(host: str, connected: list[tuple[str, int]]) -> None:
    address = "::1" if host == "::1" else "127.0.0.1"
    names = Names({host: [address]})
    post = WebhookPost(f"http://{f'[{host}]' if ':' in host else host}:8719/x", b"{}")
    with pytest.raises(UnableToPost, match="an address inside"):
        HttpWebhookPoster(resolve=names).post(post)
    assert connected == []
    with pytest.raises(UnableToPost, match="no answer"):
        HttpWebhookPoster(is_at_home=True, resolve=names).post(post)
    assert [(one[0].strip("[]"), one[1]) for one in connected] == [(address, 8719)]


def test_at_home_a_name_of_this_machine_leads_nowhere_else(connected: list[tuple[str, int]]) -> None:
    poster = HttpWebhookPoster(is_at_home=True, resolve=Names({"localhost": ["10.0.0.1"]}))
    with pytest.raises(UnableToPost, match="an address inside"):
        poster.post(WebhookPost("http://localhost/x", b"{}"))
    assert connected == []


def test_the_name_is_resolved_once_and_only_what_was_checked_is_connected_to(
    connected: list[tuple[str, int]],
) -> None:
    names = Names({"hooks.dealer.example": [PUBLIC, "2001:4860:4860::8888"]})
    with pytest.raises(UnableToPost, match="no answer"):
        HttpWebhookPoster(resolve=names).post(WebhookPost("https://hooks.dealer.example/x", b"{}"))
    assert names.asked == [("hooks.dealer.example", 443)]
    assert [(one[0].strip("[]"), one[1]) for one in connected] == [
        (PUBLIC, 443),
        ("2001:4860:4860::8888", 443),
    ]


@pytest.mark.parametrize(
    "url", ["https://gone.example/x", "ftp://hooks.dealer.example/x", "https://a..b/x", "https://"]
)
def test_what_has_no_address_is_unable_to_post(url: str, connected: list[tuple[str, int]]) -> None:
    with pytest.raises(UnableToPost, match="no address"):
        HttpWebhookPoster(resolve=Names({"hooks.dealer.example": [PUBLIC]})).post(WebhookPost(url, b"{}"))
    assert connected == []


def test_the_host_is_named_as_in_the_address() -> None:
    assert target_of("https://hooks.dealer.example/x?a=1").named == "hooks.dealer.example"
    assert target_of("https://hooks.dealer.example:8443").named == "hooks.dealer.example:8443"
    assert target_of("http://[::1]:8719/x").named == "[::1]:8719"
    assert target_of("https://例子.example/").named == "xn--fsqu00a.example"
    assert target_of("https://hooks.dealer.example?a=1").path == "/?a=1"


class Secure:
    """A server on this machine with a certificate for one name; notes which names it was asked for."""

    def __init__(self, folder: Path, name: str) -> None:
        self.names: list[str | None] = []
        self.hosts: list[str] = []
        self.chain = folder / "server.pem"
        self.chain.write_bytes(certified(name))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        context.sni_callback = lambda _socket, asked, _context: self.names.append(asked)
        hosts = self.hosts

        class Noting(Server):
            def do_POST(self) -> None:  # noqa: N802 (the base class's name)
                """Notes the host that was named."""
                hosts.append(self.headers["Host"])
                super().do_POST()

        self.server = HTTPServer(("127.0.0.1", 0), Noting)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        """Ends the server."""
        self.server.shutdown()
        self.thread.join(timeout=5)
        self.server.server_close()


def certified(name: str) -> bytes:
    """A key and a certificate for a name that signs itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return private + certificate.public_bytes(pem)


@pytest.mark.parametrize(("name", "is_taken"), [("localhost", True), ("other.example", False)])
def test_the_certificate_is_held_against_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_taken: bool
) -> None:
    server = Secure(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.chain))
    poster = HttpWebhookPoster(is_at_home=True, resolve=Names({"localhost": ["127.0.0.1"]}))
    place = f"localhost:{server.server.server_port}"
    post = WebhookPost(f"https://{place}/x", b"{}", {"X-Mark": "1"})
    try:
        if is_taken:
            assert poster.post(post) == 202
        else:
            with pytest.raises(UnableToPost, match="no answer"):
                poster.post(post)
    finally:
        poster.close()
        server.close()
    assert (server.names, server.hosts) == (["localhost"], [place] if is_taken else [])
