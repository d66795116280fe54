"""What several people or attackers do at the same moment. On PostgreSQL, where writers really meet.

On SQLite every writing transaction begins IMMEDIATE, one after the other; its test database is in memory,
where threads cannot wait for each other.
"""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection

from cheqi import ports
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.access import operations as access
from cheqi.foundation.access.hooks import PartyDirectory
from cheqi.foundation.access.models import CustomerSession, OneTimeCode
from cheqi.foundation.access.operations import CodeRequested
from cheqi.foundation.access.tests.scenarios import Directory, Town
from cheqi.foundation.staff import operations
from cheqi.foundation.staff.models import RoleAssignment, RoleChange
from cheqi.foundation.staff.tests.scenarios import ADDRESS, NOW, a_member, acting, code_at, enrolled, events

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def where_writers_meet(transactional_db: None) -> None:
    """Real transactions on a server."""
    if connection.vendor == "sqlite":
        pytest.skip("the test database is in memory: threads cannot wait for each other there")


def together(calls: list[Callable[[], object]]) -> list[object]:
    """Starts all at once and gives what each returned."""
    barrier, answers = Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            answers.append(call())
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == len(calls)
    return answers


def test_one_code_of_the_authenticator_passes_once() -> None:
    member = a_member("chen")
    enrolled(member)
    code = code_at(member, NOW)

    answers = together([lambda: operations.pass_second_factor(member, code=code, now=NOW)] * 4)

    assert answers.count(NOW) == 1


def test_a_recovery_code_passes_once() -> None:
    member = a_member("chen")
    code = enrolled(member)[0]

    answers = together([lambda: operations.pass_second_factor(member, code=code, now=NOW)] * 4)

    assert answers.count(NOW) == 1


def test_parallel_guesses_do_not_outrun_the_lock() -> None:
    a_member("chen")

    answers = together(
        [lambda: operations.log_in(login="chen", password="wrong", address=ADDRESS, now=NOW)] * 12
    )

    kinds = [answer.kind for answer in answers if isinstance(answer, Refused)]
    assert (kinds.count(RefusalKind.NOT_ALLOWED), kinds.count(RefusalKind.TOO_MANY)) == (5, 7)
    assert events("access.log_in_failed") == 5


def test_two_who_decide_at_once_decide_once() -> None:
    one, two, three = (a_member(login, "admin") for login in ("one", "two", "three"))
    member = a_member("chen")
    change = operations.propose_role(
        member,
        "finance",
        kind=RoleChange.Kind.GRANT,
        branch=None,
        reason="接替离职同事",
        actor=acting(one),
        now=NOW,
    )
    assert isinstance(change, RoleChange)
    actors = [acting(two), acting(three)]

    answers = together(
        [
            lambda: operations.decide_role(change.pk, confirm=True, actor=actors[0], now=NOW),
            lambda: operations.decide_role(change.pk, confirm=False, actor=actors[1], now=NOW),
        ]
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "RoleChange"]
    change.refresh_from_db()
    assert RoleAssignment.objects.filter(member=member).count() == (change.state == "CONFIRMED")
    assert events("access.role_change_decided") == 1


def a_code() -> tuple[UUID, str]:
    """A LOGIN code that was asked for."""
    given = access.request_code(mobile="13800138866", purpose="LOGIN", now=NOW, address=ADDRESS)
    assert isinstance(given, CodeRequested)
    return given.challenge, str(OneTimeCode.objects.get().code)


def test_a_one_time_code_opens_one_session() -> None:
    challenge, code = a_code()

    with ports.bound(PartyDirectory, Directory(Town())):
        together([lambda: access.confirm_code(challenge=challenge, code=code, now=NOW, address=ADDRESS)] * 6)

    assert CustomerSession.objects.count() == 1


def test_parallel_guesses_of_a_code_get_five_tries_in_all() -> None:
    challenge, code = a_code()
    guess = f"{(int(code) + 1) % 10**6:06d}"

    together([lambda: access.confirm_code(challenge=challenge, code=guess, now=NOW, address=ADDRESS)] * 12)

    assert OneTimeCode.objects.get().tries == 5
    assert events("access.codes_exhausted") == 1
