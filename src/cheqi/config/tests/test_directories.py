"""The whole way of a customer: a code by message, the party in the books, the case by its number."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cheqi import ports
from cheqi.config.directories import PartiesByMobile, TrackedCases, UnableToEnter, reach
from cheqi.core.base.actors import SYSTEM
from cheqi.core.contact.contact import Channel
from cheqi.foundation.access import operations
from cheqi.foundation.access.hooks import CaseDirectory, CodeSender, PartyDirectory, Person, TrackedCase
from cheqi.foundation.access.models import CustomerSession, OneTimeCode
from cheqi.foundation.access.operations import CodeRequested
from cheqi.foundation.messages.codes import MessageCodeSender
from cheqi.foundation.messages.models import Message
from cheqi.foundation.workflow.models import Case, DefinitionRow
from cheqi.records.parties.models import Party
from cheqi.records.parties.operations import record_party

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
MOBILE = "13800138866"


def a_party(name: str = "张小三", **details: str) -> Party:
    party = record_party(name=name, mobile=MOBILE, actor=SYSTEM, now=NOW, **details)  # type: ignore[arg-type]
    assert isinstance(party, Party)
    return party


def a_case(party: Party) -> Case:
    definition = DefinitionRow.objects.create(
        process="application",
        version=1,
        content_hash="x",
        source="",
        effective_from=NOW.date(),
        published_at=NOW,
        published_by="系统",
    )
    return Case.objects.create(
        number="AP2026000017",
        process="application",
        definition=definition,
        status="OPEN",
        party_id=party.pk,
        creators="x",
        created_by_name="x",
        opened_at=NOW,
    )


def test_the_wiring_answers_every_hook() -> None:
    assert isinstance(ports.get(PartyDirectory), PartiesByMobile)
    assert isinstance(ports.get(CaseDirectory), TrackedCases)
    assert isinstance(ports.get(CodeSender), MessageCodeSender)


def test_a_number_is_found_however_it_is_spelt() -> None:
    party = a_party()

    assert PartiesByMobile().find("+8613800138866") == Person(party.pk, "张小三")
    assert PartiesByMobile().find("+8613900139977") is None
    assert PartiesByMobile().find("") is None


def test_a_shared_number_is_the_one_who_had_it_longest_and_no_company() -> None:
    a_party("安心汽车", kind="COMPANY")
    first = a_party()
    a_party("李小四")

    assert PartiesByMobile().find("+8613800138866") == Person(first.pk, "张小三")


def test_somebody_new_logs_in_and_is_in_the_books() -> None:
    given = operations.request_code(mobile=MOBILE, purpose="LOGIN", now=NOW, address="127.0.0.1")
    assert isinstance(given, CodeRequested)
    row = OneTimeCode.objects.get()
    code = str(row.code)
    operations.hand_over(row.pk, now=NOW)

    session = operations.confirm_code(challenge=given.challenge, code=code, now=NOW, address="127.0.0.1")

    assert isinstance(session, CustomerSession)
    party = Party.objects.get()
    assert (party.pk, party.name, party.mobile) == (session.party_id, "", MOBILE)
    assert Message.objects.get().key.endswith(f"code-{given.challenge}")


def test_who_cannot_be_entered_is_an_error_and_not_a_silence() -> None:
    with pytest.raises(UnableToEnter, match="mobile"):
        PartiesByMobile().enter("12", NOW)


def test_a_case_is_found_by_its_number_and_the_last_four_digits() -> None:
    party = a_party()
    case = a_case(party)

    found = TrackedCases().find("AP2026000017", "8866")

    assert found == TrackedCase(case.pk, party.pk, "+8613800138866")


@pytest.mark.parametrize(
    ("number", "last4"), [("AP2026000017", "0000"), ("AP1", "8866"), ("AP2026000017", "")]
)
def test_a_wrong_pair_finds_nothing_with_the_same_statements(number: str, last4: str) -> None:
    a_case(a_party())
    work = []
    for pair in (("AP2026000017", "8866"), (number, last4)):
        with CaptureQueriesContext(connection) as statements:
            found = TrackedCases().find(*pair)
        work.append(len(statements))

    assert found is None
    assert work == [2, 2]


def test_a_case_of_a_party_without_a_number_is_not_found_by_none() -> None:
    party = a_party()
    a_case(party)
    Party.objects.filter(pk=party.pk).update(mobile_last4="", mobile="")

    assert TrackedCases().find("AP2026000017", "") is None


def test_messages_reach_a_party_by_the_channel_of_their_choice() -> None:
    party = a_party(email="zhang@example.invalid", language="en", channel="MAIL")

    recipient = reach(party.pk)

    assert recipient is not None
    assert (recipient.mobile, recipient.email, recipient.language) == (MOBILE, "zhang@example.invalid", "en")
    assert recipient.channels == (Channel.MAIL,)
    assert reach(0) is None
