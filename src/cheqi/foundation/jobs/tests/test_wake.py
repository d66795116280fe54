"""Waking is part of the caller's transaction, and one live row a task and key is enough."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.operations import UnknownTask, wake
from cheqi.foundation.jobs.registry import TASKS, Wake, task

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _a_task() -> Iterator[None]:
    before = dict(TASKS)

    @task("example.look")
    def look(wake: Wake, *, now: datetime) -> None:
        return None

    yield
    TASKS.clear()
    TASKS.update(before)


def the_only_row() -> Wakeup:
    return Wakeup.objects.get()


@pytest.mark.django_db
def test_a_wakeup_waits_at_once_with_its_data() -> None:
    wake("example.look", "17", now=NOW, data={"为": 1})
    row = the_only_row()
    assert (row.task, row.key, row.queue, row.state) == ("example.look", "17", "default", "WAITING")
    assert (row.run_at, row.created_at, row.attempts, row.data) == (NOW, NOW, 0, {"为": 1})


@pytest.mark.django_db
def test_a_second_wakeup_moves_the_waiting_one_forward_never_back() -> None:
    wake("example.look", "17", now=NOW, run_at=NOW + 5 * MINUTE)
    wake("example.look", "17", now=NOW, run_at=NOW + 9 * MINUTE)
    assert the_only_row().run_at == NOW + 5 * MINUTE
    wake("example.look", "17", now=NOW + MINUTE)
    assert the_only_row().run_at == NOW + MINUTE


@pytest.mark.django_db
def test_a_wakeup_during_the_run_is_kept_for_after_it() -> None:
    wake("example.look", "17", now=NOW)
    Wakeup.objects.update(state="RUNNING", lease_until=NOW + MINUTE, lease_owner="w")
    wake("example.look", "17", now=NOW + 2 * MINUTE)
    wake("example.look", "17", now=NOW + 3 * MINUTE)
    row = the_only_row()
    assert (row.state, row.run_at, row.again_at) == ("RUNNING", NOW, NOW + 2 * MINUTE)


@pytest.mark.django_db
def test_a_finished_row_does_not_stand_in_the_way() -> None:
    wake("example.look", "17", now=NOW)
    Wakeup.objects.update(state="DONE")
    wake("example.look", "17", now=NOW + MINUTE)
    assert sorted(Wakeup.objects.values_list("state", flat=True)) == ["DONE", "WAITING"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_cause_wakes_nobody() -> None:
    with transaction.atomic():
        wake("example.look", "17", now=NOW)
        transaction.set_rollback(True)
    assert not Wakeup.objects.exists()


@pytest.mark.django_db
def test_an_unknown_task_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(UnknownTask, match=r"example\.nobody"):
        wake("example.nobody", "17", now=NOW)
    assert not Wakeup.objects.exists()
