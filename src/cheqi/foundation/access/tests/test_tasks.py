"""What the worker runs for access, under the names that rows are woken by."""

import pytest

from cheqi.foundation.access import operations, tasks
from cheqi.foundation.access.models import OneTimeCode, Throttle
from cheqi.foundation.access.tests.scenarios import MINUTE, NOW, Town, log_in_code
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.registry import SWEEPS, TASKS, Wake

pytestmark = pytest.mark.django_db


def test_the_wake_up_of_a_code_sends_it(town: Town) -> None:
    _, code = log_in_code()
    wakeup = Wakeup.objects.get()

    TASKS[wakeup.task].function(Wake(wakeup.task, wakeup.key), now=NOW)

    assert [message.code for message in town.sent] == [code]


def test_a_sender_that_fails_leaves_the_code_to_be_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_code()
    wakeup = Wakeup.objects.get()

    def fail(*_: object) -> None:
        raise OSError("no line")

    with monkeypatch.context() as patch:
        patch.setattr("cheqi.foundation.access.tests.scenarios.Outbox.send", fail)
        with pytest.raises(OSError, match="no line"):
            TASKS[wakeup.task].function(Wake(wakeup.task, wakeup.key), now=NOW)
    assert OneTimeCode.objects.get().handed_over_at is None

    TASKS[wakeup.task].function(Wake(wakeup.task, wakeup.key, attempt=2), now=NOW)
    assert len(town.sent) == 1


def test_every_task_that_rows_name_is_answered() -> None:
    assert {"access.hand_over_code", "access.deliver_webhooks"} <= TASKS.keys()
    assert TASKS["access.deliver_webhooks"].function is tasks.deliver_webhooks
    assert SWEEPS["access.tidy"].function is tasks.tidy


@pytest.mark.usefixtures("town")
def test_tidying_deletes_what_counts_no_longer_and_nothing_else() -> None:
    log_in_code()
    assert Throttle.objects.count() == 4

    assert tasks.tidy(now=NOW + 60 * MINUTE) == 0
    assert tasks.tidy(now=NOW + 49 * 60 * MINUTE) == 5

    assert (Throttle.objects.count(), OneTimeCode.objects.count()) == (0, 0)


def test_a_lane_without_deliveries_is_done() -> None:
    assert operations.deliver("1:17", now=NOW) is None
