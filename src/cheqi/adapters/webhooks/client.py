"""Posts webhooks by HTTP: short time-outs, no redirects, no retries of its own, never into our own network.

A name is resolved once for a post. One address inside among its own refuses the post, and the connection
goes to an address that was looked at, under the name as Host and in the certificate: a name that answers
differently the second time leads nowhere else.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from cheqi.core.base.addresses import is_outside, is_this_machine
from cheqi.ports.webhooks import UnableToPost, WebhookPost

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_ADDRESSES = 3
NEVER_SENT = (ConnectTimeoutError, NewConnectionError)
PORTS = {"https": 443, "http": 80}
Resolve = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, in the system's order, each once. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a post goes: the parts of its address that a connection needs."""

    scheme: str
    host: str
    port: int
    named: str
    path: str


class HttpWebhookPoster:
    """A `WebhookPoster` over one pool of connections.

    `is_at_home` lets it post to this machine under the names of this machine, as a demo and a developer do.
    """

    def __init__(
        self,
        *,
        is_at_home: bool = False,
        resolve: Resolve = resolved,
        connect_timeout_s: float = 3.0,
        read_timeout_s: float = 10.0,
    ) -> None:
        self._is_at_home, self._resolve = is_at_home, resolve
        self._pool = urllib3.PoolManager(
            num_pools=32,
            retries=False,
            timeout=urllib3.Timeout(connect=connect_timeout_s, read=read_timeout_s),
        )

    def post(self, post: WebhookPost) -> int:
        """The status of the answer. Raises UnableToPost, also for a name that leads into our own network."""
        try:
            target = target_of(post.url)
            addresses = self._resolve(target.host, target.port)
        except (OSError, ValueError) as error:
            raise UnableToPost("no address", trace=f"POST {type(error).__name__}") from error
        self._check(target.host, addresses)
        *others, last = addresses[:MOST_ADDRESSES]
        for address in others:
            try:
                return self._posted(post, target, address)
            except NEVER_SENT:
                continue
        try:
            return self._posted(post, target, last)
        except HTTPError as error:
            raise UnableToPost("no answer", trace=f"POST {type(error).__name__}") from error

    def _check(self, host: str, addresses: Sequence[str]) -> None:
        """Raises UnableToPost unless every address may be posted to."""
        is_home = self._is_at_home and host in LOOPBACK
        is_fine = is_this_machine if is_home else is_outside
        if not addresses or not all(is_fine(each) for each in addresses):
            raise UnableToPost("an address inside", trace="POST refused")

    def _posted(self, post: WebhookPost, target: Target, address: str) -> int:
        """Posts to one address under the name of the host. Raises NEVER_SENT and UnableToPost."""
        named = {"server_hostname": target.host} if target.scheme == "https" else None
        pool = self._pool.connection_from_host(address, target.port, target.scheme, pool_kwargs=named)
        headers = {"Content-Type": "application/json; charset=utf-8", **post.headers, "Host": target.named}
        try:
            response = pool.urlopen(
                "POST", target.path, post.body, headers, redirect=False, preload_content=False
            )
        except NEVER_SENT:
            raise
        except HTTPError as error:
            raise UnableToPost("no answer", trace=f"POST {type(error).__name__}") from error
        status = response.status
        response.close()
        return int(status)

    def close(self) -> None:
        """Gives the connections back."""
        self._pool.clear()


def target_of(url: str) -> Target:
    """What a connection needs of an address. Raises ValueError for one that is not of HTTP."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"no address of HTTP: {parts.scheme}")
    host = parts.hostname.encode("idna").decode("ascii")
    port = parts.port or PORTS[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    named = shown if port == PORTS[parts.scheme] else f"{shown}:{port}"
    return Target(parts.scheme, host, port, named, urlunsplit(("", "", parts.path or "/", parts.query, "")))
