"""The single statements of the hot path give the same answers as the staff app's own queries."""

from datetime import timedelta

from cheqi.foundation.staff.models import Absence, Branch
from cheqi.foundation.staff.queries import at_branch as at_branch_by_rows
from cheqi.foundation.staff.queries import holders
from cheqi.foundation.workflow.people import at_branch, candidates
from cheqi.foundation.workflow.tests.packs import NOW, World


def test_roles_at_a_branch_are_the_same_by_one_statement_and_row_by_row(world: World) -> None:
    below = Branch.objects.create(code="N1", name="北一", parent=world.north)
    Absence.objects.create(
        member=world.reviewer, delegate=world.manager, roles=["reviewer", "auditor"], recorded_by="x",
        starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=1),
    )  # fmt: skip
    people = (world.manager, world.reviewer, world.senior, world.stranger, world.boss)
    for member in people:
        for branch in (world.north, world.south, below):
            for now in (NOW, NOW + timedelta(days=3)):
                actor = world.actor(member, now)
                assert at_branch(actor, branch.pk, now) == at_branch_by_rows(actor, branch.pk, now)
    assert at_branch(world.actor(world.manager), below.pk, NOW).acting_for == str(world.reviewer.pk)


def test_candidates_are_the_holders_of_the_role_with_their_load(world: World) -> None:
    world.in_review(key="a")
    Absence.objects.create(
        member=world.other_reviewer, delegate=world.manager, roles=["reviewer"], recorded_by="x",
        starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=1),
    )  # fmt: skip
    for branch in (world.north, world.south):
        mine = [one for one in candidates("reviewer", branch.pk, NOW) if not one.only_stands_in]
        theirs = holders("reviewer", branch.pk, NOW)
        assert [(one.reference, one.name, one.is_absent) for one in mine] == [
            (f"STAFF:{one.member_id}", one.name, one.absent) for one in theirs
        ]
        assert [one.delegate for one in mine] == [
            f"STAFF:{one.delegate_id}" if one.delegate_id else "" for one in theirs
        ]
    found = {one.reference: one for one in candidates("reviewer", world.north.pk, NOW)}
    assert found[f"STAFF:{world.reviewer.pk}"].open_steps == 1
    assert found[f"STAFF:{world.manager.pk}"].only_stands_in
