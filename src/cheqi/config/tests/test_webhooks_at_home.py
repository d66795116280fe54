"""Only an installation that is itself this machine posts webhooks to this machine."""

from unittest.mock import patch

import pytest
from django.conf import LazySettings

from cheqi import ports
from cheqi.ports.webhooks import UnableToPost, WebhookPost, WebhookPoster


@pytest.mark.parametrize(
    ("public_url", "why"),
    [("http://127.0.0.1:8000", "no answer"), ("https://loan.example.cn", "an address inside")],
)
def test_this_machine_is_posted_to_where_the_lender_is_this_machine(
    settings: LazySettings, public_url: str, why: str
) -> None:
    settings.PUBLIC_URL = public_url
    refused = patch("urllib3.util.connection.create_connection", side_effect=OSError("not in a test"))
    with ports.renewed(WebhookPoster) as poster, refused, pytest.raises(UnableToPost, match=why):
        poster.post(WebhookPost("http://127.0.0.1:8719/x", b"{}"))
