"""Telling a client's server something, by HTTP POST.

Example: `get(WebhookPoster).post(WebhookPost(url="https://dealer.example/hooks", body=b"{}", headers=…))`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cheqi.ports.failures import UnableToReach


class UnableToPost(UnableToReach):
    """No answer came; the post may have arrived. It is posted again under the same id."""


@dataclass(frozen=True, slots=True)
class WebhookPost:
    """One message, signed by its headers."""

    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class WebhookPoster(Protocol):
    """Posts once; never follows a redirect; gives up after seconds."""

    def post(self, post: WebhookPost) -> int:
        """The status of the answer, whatever it is. Raises UnableToPost, and nothing else."""
        ...
