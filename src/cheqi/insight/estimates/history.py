"""Reads how long a step took: the cohort of rounds that opened in the last 180 days.

A cohort by opening day, with the unfinished ones as open spells, is what the product-limit estimate
needs: taking only what finished lately would prefer the quick ones. Where more than 500 rounds opened, an
even sample of them is read (every k-th row), because the newest 500 of a busy step would hardly have had
time to finish. Three statements a step, four times an hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.clocks import Interval
from cheqi.core.process.definition import Definition
from cheqi.core.process.forecast import Spell
from cheqi.foundation.workflow import rows
from cheqi.foundation.workflow.calendars import calendar

WINDOW = timedelta(days=180)
LARGEST = 500

_COUNT = """
SELECT COUNT(*) FROM workflow_steprow
WHERE process = %s AND key = %s AND opened_at >= %s AND status <> 'SKIPPED'
"""
_COHORT = """
SELECT id, outcome, finished_at FROM workflow_steprow
WHERE process = %s AND key = %s AND opened_at >= %s AND status <> 'SKIPPED' AND id %% %s = 0
ORDER BY opened_at DESC, id DESC LIMIT %s
"""
_INTERVALS = """
SELECT step_id, side, started_at, ended_at FROM workflow_clockinterval WHERE step_id IN ({places}) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The spells of a step, and since when they were looked for."""

    spells: tuple[Spell, ...]
    window_from: date


def cohort(definition: Definition, step: str, now: datetime) -> Cohort:
    """How long that step took, in working minutes of the side whose time counts."""
    since = now - WINDOW
    asked = [definition.process, step, since]
    count = rows.select(_COUNT, asked)[0][0]
    stride = max(1, -(-count // LARGEST))
    found = rows.select(_COHORT, [*asked, stride, LARGEST])
    clocks = intervals([row[0] for row in found])
    hours, sides = calendar(definition.calendar), definition.by_key[step].counted_sides
    spells = []
    for row_id, outcome, finished_at in found:
        end = rows.moment(finished_at) or now
        counted = [one for side, one in clocks.get(row_id, []) if side in sides]
        spells.append(Spell(minutes_of(counted, end, hours), bool(outcome)))
    return Cohort(tuple(spells), since.date())


def intervals(step_ids: Iterable[int]) -> dict[int, list[tuple[str, Interval]]]:
    """The clock intervals of these step rows with their side, in order: one statement."""
    wanted = list(step_ids)
    found: dict[int, list[tuple[str, Interval]]] = {}
    if not wanted:
        return found
    sql = _INTERVALS.format(places=", ".join(["%s"] * len(wanted)))
    for step_id, side, started_at, ended_at in rows.select(sql, wanted):
        started = rows.moment(started_at)
        assert started is not None
        found.setdefault(step_id, []).append((side, Interval(started, rows.moment(ended_at))))
    return found


def minutes_of(counted: Iterable[Interval], end: datetime, hours: WorkCalendar) -> int:
    """The whole working minutes of the intervals; one that still runs counts until `end`."""
    spent = (
        hours.working_between(one.started_at, max(one.started_at, one.ended_at or end)) for one in counted
    )
    return sum(spent, timedelta()) // timedelta(minutes=1)
