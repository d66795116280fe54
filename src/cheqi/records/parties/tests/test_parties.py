"""Parties: once per ID number, sealed, with the source of every fact."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.foundation.eventlog.models import EventRow
from cheqi.records.parties.models import BankAccount, Party, PartyBranch, PartyFact
from cheqi.records.parties.operations import (
    add_account,
    change_contact,
    mark_account_verified,
    record_party,
    verify_facts,
)
from cheqi.records.parties.queries import accounts, fact_sources, ids_with_mobile, party
from cheqi.records.tests.scenarios import (
    NOW,
    a_branch,
    a_card,
    a_customer,
    a_manager,
    a_mobile,
    a_person,
    a_uscc,
    an_account,
    an_id_number,
    done,
    rules,
)

pytestmark = pytest.mark.django_db


def test_a_person_is_recorded_once_per_id_number_and_keeps_what_is_known() -> None:
    first = a_person(branch=a_branch("HZ01"))
    again = done(
        record_party(
            name="汪鑫",
            id_number=f" {an_id_number()} ".lower(),
            mobile=a_mobile(9),
            branch_id=a_branch("SH01").pk,
            actor=SYSTEM,
            now=NOW,
        )
    )
    assert again.pk == first.pk
    assert again.mobile == a_mobile(1)
    assert PartyBranch.objects.filter(party=first).count() == 2
    assert EventRow.objects.filter(type="lending.party_recorded").count() == 1


def test_numbers_lie_sealed_and_are_found_by_their_index_only() -> None:
    row = a_person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, mobile, id_last4, mobile_last4 FROM parties_party")
        (stored,) = cursor.fetchall()
    assert stored[0].startswith("v1|")
    assert an_id_number() not in str(stored)
    assert a_mobile() not in str(stored)
    assert stored[2:] == (an_id_number()[-4:], a_mobile()[-4:])
    assert ids_with_mobile(f"+86 {a_mobile()}", SYSTEM) == (row.pk,)
    assert ids_with_mobile(a_mobile(2), SYSTEM) == ()
    assert ids_with_mobile("", SYSTEM) == ()


def test_the_same_number_under_another_name_is_refused() -> None:
    a_person()
    result = record_party(name="李一", id_number=an_id_number(), actor=SYSTEM, now=NOW)
    assert rules(result) == ["party.other_name"]
    assert Party.objects.count() == 1


def test_everything_wrong_with_a_party_is_named_at_once() -> None:
    result = record_party(
        name=" ",
        id_number="110101199006150019",
        mobile="123",
        birth_date=date(2027, 1, 1),
        language="fr",
        channel="PIGEON",
        actor=SYSTEM,
        now=NOW,
    )
    assert not result
    assert [each.field for each in result.findings] == [  # type: ignore[union-attr]
        "name",
        "id_number",
        "mobile",
        "language",
        "channel",
        "birth_date",
    ]
    assert Party.objects.count() == EventRow.objects.count() == 0


def test_a_birth_date_that_differs_from_the_id_number_is_refused() -> None:
    result = record_party(
        name="汪鑫", id_number=an_id_number(), birth_date=date(1990, 6, 16), actor=SYSTEM, now=NOW
    )
    assert rules(result) == ["party.birth_date_differs"]
    assert Party.objects.count() == 0


def test_a_company_is_known_by_its_credit_code() -> None:
    row = done(record_party(name="示例公司", kind="COMPANY", id_number=a_uscc(), actor=SYSTEM, now=NOW))
    assert row.id_number == a_uscc()
    wrong = record_party(name="示例公司", kind="COMPANY", id_number=an_id_number(), actor=SYSTEM, now=NOW)
    assert not wrong
    assert Party.objects.count() == 1


def test_a_fact_is_taken_over_with_its_source() -> None:
    row = done(record_party(name="汪鑫", actor=SYSTEM, now=NOW))
    facts: dict[str, Any] = {
        "id_number": an_id_number(),
        "birth_date": date(1990, 6, 15),
        "address": "杭州市示例路1号",
    }
    manager = Actor(ActorKind.STAFF, "12", "陈静", scope=SYSTEM.scope)
    done(verify_facts(party_id=row.pk, facts=facts, origin="DOCUMENT", document_id=7, actor=manager, now=NOW))
    row.refresh_from_db()
    assert (row.id_number, row.address) == (an_id_number(), "杭州市示例路1号")
    sources = fact_sources(row.pk, SYSTEM)
    assert set(sources) == {"id_number", "birth_date", "address"}
    assert (sources["address"].document_id, sources["address"].actor_name) == (7, "陈静")
    event = EventRow.objects.get(type="lending.party_facts_verified")
    assert an_id_number() not in str(event.__dict__)


@pytest.mark.parametrize(
    ("facts", "document_id", "rule"),
    [
        ({"shoe_size": "42"}, 7, "party.fact"),
        ({"address": "x"}, None, "party.source"),
        ({"birth_date": date(1800, 1, 1)}, 7, "party.birth_date"),
    ],
)
def test_a_fact_that_cannot_be_taken_over_changes_nothing(
    facts: dict[str, Any], document_id: int | None, rule: str
) -> None:
    row = done(record_party(name="汪鑫", actor=SYSTEM, now=NOW))
    result = verify_facts(
        party_id=row.pk, facts=facts, origin="DOCUMENT", document_id=document_id, actor=SYSTEM, now=NOW
    )
    assert rules(result) == [rule]
    row.refresh_from_db()
    assert (row.address, row.birth_date, PartyFact.objects.count()) == ("", None, 0)


def test_the_id_number_of_somebody_else_is_not_taken_over() -> None:
    a_person()
    other = done(record_party(name="李一", actor=SYSTEM, now=NOW))
    result = verify_facts(
        party_id=other.pk, facts={"id_number": an_id_number()}, origin="CLERK", actor=SYSTEM, now=NOW
    )
    assert rules(result) == ["party.id_number_taken"]
    other.refresh_from_db()
    assert other.id_number == ""


def test_a_manager_sees_the_branch_s_people_masked_and_nobody_else_s() -> None:
    branch, other = a_branch("HZ01"), a_branch("SH01")
    row = a_person(branch=branch)
    seen = party(row.pk, a_manager(branch))
    assert seen is not None
    assert seen.name == "汪鑫"
    assert seen.id_number == f"1101{'*' * 10}{an_id_number()[-4:]}"
    assert party(row.pk, a_manager(other)) is None
    assert party(row.pk, a_customer(row)) is not None
    assert party(row.pk, a_customer(a_person("李一", 2))) is None
    refused = change_contact(party_id=row.pk, mobile=a_mobile(3), actor=a_manager(other), now=NOW)
    assert rules(refused) == ["party.missing"]
    row.refresh_from_db()
    assert row.mobile == a_mobile(1)


def test_a_changed_mobile_is_found_by_the_new_number_only() -> None:
    row = a_person()
    done(change_contact(party_id=row.pk, mobile=a_mobile(5), channel="SMS", actor=a_customer(row), now=NOW))
    assert ids_with_mobile(a_mobile(5), SYSTEM) == (row.pk,)
    assert ids_with_mobile(a_mobile(1), SYSTEM) == ()
    assert not change_contact(party_id=row.pk, mobile="12", actor=SYSTEM, now=NOW)
    row.refresh_from_db()
    assert (row.mobile, row.mobile_last4, row.channel) == (a_mobile(5), "0005", "SMS")


def test_an_account_is_kept_once_and_verified_with_the_bank_s_reference() -> None:
    row = a_person()
    account = an_account(row)
    assert an_account(row).pk == account.pk
    assert BankAccount.objects.count() == 1
    verified = done(mark_account_verified(account_id=account.pk, reference="B-1", actor=SYSTEM, now=NOW))
    assert (verified.is_verified, verified.verified_reference) == (True, "B-1")
    (view,) = accounts(row.pk, a_customer(row))
    assert view.number == f"尾号 {a_card()[-4:]}"
    stranger = a_customer(a_person("李一", 2))
    assert accounts(row.pk, stranger) == ()
    assert not mark_account_verified(account_id=account.pk, reference="x", actor=stranger, now=NOW)


def test_an_account_with_a_wrong_digit_is_refused() -> None:
    row = a_person()
    wrong = a_card()[:-1] + str((int(a_card()[-1]) + 1) % 10)
    result = add_account(party_id=row.pk, number=wrong, bank_name="", holder_name="", actor=SYSTEM, now=NOW)
    assert not result
    assert [each.field for each in result.findings] == ["number", "bank_name", "holder_name"]  # type: ignore[union-attr]
    assert BankAccount.objects.count() == 0


@pytest.mark.parametrize("values", [{"name": ""}, {"kind": "ROBOT"}])
def test_the_database_refuses_what_no_party_can_be(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Party(**{"kind": "PERSON", "name": "汪鑫", "created_at": NOW, **values}).save()
    assert Party.objects.count() == 0
