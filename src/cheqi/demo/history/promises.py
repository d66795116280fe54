"""What was promised in the last hundred days of the walked history, computed honestly: for every week from
the rounds that were known when it began, and judged by when the step was done."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.definition import Definition
from cheqi.core.process.forecast import Forecast, Spell, remaining
from cheqi.foundation.workflow.models import StepRow
from cheqi.insight.estimates.domain import range_of, was_kept
from cheqi.insight.estimates.history import WINDOW
from cheqi.insight.estimates.models import Estimate

LOOK_BACK = timedelta(days=100)
WEEK = timedelta(days=7)


def write_promises(
    definition: Definition, hours: WorkCalendar, case_ids: Sequence[int], now: datetime
) -> int:
    """Writes the promises of rounds that were opened lately and are over. Returns how many."""
    rounds = StepRow.objects.filter(case_id__gte=min(case_ids), case_id__lte=max(case_ids))
    rounds = rounds.exclude(status="SKIPPED").order_by("opened_at", "pk")
    by_step: defaultdict[str, list[StepRow]] = defaultdict(list)
    for row in rounds:
        by_step[row.key].append(row)
    made: list[Estimate] = []
    for rows in by_step.values():
        week = now - LOOK_BACK
        while week < now:
            made += _of_week(rows, week, hours)
            week += WEEK
    Estimate.objects.bulk_create(made, batch_size=1000)
    return len(made)


def _of_week(rows: Sequence[StepRow], week: datetime, hours: WorkCalendar) -> list[Estimate]:
    due = [row for row in rows if week <= row.opened_at < week + WEEK and row.finished_at is not None]
    known = [row for row in rows if week - WINDOW <= row.opened_at < week]
    forecast = remaining([_spell(row, week, hours) for row in known], 0) if due else None
    if not isinstance(forecast, Forecast):
        return []
    return [_promise(row, forecast, week, hours) for row in due]


def _spell(row: StepRow, until: datetime, hours: WorkCalendar) -> Spell:
    is_over = row.finished_at is not None and row.finished_at <= until
    end = row.finished_at if is_over and row.finished_at else until
    minutes = hours.working_between(row.opened_at, end) // timedelta(minutes=1)
    return Spell(minutes, is_over and bool(row.outcome))


def _promise(row: StepRow, forecast: Forecast, week: datetime, hours: WorkCalendar) -> Estimate:
    promised = range_of(forecast, row.opened_at, hours)
    is_done = bool(row.outcome)
    assert row.finished_at is not None, "only rounds that are over are promised here"
    return Estimate(
        step_id=row.pk,
        case_id=row.case_id,
        process=row.process,
        step=row.key,
        round=row.round,
        place=1,
        low_at=promised.low_at,
        high_at=promised.high_at,
        moved_because="RETURNED" if row.round > 1 else "",
        finished=forecast.finished,
        open=forecast.open,
        window_from=(week - WINDOW).date(),
        shown_from=row.opened_at,
        superseded_at=None if is_done else row.finished_at,
        decided_at=row.finished_at if is_done else None,
        kept=was_kept(row.finished_at, promised) if is_done else None,
    )
