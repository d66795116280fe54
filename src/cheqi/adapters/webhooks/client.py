"""Posts webhooks by HTTP: short time-outs, no redirects, no retries of its own."""

import urllib3
from urllib3.exceptions import HTTPError

from cheqi.ports.webhooks import UnableToPost, WebhookPost


class HttpWebhookPoster:
    """A `WebhookPoster` over one pool of connections."""

    def __init__(self, *, connect_timeout_s: float = 3.0, read_timeout_s: float = 10.0) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=32,
            retries=False,
            timeout=urllib3.Timeout(connect=connect_timeout_s, read=read_timeout_s),
        )

    def post(self, post: WebhookPost) -> int:
        """The status of the answer. Raises UnableToPost."""
        headers = {"Content-Type": "application/json; charset=utf-8", **post.headers}
        try:
            response = self._pool.request(
                "POST", post.url, body=post.body, headers=headers, redirect=False, preload_content=False
            )
        except HTTPError as error:
            raise UnableToPost("no answer", trace=f"POST {type(error).__name__}") from error
        status = response.status
        response.close()
        return status

    def close(self) -> None:
        """Gives the connections back."""
        self._pool.clear()
