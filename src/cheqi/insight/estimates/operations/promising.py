"""Says when open steps will be done, as rows of promises, and shows it beside the tracker's answer.

Set-based: any number of rounds in a fixed number of statements, one more for each step of a process that
was never learned before. The tracker's rows are locked first, so two workers that estimate the same case
follow each other. Nothing new is promised where what is shown still holds (see `domain.has_moved`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.events.estimates import EstimateMoved
from cheqi.core.process.definition import Ball, Definition, Side
from cheqi.core.process.forecast import Forecast, Spell, remaining
from cheqi.core.process.state import OPEN
from cheqi.foundation.eventlog.operations import Entry, record_many
from cheqi.foundation.workflow.calendars import calendar
from cheqi.foundation.workflow.definitions import by_hash
from cheqi.foundation.workflow.models import Progress, StepRow
from cheqi.insight.estimates.choices import MOVED, SHORT, Lacking, Moved
from cheqi.insight.estimates.domain import MARGIN, Range, has_moved, is_passing, range_of
from cheqi.insight.estimates.history import intervals, minutes_of
from cheqi.insight.estimates.models import LIVE, Estimate, History
from cheqi.insight.estimates.operations.learning import learn
from cheqi.insight.estimates.operations.showing import show

BATCH = 500


@dataclass(frozen=True, slots=True)
class OpenRound:
    """An open round of a step as it is now. `elapsed` is counted working minutes; None while paused."""

    row: StepRow
    definition: Definition
    elapsed: int | None

    @property
    def hours(self) -> WorkCalendar:
        """The working calendar of the process."""
        return calendar(self.definition.calendar)


@dataclass(frozen=True, slots=True)
class Fresh:
    """What would be said now: a range, or why there is none."""

    range: Range | None
    lacking: str
    history: History


def refresh_round(*, case_id: int, step: str, round: int, now: datetime) -> int:  # noqa: A002 (field's name)
    """Says what is expected of one round, if it is open. Returns how many promises were made: 0 or 1."""
    rows = StepRow.objects.filter(case_id=case_id, key=step, round=round)
    return refresh(list(rows.values_list("pk", flat=True)), now=now)


def refresh_step(process: str, step: str, *, now: datetime) -> int:
    """Says again what is expected of every open round of a step, after its history changed."""
    rows = Estimate.objects.filter(LIVE, process=process, step=step).order_by("id")
    return _in_batches(rows, now)


def refresh_passing(*, now: datetime) -> int:
    """Replaces every range that ends now or in a moment. Returns how many promises were made."""
    rows = Estimate.objects.filter(LIVE, high_at__lte=now + MARGIN).order_by("high_at", "id")
    return _in_batches(rows, now)


def _in_batches(rows: "QuerySet[Estimate]", now: datetime) -> int:
    ids = list(rows.values_list("step_id", flat=True))
    return sum(refresh(ids[at : at + BATCH], now=now) for at in range(0, len(ids), BATCH))


@transaction.atomic
def refresh(step_ids: Sequence[int], *, now: datetime) -> int:
    """Says what is expected of these rounds where they are open. Returns how many promises were made."""
    rounds = _open_rounds(step_ids, now)
    if not rounds:
        return 0
    cases = sorted({one.row.case_id for one in rounds})
    list(Progress.objects.select_for_update().filter(pk__in=cases).order_by("pk").values_list("pk"))
    known = _histories(rounds, now)
    live, places = _shown(one.row.pk for one in rounds)
    made: list[Estimate] = []
    moved: list[Entry] = []
    for one in rounds:
        fresh = _fresh(one, known[one.row.process, one.row.key], now)
        before = live.get(one.row.pk)
        if before is not None and _still_holds(before, fresh, one, now):
            continue
        after = _row(one, fresh, before, places.get(one.row.pk, 0) + 1, now)
        made.append(after)
        if before is not None:
            moved.append(_told(one, before, after))
    if made:
        Estimate.objects.filter(LIVE, step_id__in=[one.step_id for one in made]).update(superseded_at=now)
        Estimate.objects.bulk_create(made)
        show({one.case_id for one in made}, now=now)
        if moved:
            record_many(moved, actor=SYSTEM, now=now)
    return len(made)


def _open_rounds(step_ids: Sequence[int], now: datetime) -> list[OpenRound]:
    rows = StepRow.objects.filter(pk__in=step_ids, status=OPEN).select_related("case__definition")
    found = sorted(rows, key=lambda row: row.pk)
    clocks = intervals(row.pk for row in found)
    rounds = []
    for row in found:
        definition = by_hash(row.case.definition.content_hash)
        sides: frozenset[Side] = definition.by_key[row.key].counted_sides
        counted = [one for side, one in clocks.get(row.pk, []) if side in sides]
        runs = any(one.ended_at is None for one in counted)
        spent = minutes_of(counted, now, calendar(definition.calendar)) if runs else None
        rounds.append(OpenRound(row, definition, spent))
    return rounds


def _histories(rounds: Sequence[OpenRound], now: datetime) -> dict[tuple[str, str], History]:
    """What is known of the steps; one that was never looked at is learned now."""
    wanted = {(one.row.process, one.row.key): one.definition for one in rounds}
    rows = History.objects.filter(
        process__in={process for process, _ in wanted}, step__in={step for _, step in wanted}
    )
    found = {(row.process, row.step): row for row in rows}
    for (process, step), definition in sorted(wanted.items(), key=lambda item: item[0]):
        if (process, step) not in found:
            learn(definition, step, now=now)
            found[process, step] = History.objects.get(process=process, step=step)
    return found


def _shown(step_ids: Iterable[int]) -> tuple[dict[int, Estimate], dict[int, int]]:
    """What is shown of the rounds, and how many promises each had."""
    wanted = list(step_ids)
    rows = Estimate.objects.filter(step_id__in=wanted)
    places = dict(rows.order_by().values_list("step_id").annotate(last=Max("place")))
    return {row.step_id: row for row in rows.filter(LIVE)}, places


def _fresh(one: OpenRound, known: History, now: datetime) -> Fresh:
    if one.elapsed is None:
        theirs = one.row.ball == Ball.CUSTOMER.value
        return Fresh(None, Lacking.YOUR_TURN if theirs else Lacking.ELSEWHERE, known)
    spells = [Spell(minutes, bool(is_finished)) for minutes, is_finished in known.spells]
    forecast = remaining(spells, one.elapsed)
    if isinstance(forecast, Forecast):
        return Fresh(range_of(forecast, now, one.hours), "", known)
    return Fresh(None, SHORT[forecast.reason], known)


def _still_holds(before: Estimate, fresh: Fresh, one: OpenRound, now: datetime) -> bool:
    shown = range_shown(before)
    if shown is None or fresh.range is None:
        return shown is None and fresh.range is None and before.lacking == fresh.lacking
    return not is_passing(shown, now) and not has_moved(shown, fresh.range, now, one.hours)


def _row(one: OpenRound, fresh: Fresh, before: Estimate | None, place: int, now: datetime) -> Estimate:
    row = one.row
    return Estimate(
        step_id=row.pk,
        case_id=row.case_id,
        process=row.process,
        step=row.key,
        round=row.round,
        place=place,
        low_at=fresh.range.low_at if fresh.range else None,
        high_at=fresh.range.high_at if fresh.range else None,
        lacking=fresh.lacking,
        moved_because=_because(row, fresh, before, now),
        finished=fresh.history.finished,
        open=fresh.history.open,
        window_from=fresh.history.window_from,
        shown_from=now,
    )


def _because(row: StepRow, fresh: Fresh, before: Estimate | None, now: datetime) -> str:
    """Why something else is shown than before."""
    if before is None:
        return Moved.RETURNED if row.round > 1 else Moved.FIRST
    if fresh.lacking in {Lacking.YOUR_TURN, Lacking.ELSEWHERE}:
        return Moved(fresh.lacking)
    if before.lacking in {Lacking.YOUR_TURN, Lacking.ELSEWHERE}:
        return Moved.OUR_TURN if row.ball == Ball.US.value else Moved.ELSEWHERE
    shown = range_shown(before)
    is_slow = fresh.lacking == Lacking.SLOWER or (shown is not None and is_passing(shown, now))
    return Moved.SLOWER if is_slow else Moved.HISTORY


def range_shown(row: Estimate) -> Range | None:
    """The range of a row, if it has one."""
    return Range(row.low_at, row.high_at) if row.low_at and row.high_at else None


def _told(one: OpenRound, before: Estimate, after: Estimate) -> Entry:
    because: Any = MOVED.get(after.moved_because)
    event = EstimateMoved(
        step=one.row.key,
        round=one.row.round,
        title=one.definition.by_key[one.row.key].title.zh,
        before_at=before.high_at,
        low_at=after.low_at,
        high_at=after.high_at,
        because=after.moved_because,
        reason=because.zh if because else "",
    )
    return Entry(event=event, case_id=one.row.case_id, party_id=one.row.case.party_id)
