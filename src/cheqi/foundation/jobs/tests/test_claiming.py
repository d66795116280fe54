"""A claim is one worker's until its lease ends; what a loser of the lease says changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.jobs.operations.claiming import Claim, claim, fail, finish, give_back, release_expired
from cheqi.foundation.jobs.registry import Backoff, Wake, task

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tasks() -> None:
    @task("example.look", max_attempts=3, backoff=Backoff(2 * SECOND), lease=30 * SECOND)
    def look(wake: Wake, *, now: datetime) -> None:
        return None

    @task("example.heavy_look", queue="heavy")
    def heavy_look(wake: Wake, *, now: datetime) -> None:
        return None


def claimed(now: datetime = NOW, owner: str = "a") -> Claim:
    held = claim(owner=owner, queues=["default"], limit=1, now=now)
    assert len(held) == 1
    return held[0]


def row() -> dict[str, Any]:
    names = ("state", "attempts", "run_at", "lease_owner", "again_at", "last_error")
    return dict(Wakeup.objects.values(*names).get())


def test_the_longest_due_come_first_and_only_of_the_queues_asked_for() -> None:
    for key, seconds in (("late", -1), ("first", -9), ("future", 1), ("second", -5)):
        wake("example.look", key, now=NOW, run_at=NOW + seconds * SECOND)
    wake("example.heavy_look", "heavy", now=NOW - 60 * SECOND)
    assert [each.wake.key for each in claim(owner="a", queues=["default"], limit=2, now=NOW)] == [
        "first",
        "second",
    ]
    assert [each.wake.key for each in claim(owner="b", queues=["default"], limit=9, now=NOW)] == ["late"]
    assert [each.wake.key for each in claim(owner="b", queues=["heavy"], limit=9, now=NOW)] == ["heavy"]


def test_a_claim_holds_a_lease_of_the_tasks_length() -> None:
    wake("example.look", "17", now=NOW, data={"n": 1})
    held = claimed()
    assert held == Claim(held.id, "a", NOW + 30 * SECOND, Wake("example.look", "17", {"n": 1}, 1))
    assert (row()["state"], row()["lease_owner"], row()["attempts"]) == ("RUNNING", "a", 1)


def test_a_finished_wakeup_is_done() -> None:
    wake("example.look", "17", now=NOW)
    assert finish(claimed(), now=NOW + SECOND)
    done = Wakeup.objects.get()
    assert (done.state, done.finished_at, done.lease_owner) == ("DONE", NOW + SECOND, None)


def test_a_wakeup_during_the_run_runs_again_with_fresh_attempts() -> None:
    wake("example.look", "17", now=NOW)
    held = claimed()
    wake("example.look", "17", now=NOW + SECOND)
    assert finish(held, now=NOW + 2 * SECOND)
    assert (row()["state"], row()["run_at"], row()["attempts"], row()["again_at"]) == (
        "WAITING",
        NOW + SECOND,
        0,
        None,
    )


@pytest.mark.parametrize(("woken_after_s", "expected_s"), [(None, 600), (5, 5), (900, 600)])
def test_a_task_may_ask_to_be_woken_again_and_the_earlier_moment_counts(
    woken_after_s: int | None, expected_s: int
) -> None:
    wake("example.look", "17", now=NOW)
    held = claimed()
    if woken_after_s is not None:
        wake("example.look", "17", now=NOW, run_at=NOW + woken_after_s * SECOND)
    assert finish(held, now=NOW, again_at=NOW + 600 * SECOND)
    assert (row()["state"], row()["run_at"]) == ("WAITING", NOW + expected_s * SECOND)


def test_a_failure_waits_longer_each_time_and_the_third_is_the_last() -> None:
    wake("example.look", "17", now=NOW)
    assert fail(claimed(NOW), now=NOW, error="first", jitter=0.0)
    assert (row()["state"], row()["run_at"], row()["last_error"]) == ("WAITING", NOW + 2 * SECOND, "first")
    assert fail(claimed(NOW + 2 * SECOND), now=NOW + 2 * SECOND, error="second", jitter=0.5)
    assert row()["run_at"] == NOW + 5 * SECOND
    assert fail(claimed(NOW + 5 * SECOND), now=NOW + 5 * SECOND, error="third", jitter=0.0)
    assert (row()["state"], row()["attempts"], row()["last_error"]) == ("DEAD", 3, "third")
    assert claim(owner="a", queues=["default"], limit=1, now=NOW + 900 * SECOND) == []


def test_a_wakeup_during_the_last_attempt_is_a_new_cause() -> None:
    wake("example.look", "17", now=NOW)
    Wakeup.objects.update(attempts=2)
    held = claimed()
    wake("example.look", "17", now=NOW + SECOND)
    assert fail(held, now=NOW + SECOND, error="third", jitter=0.0)
    assert (row()["state"], row()["attempts"], row()["run_at"]) == ("WAITING", 0, NOW + SECOND)


def test_an_expired_lease_counts_as_an_attempt_and_names_the_worker() -> None:
    wake("example.look", "17", now=NOW)
    claimed()
    assert release_expired(now=NOW + 30 * SECOND, jitter=0.0) == 0
    assert release_expired(now=NOW + 31 * SECOND, jitter=0.0) == 1
    assert (row()["state"], row()["attempts"], row()["run_at"]) == ("WAITING", 1, NOW + 33 * SECOND)
    assert row()["last_error"].startswith("执行进程 a ")


def test_who_lost_the_lease_cannot_finish_fail_or_give_back_what_another_holds() -> None:
    wake("example.look", "17", now=NOW)
    lost = claimed()
    release_expired(now=NOW + 31 * SECOND, jitter=0.0)
    claimed(NOW + 40 * SECOND, owner="b")
    before = row()
    assert not finish(lost, now=NOW + 41 * SECOND)
    assert not fail(lost, now=NOW + 41 * SECOND, error="late", jitter=0.0)
    assert not give_back(lost, now=NOW + 41 * SECOND)
    assert row() == before
    assert (before["state"], before["lease_owner"], before["attempts"]) == ("RUNNING", "b", 2)


def test_the_same_worker_cannot_finish_its_own_earlier_claim() -> None:
    wake("example.look", "17", now=NOW)
    lost = claimed()
    release_expired(now=NOW + 31 * SECOND, jitter=0.0)
    claimed(NOW + 40 * SECOND)
    assert not finish(lost, now=NOW + 41 * SECOND)
    assert row()["state"] == "RUNNING"


def test_what_is_given_back_was_never_tried() -> None:
    wake("example.look", "17", now=NOW)
    assert give_back(claimed(), now=NOW + SECOND)
    assert (row()["state"], row()["attempts"], row()["run_at"]) == ("WAITING", 0, NOW + SECOND)


def test_a_task_that_this_version_does_not_know_is_left_alone() -> None:
    wake("example.look", "17", now=NOW)
    Wakeup.objects.update(task="example.of_a_newer_version")
    assert claim(owner="a", queues=["default"], limit=1, now=NOW) == []
    assert row()["state"] == "WAITING"
