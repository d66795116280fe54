"""Keys, providers, and parties that can be reached."""

from collections.abc import Iterator

import pytest

from cheqi import ports
from cheqi.foundation.messages import people
from cheqi.foundation.messages.people import Recipient
from cheqi.foundation.messages.tests.fakes import LI_LEI, FakeMail, FakeSms
from cheqi.foundation.privacy.tests.memory_keys import MemoryKeys
from cheqi.ports.keys import KeyProvider
from cheqi.ports.mail import MailGateway
from cheqi.ports.sms import SmsGateway


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    with ports.bound(KeyProvider, MemoryKeys()):
        yield


@pytest.fixture
def sms() -> Iterator[FakeSms]:
    fake = FakeSms()
    with ports.bound(SmsGateway, fake):
        yield fake


@pytest.fixture
def mail() -> Iterator[FakeMail]:
    fake = FakeMail()
    with ports.bound(MailGateway, fake):
        yield fake


@pytest.fixture
def parties() -> Iterator[dict[int, Recipient]]:
    """Who can be reached, by party id: party 7 is Li Lei."""
    known = {7: LI_LEI}

    def reach(party_id: int) -> Recipient | None:
        return known.get(party_id)

    people.resolver(reach)
    yield known
    people.forget(reach)
