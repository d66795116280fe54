"""Loads the whole history once: what is there already stays as it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.definition import Definition
from cheqi.demo.history.books import FIRST_MOBILE, people_for, write_books
from cheqi.demo.history.desk import Desk
from cheqi.demo.history.promises import write_promises
from cheqi.demo.history.shapes import Shape, a_shape
from cheqi.demo.history.walk import Walk, walked
from cheqi.demo.history.writing import write_cases, write_events, write_steps, write_trackers
from cheqi.demo.lender import BRANCHES, DemoLender
from cheqi.foundation.privacy import blind
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.definitions import definition_of, in_force
from cheqi.foundation.workflow.models import StepRow
from cheqi.insight.estimates import operations as estimates
from cheqi.records.parties.models import Party

PROCESS = "application"
DAYS = 150
RECENT_DAYS = 9
OPEN_SHARE = 10


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded; nothing when it was there before."""

    cases: int = 0
    open: int = 0
    events: int = 0
    promises: int = 0


def load_history(lender: DemoLender, *, cases: int = 600, now: datetime) -> Loaded:
    """So many finished applications of the last five months and a tenth as many open ones, once."""
    if is_loaded():
        return Loaded()
    row = in_force(PROCESS, now.date())
    assert row is not None, "found the lender first: it publishes the processes"
    definition = definition_of(row)
    hours = calendar(definition.calendar)
    walks = history_walks(lender, definition, hours, cases, now)
    with transaction.atomic():
        entries = people_for(walks, lender.branches)
        rows = write_cases(entries, row)
        write_steps(entries, rows)
        write_trackers(entries, rows)
        write_books(entries, rows, lender)
        events = write_events(entries, rows, now)
        promises = write_promises(definition, hours, [one.pk for one in rows], now)
    estimates.learn_all(now=now)
    waiting = list(
        StepRow.objects.filter(case__in=rows, status="OPEN").order_by("pk").values_list("pk", flat=True)
    )
    estimates.refresh(waiting, now=now)
    return Loaded(len(rows), sum(walk.state.is_open for walk in walks), events, promises)


def is_loaded() -> bool:
    """Whether the first person of the history is in the books."""
    return Party.objects.filter(mobile_index=blind.index("mobile", str(FIRST_MOBILE))).exists()


def history_walks(
    lender: DemoLender, definition: Definition, hours: WorkCalendar, cases: int, now: datetime
) -> list[Walk]:
    """The walks: arrivals over five months, and more of the last days, which are still under way."""
    desks = [Desk(lender, code) for code, _ in BRANCHES]
    first = now - timedelta(days=DAYS)
    length = timedelta(days=DAYS - RECENT_DAYS) / max(1, cases)
    shapes: list[tuple[Shape, Desk, datetime]] = []
    for seed in range(cases):
        at = hours.add_working(first + length * seed, timedelta(minutes=seed * 37 % 400 + 1))
        shapes.append((a_shape(seed), desks[seed % 3 == 2], at))
    walks = walked(shapes, definition, hours, now)
    wanted = max(1, cases // OPEN_SHARE) - sum(walk.state.is_open for walk in walks)
    for seed in range(cases, cases * 3):
        if wanted <= 0:
            break
        at = hours.add_working(
            now - timedelta(days=RECENT_DAYS) + timedelta(hours=seed * 5 % (RECENT_DAYS * 24 - 6)),
            timedelta(minutes=seed * 29 % 90 + 1),
        )
        if at >= now:
            continue
        fresh = walked([(a_shape(seed), desks[seed % 3 == 2], at)], definition, hours, now)
        walks += [walk for walk in fresh if walk.state.is_open]
        wanted -= len([walk for walk in fresh if walk.state.is_open])
    return sorted(walks, key=lambda walk: (walk.opened_at, walk.shape.seed))
