"""Subscribers hear of every committed event; what one fails on troubles nobody else."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.eventlog.logged import Logged
from cheqi.foundation.eventlog.models import Cursor, EventRow
from cheqi.foundation.eventlog.operations import record, seal
from cheqi.foundation.eventlog.operations.delivering import deliver
from cheqi.foundation.eventlog.settling import NeverSettles, settle
from cheqi.foundation.eventlog.subscribers import SUBSCRIBERS, subscribe
from cheqi.foundation.eventlog.tests.examples import DoorOpened, GuestNamed
from cheqi.foundation.eventlog.tests.scenarios import NOW, log_doors, log_guest
from cheqi.foundation.jobs.models import Wakeup
from cheqi.foundation.jobs.operations import wake
from cheqi.foundation.jobs.queries import dead_letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_subscribers() -> Iterator[None]:
    before = dict(SUBSCRIBERS)
    SUBSCRIBERS.clear()
    yield
    SUBSCRIBERS.clear()
    SUBSCRIBERS.update(before)


def listen(
    name: str = "example.doors", *, failing_on: int | None = None, backfilled: bool = False
) -> list[int]:
    heard: list[int] = []

    @subscribe(name, DoorOpened, backfilled=backfilled)
    def hear(logged: Logged, *, now: datetime) -> None:
        assert isinstance(logged.event, DoorOpened)
        if logged.event.door == failing_on:
            raise ValueError(f"door {failing_on} is stuck")
        heard.append(logged.event.door)

    return heard


def test_a_subscriber_hears_of_its_types_in_order_once() -> None:
    heard = listen()
    log_doors(3)
    log_guest()
    log_doors(2)
    assert deliver(NOW) == 0
    seal(NOW)
    assert deliver(NOW) == 5
    assert deliver(NOW) == 0
    assert heard == [0, 1, 2, 0, 1]
    assert Cursor.objects.get().next_sequence == 6


def test_a_subscriber_reads_personal_parts() -> None:
    names: list[str] = []

    @subscribe("example.guests", GuestNamed)
    def hear(logged: Logged, *, now: datetime) -> None:
        assert isinstance(logged.event, GuestNamed)
        names.append(logged.event.name)

    log_guest()
    assert settle(NOW) == 2
    assert names == ["李雷"]


def test_a_late_commit_is_heard_of() -> None:
    heard = listen()
    log_doors(3)
    late = EventRow.objects.order_by("id")[0]
    EventRow.objects.filter(pk=late.pk).delete()
    settle(NOW)
    late.save(force_insert=True)
    settle(NOW)
    assert heard == [1, 2, 0]


def test_a_new_subscriber_begins_at_the_first_event_and_a_limit_only_delays() -> None:
    log_doors(5)
    seal(NOW)
    heard = listen()
    assert [deliver(NOW, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert heard == [0, 1, 2, 3, 4]


def test_backfilled_history_is_for_those_who_ask() -> None:
    with transaction.atomic():
        record(DoorOpened(door=9), actor=SYSTEM, now=NOW, backfilled=True)
    heard, everything = listen(), listen("example.all_doors", backfilled=True)
    settle(NOW)
    assert (heard, everything) == ([], [9])


def test_what_one_fails_on_is_tried_again_and_ends_among_the_dead_letters() -> None:
    broken, healthy = listen("example.broken", failing_on=1), listen("example.healthy")
    log_doors(3)
    settle(NOW)
    assert (broken, healthy) == ([0, 2], [0, 1, 2])
    waiting = Wakeup.objects.get()
    event = EventRow.objects.get(sequence=1)
    assert (waiting.task, waiting.key, waiting.state) == (
        "eventlog.deliver",
        f"example.broken:{event.pk}",
        "WAITING",
    )
    for hours in range(1, 10):
        settle(NOW + timedelta(hours=hours))
    (letter,) = dead_letters(SYSTEM)
    assert letter.error.startswith("ValueError: door 1 is stuck")
    assert (broken, healthy) == ([0, 2], [0, 1, 2])


def test_a_failing_handler_leaves_none_of_its_writes() -> None:
    @subscribe("example.half", DoorOpened)
    def half(logged: Logged, *, now: datetime) -> None:
        record(DoorOpened(door=99), actor=SYSTEM, now=now)
        raise ValueError("half done")

    log_doors(1)
    seal(NOW)
    deliver(NOW)
    assert EventRow.objects.count() == 1
    assert Cursor.objects.get().next_sequence == 1


def test_a_cursor_that_somebody_else_moved_is_left_alone() -> None:
    heard: list[int] = []

    @subscribe("example.raced", DoorOpened)
    def hear(logged: Logged, *, now: datetime) -> None:
        assert logged.sequence is not None
        heard.append(logged.sequence)
        Cursor.objects.filter(name="example.raced").update(next_sequence=3)

    log_doors(3)
    seal(NOW)
    assert deliver(NOW) == 1
    assert heard == [0]


def test_two_parts_that_wake_each_other_for_ever_are_found_out() -> None:
    @subscribe("example.echo", DoorOpened)
    def echo(logged: Logged, *, now: datetime) -> None:
        record(DoorOpened(door=1), actor=SYSTEM, now=now)

    log_doors(1)
    with pytest.raises(NeverSettles):
        settle(NOW, rounds=5)


def test_a_name_is_taken_once_and_hears_of_something() -> None:
    listen()
    with pytest.raises(ValueError, match="already"):
        listen()
    with pytest.raises(ValueError, match="no event type"):
        subscribe("example.deaf")


def test_a_delivery_to_a_subscriber_that_is_gone_becomes_a_dead_letter() -> None:
    log_doors(1)
    wake("eventlog.deliver", f"example.gone:{EventRow.objects.get().pk}", now=NOW)
    for hours in range(10):
        settle(NOW + timedelta(hours=hours))
    assert dead_letters(SYSTEM)[0].error.startswith("UnknownSubscriber: example.gone")
