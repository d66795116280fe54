"""The same request twice is carried out once."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.access.models import IdempotencyKey
from cheqi.foundation.access.operations import Answer, LostTheKey, fingerprint, forget_old_keys, idempotent
from cheqi.foundation.access.tests.scenarios import MINUTE, NOW, SECOND, kind_of
from cheqi.foundation.staff.models import Branch

PROGRAM = Actor(ActorKind.CLIENT, "ab12", "安心汽车")
BODY = fingerprint("POST", "/api/v1/applications", b'{"price_fen":100}')


def opening(code: str = "HZ", status: int = 201) -> Callable[[], Answer]:
    """A use case that opens a branch."""

    def run() -> Answer:
        Branch.objects.create(code=code, name=code)
        return Answer(status, f'{{"branch":"{code}"}}')

    return run


def never() -> Answer:
    raise AssertionError("this must not run")


def carried(
    run: Callable[[], Answer], *, key: str = "k", body: str = BODY, actor: Actor = PROGRAM, now: object = NOW
) -> Answer | Refused:
    return idempotent(actor=actor, key=key, fingerprint=body, now=now, run=run)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_second_time_gives_the_first_answer() -> None:
    assert carried(opening()) == Answer(201, '{"branch":"HZ"}')

    assert carried(never, now=NOW + 60 * MINUTE) == Answer(201, '{"branch":"HZ"}', is_replayed=True)
    assert Branch.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_for_another_request_is_refused() -> None:
    carried(opening())

    answer = carried(never, body=fingerprint("POST", "/api/v1/applications", b'{"price_fen":200}'))

    assert kind_of(answer) is RefusalKind.INVALID
    assert Branch.objects.count() == 1


@pytest.mark.django_db
def test_two_clients_may_use_the_same_key() -> None:
    carried(opening("HZ"))

    other = carried(opening("NB"), actor=Actor(ActorKind.CLIENT, "cd34", "另一家"))

    assert other == Answer(201, '{"branch":"NB"}')


@pytest.mark.django_db
def test_a_request_that_is_running_is_refused_as_not_now() -> None:
    inner: list[Answer | Refused] = []

    def run() -> Answer:
        inner.append(_as_if_from_elsewhere())
        return opening()()

    def _as_if_from_elsewhere() -> Answer | Refused:
        return carried(never)

    # within run there is a transaction already: the second request asks on its behalf
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction.Atomic, "__init__", _not_durable)
        carried(run)

    assert kind_of(inner[0]) is RefusalKind.NOT_NOW
    assert Branch.objects.count() == 1


_init = transaction.Atomic.__init__


def _not_durable(self: transaction.Atomic, using: str, savepoint: bool, durable: bool) -> None:
    _init(self, using, savepoint, durable=False)


@pytest.mark.django_db
def test_a_failure_keeps_nothing_and_the_key_is_free_again() -> None:
    def run() -> Answer:
        Branch.objects.create(code="HZ", name="HZ")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        carried(run)

    assert (Branch.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert isinstance(carried(opening()), Answer)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [409, 429, 503])
def test_an_answer_that_says_try_again_is_not_kept(status: int) -> None:
    carried(lambda: Answer(status, "{}"))

    assert carried(opening()) == Answer(201, '{"branch":"HZ"}')


@pytest.mark.django_db
def test_a_refusal_that_stands_is_kept() -> None:
    carried(lambda: Answer(422, '{"findings":[]}'))

    assert carried(never) == Answer(422, '{"findings":[]}', is_replayed=True)


@pytest.mark.django_db
def test_a_key_whose_process_died_is_taken_over_after_a_minute() -> None:
    IdempotencyKey.objects.create(
        actor_kind="CLIENT",
        actor_id="ab12",
        key="k",
        fingerprint=BODY,
        holder="00000000-0000-0000-0000-000000000001",
        held_until=NOW + MINUTE,
        created_at=NOW,
    )

    assert kind_of(carried(never, now=NOW + MINUTE - SECOND)) is RefusalKind.NOT_NOW
    assert carried(opening(), now=NOW + MINUTE) == Answer(201, '{"branch":"HZ"}')


@pytest.mark.django_db
def test_who_lost_the_key_leaves_no_effects() -> None:
    def run() -> Answer:
        answer = opening()()
        IdempotencyKey.objects.update(holder="00000000-0000-0000-0000-000000000002")
        return answer

    with pytest.raises(LostTheKey):
        carried(run)

    assert Branch.objects.count() == 0


@pytest.mark.django_db
def test_a_kept_answer_is_sealed() -> None:
    carried(lambda: Answer(200, '{"name":"张小三"}'))

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM access_idempotencykey")
        (body,) = cursor.fetchone()
    assert body.startswith("v1|")


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 81])
def test_a_key_has_a_length(key: str) -> None:
    assert kind_of(carried(never, key=key)) is RefusalKind.INVALID


@pytest.mark.django_db
def test_old_answers_are_forgotten_after_two_days() -> None:
    carried(opening())

    assert forget_old_keys(NOW + 48 * 60 * MINUTE) == 0
    assert forget_old_keys(NOW + 48 * 60 * MINUTE + SECOND) == 1


def test_a_fingerprint_covers_method_path_and_body() -> None:
    different = {
        fingerprint("POST", "/a", b"x"),
        fingerprint("PUT", "/a", b"x"),
        fingerprint("POST", "/b", b"x"),
        fingerprint("POST", "/a", b"y"),
    }

    assert len(different) == 4
    assert fingerprint("post", "/a", b"x") in different


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_carry_it_out_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database is in memory: threads cannot wait for each other there")
    barrier, answers = Barrier(10), []

    def call() -> None:
        try:
            barrier.wait(timeout=10)
            answers.append(carried(opening()))
        finally:
            connection.close()

    threads = [Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(answers) == 10
    assert Branch.objects.count() == 1
    done = [answer for answer in answers if isinstance(answer, Answer)]
    assert [answer.is_replayed for answer in done].count(False) == 1
    assert {kind_of(answer) for answer in answers} <= {None, RefusalKind.NOT_NOW}
