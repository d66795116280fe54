"""Roles, scopes and delegations as an actor."""

from datetime import timedelta

import pytest

from cheqi.core.base.actors import SYSTEM, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.staff import operations, queries
from cheqi.foundation.staff.models import Absence, Agency, Member
from cheqi.foundation.staff.queries import Candidate
from cheqi.foundation.staff.roles import ROLES, Permission, may
from cheqi.foundation.staff.tests.scenarios import NOW, PASSWORD, a_branch, a_member, acting, events

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def away(member: Member, delegate: Member | None, *roles: str) -> Absence:
    absence = operations.record_absence(
        member,
        starts_at=NOW - DAY,
        ends_at=NOW + DAY,
        delegate=delegate,
        roles=roles or None,
        actor=acting(member),
        now=NOW,
    )
    assert isinstance(absence, Absence)
    return absence


def test_a_member_acts_with_the_roles_held_over_the_branches_held() -> None:
    hangzhou = a_branch("HZ")
    a_branch("NB")
    member = a_member("chen", "client_manager", at=hangzhou)

    actor = acting(member)

    assert actor.roles == {"client_manager"}
    assert actor.scope == Scope(branch_ids=frozenset({hangzhou.pk}))
    assert (actor.id, actor.name, actor.acting_for) == (str(member.pk), "Chen", None)


def test_a_role_at_a_region_covers_the_branches_below() -> None:
    region = a_branch("ZJ")
    hangzhou, ningbo = a_branch("HZ", region), a_branch("NB", region)
    desk = a_branch("HZ1", hangzhou)
    a_branch("SH")

    actor = acting(a_member("chen", "reviewer", at=region))

    assert actor.scope.branch_ids == {region.pk, hangzhou.pk, ningbo.pk, desk.pk}


@pytest.mark.parametrize("role", ["operations_manager", "auditor", "admin"])
def test_managers_auditors_and_administrators_see_everything(role: str) -> None:
    assert acting(a_member("chen", role, at=a_branch("HZ"))).scope == Scope(everything=True)


def test_a_role_that_has_not_begun_or_has_ended_does_not_count() -> None:
    member = a_member("chen", "reviewer")

    assert acting(member, NOW - 2 * DAY).roles == frozenset()
    member.assignments.update(ended_at=NOW)
    assert acting(member).roles == frozenset()


def test_people_of_an_agency_see_nothing_and_hold_no_work() -> None:
    hangzhou = a_branch("HZ")
    member = a_member("out", "client_manager", at=hangzhou)
    member.agency = Agency.objects.create(code="A", name="外包")
    member.save()

    assert acting(member).scope == Scope()
    assert queries.holders("client_manager", hangzhou.pk, NOW) == ()


def test_a_suspended_member_is_nobody() -> None:
    member = a_member("chen", "admin")
    member.is_active = False
    member.save()

    assert (acting(member).roles, acting(member).scope) == (frozenset(), Scope())


def test_an_actor_costs_one_statement(django_assert_num_queries: object) -> None:
    member = a_member("chen", "reviewer", at=a_branch("HZ"))

    with django_assert_num_queries(1):  # type: ignore[operator]
        acting(member)


def test_a_delegate_carries_roles_and_branches_and_says_for_whom() -> None:
    hangzhou, ningbo = a_branch("HZ"), a_branch("NB")
    finance, reviewer = a_member("fang", "finance", at=ningbo), a_member("ren", "reviewer", at=hangzhou)

    away(finance, reviewer)

    actor = acting(reviewer)
    assert actor.roles == {"finance", "reviewer"}
    assert actor.scope.branch_ids == {hangzhou.pk, ningbo.pk}
    assert actor.acting_for == str(finance.pk)
    assert events("access.absence_recorded") == 1


def test_a_delegation_counts_between_its_times_only() -> None:
    finance, reviewer = a_member("fang", "finance"), a_member("ren", "reviewer")
    away(finance, reviewer)

    assert acting(reviewer, NOW + DAY).roles == {"reviewer"}
    assert acting(reviewer, NOW + DAY - timedelta(seconds=1)).roles == {"reviewer", "finance"}


def test_a_carried_role_does_not_mix_with_ones_own_branch() -> None:
    hangzhou, ningbo = a_branch("HZ"), a_branch("NB")
    finance, reviewer = a_member("fang", "finance", at=ningbo), a_member("ren", "reviewer", at=hangzhou)
    away(finance, reviewer)
    actor = acting(reviewer)

    at_home, abroad = (queries.at_branch(actor, branch.pk, NOW) for branch in (hangzhou, ningbo))

    assert (at_home.roles, at_home.acting_for) == (frozenset({"reviewer"}), None)
    assert (abroad.roles, abroad.acting_for) == (frozenset({"finance"}), str(finance.pk))


def test_ones_own_right_comes_before_a_delegation() -> None:
    hangzhou = a_branch("HZ")
    one, two = a_member("one", "finance", at=hangzhou), a_member("two", "finance", at=hangzhou)
    away(one, two)

    assert acting(two).acting_for is None
    assert queries.at_branch(acting(two), hangzhou.pk, NOW).acting_for is None


def test_at_branch_leaves_the_system_as_it_is() -> None:
    assert queries.at_branch(SYSTEM, 1, NOW) is SYSTEM


def test_only_named_roles_are_carried_and_administration_never() -> None:
    boss = a_member("boss", "finance", "reviewer", "admin")
    clerk = a_member("clerk", "back_office")

    refused = operations.record_absence(
        boss, starts_at=NOW, ends_at=NOW + DAY, delegate=clerk, roles=["admin"], actor=acting(boss), now=NOW
    )
    assert isinstance(refused, Refused)
    assert refused.findings[0].rule == "staff.absence.roles"
    assert Absence.objects.count() == 0

    away(boss, clerk, "finance")
    assert acting(clerk).roles == {"back_office", "finance"}


def test_all_that_is_wrong_with_an_absence_is_said_at_once_and_nothing_is_written() -> None:
    member = a_member("chen", "finance")

    refused = operations.record_absence(
        member, starts_at=NOW, ends_at=NOW, delegate=member, roles=["reviewer"], actor=acting(member), now=NOW
    )

    assert isinstance(refused, Refused)
    assert [finding.rule for finding in refused.findings] == [
        "staff.absence.period",
        "staff.absence.delegate",
        "staff.absence.roles",
    ]
    assert (Absence.objects.count(), events("access.absence_recorded")) == (0, 0)


def test_nobody_gives_away_the_work_of_others() -> None:
    victim, other = a_member("fang", "finance"), a_member("ren", "reviewer")

    refused = operations.record_absence(
        victim, starts_at=NOW, ends_at=NOW + DAY, delegate=other, actor=acting(other), now=NOW
    )

    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.NOT_ALLOWED
    assert acting(other).roles == {"reviewer"}


def test_who_comes_back_early_ends_the_delegation() -> None:
    finance, reviewer = a_member("fang", "finance"), a_member("ren", "reviewer")
    absence = away(finance, reviewer)

    operations.end_absence(absence.pk, actor=acting(finance), now=NOW)

    assert acting(reviewer).roles == {"reviewer"}
    again = operations.end_absence(absence.pk, actor=acting(finance), now=NOW)
    assert isinstance(again, Refused)
    assert again.kind is RefusalKind.NOT_NOW
    assert events("access.absence_ended") == 1


def test_holders_are_those_at_the_branch_above_it_or_everywhere() -> None:
    region = a_branch("ZJ")
    hangzhou, ningbo = a_branch("HZ", region), a_branch("NB", region)
    here, above, everywhere = (
        a_member("here", "reviewer", at=hangzhou),
        a_member("above", "reviewer", at=region),
        a_member("all", "reviewer"),
    )
    a_member("there", "reviewer", at=ningbo)
    a_member("other", "finance", at=hangzhou)

    found = queries.holders("reviewer", hangzhou.pk, NOW, load=lambda ids: {ids[1]: 4})

    assert found == (
        Candidate(here.pk, "Here", absent=False, delegate_id=None),
        Candidate(above.pk, "Above", absent=False, delegate_id=None, open_count=4),
        Candidate(everywhere.pk, "All", absent=False, delegate_id=None),
    )


def test_an_absent_holder_comes_with_the_delegate_of_this_role() -> None:
    hangzhou = a_branch("HZ")
    member, delegate = a_member("fang", "finance", "reviewer", at=hangzhou), a_member("ren", at=hangzhou)
    away(member, delegate, "finance")

    (finance,) = queries.holders("finance", hangzhou.pk, NOW)
    (reviewer,) = queries.holders("reviewer", hangzhou.pk, NOW)

    assert (finance.absent, finance.delegate_id) == (True, delegate.pk)
    assert (reviewer.absent, reviewer.delegate_id) == (True, None)


def test_every_role_has_both_labels_and_permissions_follow_roles() -> None:
    assert {"client_manager", "registry_clerk", "disbursement", "auditor"} <= ROLES.keys()
    finance = acting(a_member("fang", "finance"))

    assert may(finance, Permission.EXPORT)
    assert not may(finance, Permission.MANAGE_STAFF)
    assert may(SYSTEM, Permission.MANAGE_STAFF)


def test_only_administrators_add_members() -> None:
    refused = operations.add_member(
        login="x", name="X", password=PASSWORD, actor=acting(a_member("fang", "finance")), now=NOW
    )

    assert isinstance(refused, Refused)
    assert not Member.objects.filter(login="x").exists()


def test_a_login_is_given_once() -> None:
    a_member("chen")

    refused = operations.add_member(login="chen", name="Other", password=PASSWORD, actor=SYSTEM, now=NOW)

    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.CONFLICT
    assert Member.objects.get(login="chen").name == "Chen"


def test_roles_without_a_second_person_are_for_installing_only() -> None:
    admin, member = a_member("boss", "admin"), a_member("chen")

    with pytest.raises(PermissionError):
        operations.install_roles(member, ["finance"], branch=None, actor=acting(admin), now=NOW)

    assert acting(member).roles == frozenset()
