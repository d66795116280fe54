"""From where a request comes: the peer, or what our own proxies saw, never what the caller says."""

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from cheqi.ui.requests import address_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.7", "9.9.9.9"),
        (2, "9.9.9.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, " , ", "10.0.0.1"),
        (1, "x" * 400, "x" * 45),
    ],
)
def test_an_address_is_what_the_outermost_of_our_own_proxies_saw(
    settings: LazySettings, proxies: int, forwarded: str, expected: str
) -> None:
    settings.CHEQI_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == expected
