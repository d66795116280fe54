"""Dead letters are people's to decide, and what they decide is logged."""

from datetime import UTC, datetime, timedelta

import pytest

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.jobs.models import Wakeup, WorkerRow
from cheqi.foundation.jobs.operations import discard, redrive, wake
from cheqi.foundation.jobs.queries import dead_letters, health
from cheqi.foundation.jobs.registry import Wake, task
from cheqi.foundation.jobs.running import drain

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OPERATIONS = Actor(ActorKind.STAFF, "3", "周敏", frozenset({"operations_manager"}))
AUDITOR = Actor(ActorKind.STAFF, "5", "吴桐", frozenset({"auditor"}), Scope(everything=True))
MANAGER = Actor(ActorKind.STAFF, "4", "陈静", frozenset({"client_manager"}), Scope(branch_ids=frozenset({1})))
pytestmark = pytest.mark.django_db


@pytest.fixture
def dead() -> Wakeup:
    """A wake-up whose only attempt failed."""

    @task("example.break", max_attempts=1)
    def break_down(wake: Wake, *, now: datetime) -> None:
        if now < LATER:
            raise ConnectionError("征信系统没有应答")

    wake("example.break", "17", now=NOW)
    assert drain(NOW) == 1
    return Wakeup.objects.get()


def test_a_dead_letter_says_what_went_wrong(dead: Wakeup) -> None:
    (letter,) = dead_letters(OPERATIONS)
    assert (letter.id, letter.task, letter.key, letter.attempts) == (dead.pk, "example.break", "17", 1)
    assert letter.error.startswith("ConnectionError: 征信系统没有应答 (break_down, test_redriving.py:")
    assert letter.died_at == NOW


def test_dead_letters_are_for_operations_and_auditors_only(dead: Wakeup) -> None:
    assert len(dead_letters(AUDITOR)) == 1
    assert dead_letters(MANAGER) == ()
    assert health(MANAGER, now=NOW) is None


def test_a_redriven_wakeup_runs_again_and_the_log_says_who_did_it(dead: Wakeup) -> None:
    assert redrive([dead.pk], actor=OPERATIONS, now=LATER) == 1
    assert drain(LATER) == 1
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("DONE", 1)
    event = EventRow.objects.get()
    assert (event.type, event.actor_id, event.subject) == ("jobs.redriven", "3", f"wakeup:{dead.pk}")


def test_redriving_twice_does_it_once(dead: Wakeup) -> None:
    assert redrive([dead.pk], actor=OPERATIONS, now=LATER) == 1
    assert redrive([dead.pk], actor=OPERATIONS, now=LATER) == 0
    assert EventRow.objects.count() == 1


def test_a_dead_letter_with_a_successor_gives_way_to_it(dead: Wakeup) -> None:
    wake("example.break", "17", now=LATER)
    assert redrive([dead.pk], actor=OPERATIONS, now=LATER) == 0
    dead.refresh_from_db()
    assert dead.state == "DISCARDED"
    assert Wakeup.objects.filter(state="WAITING").count() == 1


def test_a_discarded_dead_letter_stays_put_with_its_reason(dead: Wakeup) -> None:
    assert discard([dead.pk], actor=OPERATIONS, now=LATER, reason="客户已撤回") == 1
    assert drain(LATER) == 0
    assert dead_letters(OPERATIONS) == ()
    assert EventRow.objects.get().payload["reason"] == "客户已撤回"


@pytest.mark.parametrize("actor", [MANAGER, AUDITOR])
def test_nobody_else_may_handle_them_and_nothing_changes(dead: Wakeup, actor: Actor) -> None:
    for answer in (
        redrive([dead.pk], actor=actor, now=LATER),
        discard([dead.pk], actor=actor, now=LATER, reason="x"),
    ):
        assert isinstance(answer, Refused)
        assert answer.kind is RefusalKind.NOT_ALLOWED
    assert Wakeup.objects.get().state == "DEAD"
    assert not EventRow.objects.exists()


def test_giving_up_needs_a_reason(dead: Wakeup) -> None:
    answer = discard([dead.pk], actor=SYSTEM, now=LATER, reason=" ")
    assert isinstance(answer, Refused)
    assert Wakeup.objects.get().state == "DEAD"


def test_health_counts_what_waits_what_died_and_who_works(dead: Wakeup) -> None:
    wake("example.break", "18", now=NOW)
    for name, seen_at in (("alive", LATER - timedelta(seconds=9)), ("silent", NOW)):
        WorkerRow.objects.create(name=name, started_at=NOW, seen_at=seen_at, queues=[])
    seen = health(OPERATIONS, now=LATER)
    assert seen is not None
    assert [(each.queue, each.waiting, each.oldest_due_at) for each in seen.queues] == [("default", 1, NOW)]
    assert (seen.dead, seen.workers_alive) == (1, 1)
