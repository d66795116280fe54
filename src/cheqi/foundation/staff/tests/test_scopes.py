"""Who sees which rows."""

import pytest
from django.db.models import QuerySet

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.foundation.staff.models import Branch, Member, RoleAssignment
from cheqi.foundation.staff.scopes import visible

pytestmark = pytest.mark.django_db


def someone(**scope: object) -> Actor:
    return Actor(ActorKind.STAFF, "1", "陈静", scope=Scope(**scope))  # type: ignore[arg-type]


@pytest.fixture
def members() -> QuerySet[Member]:
    """Two people of Hangzhou, one of Ningbo, one of no branch."""
    hangzhou, ningbo = (Branch.objects.create(code=code, name=code) for code in ("HZ", "NB"))
    for login, branch in (("a", hangzhou), ("b", hangzhou), ("c", ningbo), ("d", None)):
        Member.objects.create(login=login, name=login, branch=branch)
    return Member.objects.order_by("login")


def logins(queryset: QuerySet[Member]) -> str:
    return "".join(queryset.values_list("login", flat=True))


def test_the_system_sees_everything(members: QuerySet[Member]) -> None:
    assert logins(visible(members, SYSTEM, party=None)) == "abcd"


def test_an_empty_scope_sees_nothing(members: QuerySet[Member]) -> None:
    assert logins(visible(members, someone(), party=None)) == ""


def test_a_branch_sees_its_own_rows(members: QuerySet[Member]) -> None:
    hangzhou = Branch.objects.get(code="HZ")

    assert logins(visible(members, someone(branch_ids=frozenset({hangzhou.pk})), party=None)) == "ab"


def test_owners_are_joined_by_or(members: QuerySet[Member]) -> None:
    ningbo, last = Branch.objects.get(code="NB"), Member.objects.get(login="d")
    actor = someone(branch_ids=frozenset({ningbo.pk}), case_ids=frozenset({last.pk}))

    assert logins(visible(members, actor, party=None)) == "cd"


def test_a_customer_sees_the_own_party_only(members: QuerySet[Member]) -> None:
    own = Member.objects.get(login="b")
    customer = Actor(ActorKind.CUSTOMER, str(own.pk), "张", scope=Scope(party_id=own.pk))

    assert logins(visible(members, customer, party="id")) == "b"


def test_an_owner_that_the_model_lacks_opens_nothing(members: QuerySet[Member]) -> None:
    customer = Actor(ActorKind.CUSTOMER, "1", "张", scope=Scope(party_id=1))

    assert logins(visible(members, customer, party=None)) == ""


def test_a_to_many_owner_does_not_repeat_rows(
    members: QuerySet[Member], django_assert_num_queries: object
) -> None:
    branch, first = Branch.objects.get(code="NB"), Member.objects.get(login="a")
    for role in ("finance", "reviewer"):
        RoleAssignment.objects.create(
            member=first, role=role, branch=branch, granted_at="2026-01-01T00:00:00Z"
        )
    actor = someone(branch_ids=frozenset({branch.pk}))

    assert logins(visible(members, actor, branch="assignments__branch_id", party=None)) == "a"
