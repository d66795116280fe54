"""The lender whose rows were kept is the lender that was founded."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection

from cheqi.demo.lender import PASSWORD
from cheqi.foundation.eventlog.keyring import log_name, signing_key
from cheqi.foundation.eventlog.operations import seal
from cheqi.foundation.eventlog.verification import verify_everything
from cheqi.foundation.staff.models import Branch, Member
from tests.emptying import empty
from tests.founding import founded, rows_of_all_tables

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_every_row_and_answer_of_the_first_founding_comes_back() -> None:
    first = founded(NOW)
    rows = rows_of_all_tables()
    empty()
    again = founded(NOW)
    assert again.members.keys() == first.members.keys()
    assert again.branches["HZ"].pk == Branch.objects.get(code="HZ").pk
    assert check_password(PASSWORD, Member.objects.get(login="chenjing").password)
    if connection.vendor == "sqlite":
        assert rows_of_all_tables() == rows


@pytest.mark.django_db
def test_the_log_that_came_back_can_be_sealed_and_verified() -> None:
    founded(NOW)
    empty()
    founded(NOW)
    seal(NOW)
    found = verify_everything(signing_key().public_key(), log_name())
    assert (found.differences, found.events > 0, found.unsealed) == ([], True, 0)


@pytest.mark.django_db
def test_over_what_is_there_already_the_lender_is_founded_as_always() -> None:
    branch = Branch.objects.create(code="BJ", name="北京分部")
    founded(NOW)
    assert set(Branch.objects.values_list("code", flat=True)) == {"BJ", "HZ", "SH"}
    assert Branch.objects.get(code="BJ").pk == branch.pk


@pytest.mark.django_db
def test_a_test_that_changes_its_lender_changes_nobody_elses() -> None:
    founded(NOW).members.clear()
    empty()
    assert "chenjing" in founded(NOW).members


@pytest.mark.django_db(transaction=True)
def test_the_lender_comes_back_outside_of_a_transaction_too() -> None:
    founded(NOW)
    empty()
    assert "chenjing" in founded(NOW).members
