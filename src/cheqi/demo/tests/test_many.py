"""The copied lender holds together: every copy is a case of its own, at a branch with people of its own."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import F

from cheqi.demo.history import load_history
from cheqi.demo.lender import found_lender
from cheqi.demo.many import REGIONS, ROWS, multiply
from cheqi.foundation.staff.models import Branch, Member, RoleAssignment
from cheqi.foundation.workflow.models import Case, Escalation, Progress, StepRow
from cheqi.records.applications.models import Application, ApplicationParty
from cheqi.records.parties.models import Party

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
COPIES = 11


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_copies_are_cases_of_their_own_with_their_own_people() -> None:
    loaded = load_history(found_lender(NOW), cases=6, now=NOW)
    people, steps = Member.objects.exclude(branch=None).count(), StepRow.objects.count()
    multiply(COPIES)
    connection.check_constraints()
    times = COPIES + 1
    assert (Case.objects.count(), StepRow.objects.count()) == (loaded.cases * times, steps * times)
    assert Branch.objects.count() == 2 * REGIONS
    assert Member.objects.exclude(branch=None).count() == people * REGIONS
    assert RoleAssignment.objects.exclude(branch=None).exclude(branch=F("member__branch")).count() == 0
    assert StepRow.objects.exclude(branch_id=F("case__branch_id")).count() == 0
    assert Escalation.objects.exclude(case=F("step__case")).count() == 0
    assert Application.objects.exclude(branch_id__in=Branch.objects.values("pk")).count() == 0
    branch_of = dict(Member.objects.values_list("pk", "branch_id"))
    owned = StepRow.objects.exclude(owner_id=None).values_list("owner_id", "branch_id")
    assert {branch_of[owner or 0] in {None, branch} for owner, branch in owned} == {True}
    for copy in Party.objects.order_by("-pk")[:3]:
        original = Party.objects.get(pk=copy.pk % ROWS)
        assert (copy.id_number, copy.mobile) == (original.id_number, original.mobile) != ("", "")
    assert ApplicationParty.objects.values("party_id").distinct().count() == Party.objects.count()
    for case in Case.objects.order_by("-pk")[:3]:
        assert case.number.encode() in bytes(Progress.objects.get(case=case).body)
    assert (
        Case.objects.create(
            number="XX", process="x", definition=case.definition, status="OPEN", opened_at=NOW
        ).pk
        > case.pk
    )
