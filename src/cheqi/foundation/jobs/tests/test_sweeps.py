"""A sweep runs when it is due, by one worker, and its failure is kept where people see it."""

from datetime import UTC, datetime, timedelta

import pytest

from cheqi.foundation.jobs.models import SweepRow, Wakeup
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.jobs.operations.keeping import forget_successes, take_turn
from cheqi.foundation.jobs.registry import Backoff, Wake, sweep, task
from cheqi.foundation.jobs.running import drain
from cheqi.foundation.jobs.worker import sweep_once

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def test_a_sweep_runs_once_each_period() -> None:
    runs: list[datetime] = []

    @sweep("example.sweep", every=MINUTE)
    def look(*, now: datetime) -> int:
        runs.append(now)
        return 3

    moments = [NOW, NOW + MINUTE / 2, NOW + MINUTE, NOW + 1.5 * MINUTE]
    assert [sweep_once("example.sweep", moment) for moment in moments] == [3, 0, 3, 0]
    assert runs == [NOW, NOW + MINUTE]


def test_of_two_workers_one_takes_the_turn() -> None:
    assert take_turn("example.sweep", every=MINUTE, now=NOW)
    assert take_turn("example.sweep", every=MINUTE, now=NOW + MINUTE)
    assert not take_turn("example.sweep", every=MINUTE, now=NOW + MINUTE)


def test_a_failed_sweep_keeps_its_error_until_it_goes_well() -> None:
    @sweep("example.sweep", every=MINUTE)
    def look(*, now: datetime) -> int:
        if now == NOW:
            raise OSError("disk full")
        return 0

    with pytest.raises(OSError, match="disk full"):
        sweep_once("example.sweep", NOW)
    assert SweepRow.objects.get().last_error.startswith("OSError: disk full")
    sweep_once("example.sweep", NOW + MINUTE)
    assert SweepRow.objects.get().last_error == ""


def test_successes_are_forgotten_after_a_week_failures_never() -> None:
    @task("example.odd", max_attempts=1)
    def odd(wake: Wake, *, now: datetime) -> None:
        if int(wake.key) % 2:
            raise ValueError(wake.key)

    for key in "0123":
        wake("example.odd", key, now=NOW)
    assert drain(NOW) == 4
    assert forget_successes(now=NOW + timedelta(days=7)) == 0
    assert forget_successes(now=NOW + timedelta(days=7, seconds=1)) == 2
    assert list(Wakeup.objects.order_by("key").values_list("key", "state")) == [("1", "DEAD"), ("3", "DEAD")]


def test_back_off_doubles_up_to_its_longest_and_jitter_takes_up_to_half() -> None:
    backoff = Backoff(timedelta(seconds=2), timedelta(seconds=60))
    waits = [backoff.delay(attempt, 0.0).total_seconds() for attempt in (1, 2, 3, 5, 6, 400)]
    assert waits == [2, 4, 8, 32, 60, 60]
    assert backoff.delay(6, 0.5) == timedelta(seconds=45)
