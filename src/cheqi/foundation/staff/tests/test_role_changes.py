"""Roles change by two people."""

import pytest

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.staff import operations
from cheqi.foundation.staff.models import Member, RoleAssignment, RoleChange
from cheqi.foundation.staff.tests.scenarios import NOW, a_member, acting, events

pytestmark = pytest.mark.django_db


def proposed(
    member: Member, by: Member, kind: RoleChange.Kind = RoleChange.Kind.GRANT
) -> RoleChange | Refused:
    return operations.propose_role(
        member, "finance", kind=kind, branch=None, reason="接替离职同事", actor=acting(by), now=NOW
    )


def a_proposal(member: Member, by: Member, kind: RoleChange.Kind = RoleChange.Kind.GRANT) -> RoleChange:
    change = proposed(member, by, kind)
    assert isinstance(change, RoleChange)
    return change


def test_a_role_is_given_when_a_second_administrator_confirms() -> None:
    one, two, member = a_member("one", "admin"), a_member("two", "admin"), a_member("chen")
    change = a_proposal(member, one)
    assert acting(member).roles == frozenset()

    operations.decide_role(change.pk, confirm=True, actor=acting(two), now=NOW)

    assert acting(member).roles == {"finance"}
    change.refresh_from_db()
    assert (change.state, change.proposed_by_name, change.decided_by_name) == ("CONFIRMED", "One", "Two")
    assert (events("access.role_change_proposed"), events("access.role_change_decided")) == (1, 1)


def test_a_role_is_taken_the_same_way_and_its_row_stays() -> None:
    one, two, member = a_member("one", "admin"), a_member("two", "admin"), a_member("chen", "finance")
    change = a_proposal(member, one, RoleChange.Kind.REVOKE)

    operations.decide_role(change.pk, confirm=True, actor=acting(two), now=NOW)

    assert acting(member).roles == frozenset()
    assert RoleAssignment.objects.get(member=member).ended_at == NOW


def test_a_rejected_proposal_changes_nothing() -> None:
    one, two, member = a_member("one", "admin"), a_member("two", "admin"), a_member("chen")
    change = a_proposal(member, one)

    operations.decide_role(change.pk, confirm=False, actor=acting(two), now=NOW)

    assert acting(member).roles == frozenset()
    assert RoleChange.objects.get().state == "REJECTED"


def test_who_proposed_does_not_decide() -> None:
    one, member = a_member("one", "admin"), a_member("chen")
    change = a_proposal(member, one)

    refused = operations.decide_role(change.pk, confirm=True, actor=acting(one), now=NOW)

    assert isinstance(refused, Refused)
    assert refused.findings[0].rule == "staff.role.four_eyes"
    assert (acting(member).roles, RoleChange.objects.get().state) == (frozenset(), "PROPOSED")


def test_nobody_changes_the_own_roles() -> None:
    one, two = a_member("one", "admin"), a_member("two", "admin")

    assert isinstance(proposed(one, one), Refused)
    change = a_proposal(two, one)
    assert isinstance(operations.decide_role(change.pk, confirm=True, actor=acting(two), now=NOW), Refused)

    assert acting(two).roles == {"admin"}


def test_a_decision_is_made_once() -> None:
    one, two, member = a_member("one", "admin"), a_member("two", "admin"), a_member("chen")
    change = a_proposal(member, one)
    operations.decide_role(change.pk, confirm=False, actor=acting(two), now=NOW)

    refused = operations.decide_role(change.pk, confirm=True, actor=acting(two), now=NOW)

    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_NOW
    assert acting(member).roles == frozenset()


def test_a_change_that_changes_nothing_is_refused() -> None:
    one, member = a_member("one", "admin"), a_member("chen", "finance")

    refused = proposed(member, one)

    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.CONFLICT
    assert RoleChange.objects.count() == 0


def test_others_than_administrators_propose_nothing() -> None:
    refused = proposed(a_member("chen"), a_member("fang", "operations_manager"))

    assert isinstance(refused, Refused)
    assert (RoleChange.objects.count(), events("access.role_change_proposed")) == (0, 0)
