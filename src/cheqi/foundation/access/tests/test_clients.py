"""API clients, their keys and their pace."""

from datetime import timedelta

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind
from cheqi.foundation.access import operations, queries
from cheqi.foundation.access.models import ApiClient, ApiKey
from cheqi.foundation.access.operations import IssuedKey
from cheqi.foundation.access.rates import Buckets
from cheqi.foundation.access.tests.scenarios import NOW, SECOND, events, kind_of

pytestmark = pytest.mark.django_db
NOBODY = Actor(ActorKind.STAFF, "3", "无", frozenset({"reviewer"}))


def a_client(name: str = "安心汽车", *branch_ids: int) -> IssuedKey:
    issued = operations.add_client(
        name=name, scopes=["progress.read"], branch_ids=branch_ids or (3,), actor=SYSTEM, now=NOW
    )
    assert isinstance(issued, IssuedKey)
    return issued


def test_a_key_opens_the_clients_branches_with_its_scopes() -> None:
    issued = a_client("安心汽车", 3, 5)

    actor = queries.actor_for_key(issued.key, NOW)

    assert actor == Actor(
        ActorKind.CLIENT,
        issued.client_id,
        "安心汽车",
        frozenset({"progress.read"}),
        Scope(branch_ids=frozenset({3, 5})),
    )
    assert issued.key.startswith(f"ck_{issued.key_id}_")
    assert issued.key not in repr(issued)


def test_the_key_itself_is_not_in_the_database() -> None:
    issued = a_client()

    secret = issued.key.split("_", 2)[2]  # it may hold underscores itself
    assert len(secret) > 40
    assert secret not in str(list(ApiKey.objects.values()))


@pytest.mark.parametrize(
    "spoil", [lambda k: k + "x", lambda k: k[3:], lambda k: "", lambda k: "ck__", str.upper]
)
def test_a_wrong_key_opens_nothing(spoil: object) -> None:
    issued = a_client()

    assert queries.actor_for_key(spoil(issued.key), NOW) is None  # type: ignore[operator]


def test_a_secret_of_another_client_opens_nothing() -> None:
    one, two = a_client(), a_client("另一家")
    mixed = f"ck_{one.key_id}_{two.key.split('_', 2)[2]}"

    assert queries.actor_for_key(mixed, NOW) is None


def test_a_look_up_costs_one_statement_and_then_none(django_assert_num_queries: object) -> None:
    issued = a_client()

    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.actor_for_key(issued.key, NOW)
    with django_assert_num_queries(0):  # type: ignore[operator]
        for n in range(9):
            queries.actor_for_key(issued.key, NOW + n * SECOND)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.actor_for_key(issued.key, NOW + 10 * SECOND)


def test_rotation_keeps_the_old_key_for_the_overlap() -> None:
    old = a_client()
    queries.actor_for_key(old.key, NOW)

    new = operations.rotate_key(old.client_id, actor=SYSTEM, now=NOW, overlap=timedelta(hours=1))

    assert isinstance(new, IssuedKey)
    assert queries.actor_for_key(new.key, NOW) == queries.actor_for_key(old.key, NOW)
    assert queries.actor_for_key(old.key, NOW + timedelta(minutes=59)) is not None
    assert queries.actor_for_key(old.key, NOW + timedelta(hours=1)) is None
    assert queries.actor_for_key(new.key, NOW + timedelta(hours=1)) is not None
    assert events("access.client_key_issued") == 2


def test_a_kept_key_ends_on_time_too() -> None:
    old = a_client()
    operations.rotate_key(old.client_id, actor=SYSTEM, now=NOW, overlap=3 * SECOND)
    assert queries.actor_for_key(old.key, NOW + 2 * SECOND) is not None

    assert queries.actor_for_key(old.key, NOW + 3 * SECOND) is None


def test_a_suspended_client_is_out_at_once() -> None:
    issued = a_client()
    queries.actor_for_key(issued.key, NOW)

    operations.suspend_client(issued.client_id, actor=SYSTEM, now=NOW)

    assert queries.actor_for_key(issued.key, NOW) is None
    assert events("access.client_suspended") == 1


def test_only_administrators_manage_clients() -> None:
    issued = a_client()

    answers = [
        operations.add_client(name="x", scopes=[], branch_ids=[], actor=NOBODY, now=NOW),
        operations.rotate_key(issued.client_id, actor=NOBODY, now=NOW),
        operations.suspend_client(issued.client_id, actor=NOBODY, now=NOW),
    ]

    assert [kind_of(answer) for answer in answers] == [RefusalKind.NOT_ALLOWED] * 3
    assert (ApiClient.objects.count(), ApiKey.objects.count()) == (1, 1)
    assert ApiClient.objects.get().is_active
    assert ApiKey.objects.get().ends_at is None


def test_an_unknown_client_is_not_found() -> None:
    assert kind_of(operations.rotate_key("nobody", actor=SYSTEM, now=NOW)) is RefusalKind.NOT_FOUND
    assert kind_of(operations.suspend_client("nobody", actor=SYSTEM, now=NOW)) is RefusalKind.NOT_FOUND


def test_a_client_beyond_its_pace_waits_and_others_do_not() -> None:
    buckets = Buckets()

    waits = [buckets.take("a", per_minute=60, now=NOW) for _ in range(61)]

    assert waits == [0] * 60 + [1]
    assert buckets.take("b", per_minute=60, now=NOW) == 0
    assert buckets.take("a", per_minute=60, now=NOW + SECOND) == 0
    assert buckets.take("a", per_minute=60, now=NOW + SECOND) == 1
