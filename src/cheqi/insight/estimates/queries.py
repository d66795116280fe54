"""What pages read of estimates. A shown range never lies in the past, whether or not a worker runs.

>>> queries.current(case_id, actor, now=now)                                # doctest: +SKIP
(Expected(step='review', round=1, low_at=…, high_at=…, finished=212, …),)
>>> queries.usuals("application")["review"]                                 # doctest: +SKIP
UsualTime(p20_minutes=60, p80_minutes=210, finished=212)
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cheqi.core.base.actors import Actor
from cheqi.core.base.text import Text
from cheqi.foundation.staff.scopes import visible
from cheqi.foundation.workflow.models import Case
from cheqi.insight.estimates.choices import LACKING, MOVED, Lacking
from cheqi.insight.estimates.domain import Range, from_now_on
from cheqi.insight.estimates.models import LIVE, Estimate, History

MIN_JUDGED = 30


@dataclass(frozen=True, slots=True)
class Expected:
    """What is shown of an open step: a range, or why there is none; why it moved; what it rests on."""

    case_id: int
    process: str
    step: str
    round: int
    low_at: datetime | None
    high_at: datetime | None
    lacking: Text | None
    moved: Text | None
    finished: int
    open: int
    window_from: date
    shown_from: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of a case as it was given, and what became of it: `kept` is judged on the first range."""

    step: str
    round: int
    place: int
    low_at: datetime | None
    high_at: datetime | None
    lacking: Text | None
    moved: Text | None
    finished: int
    open: int
    shown_from: datetime
    superseded_at: datetime | None
    decided_at: datetime | None
    kept: bool | None


@dataclass(frozen=True, slots=True)
class KeptShare:
    """How many of the promises that were decided in the period were kept."""

    kept: int
    count: int

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down."""
        return 100 * self.kept // self.count


@dataclass(frozen=True, slots=True)
class UsualTime:
    """What a step usually takes from its start, in working minutes: the middle three fifths."""

    p20_minutes: int
    p80_minutes: int
    finished: int


def current(case_id: int, actor: Actor, *, now: datetime) -> tuple[Expected, ...]:
    """What is shown of the open steps of a case, oldest step first; nothing out of scope. Two statements."""
    if not _is_seen(case_id, actor):
        return ()
    rows = Estimate.objects.filter(LIVE, case_id=case_id).order_by("step_id")
    return tuple(_expected(row, now) for row in rows)


def current_of_cases(case_ids: list[int], actor: Actor, *, now: datetime) -> dict[int, tuple[Expected, ...]]:
    """The same for a page of cases, by case id: two statements whatever their number."""
    seen = set(visible(Case.objects.filter(pk__in=case_ids), actor).values_list("pk", flat=True))
    found: dict[int, tuple[Expected, ...]] = {}
    for row in Estimate.objects.filter(LIVE, case_id__in=seen).order_by("case_id", "step_id"):
        found[row.case_id] = (*found.get(row.case_id, ()), _expected(row, now))
    return found


def of_case(case_id: int, actor: Actor) -> tuple[Promise, ...]:
    """Every promise of a case, in the order it was given; nothing out of scope. Two statements."""
    if not _is_seen(case_id, actor):
        return ()
    return tuple(_promise(row) for row in Estimate.objects.filter(case_id=case_id).order_by("id"))


def kept_share(process: str, step: str, now: datetime, days: int = 90) -> KeptShare | None:
    """The record of promises of a step; None with fewer than 30 decided ones. One statement."""
    rows = Estimate.objects.filter(
        process=process,
        step=step,
        kept__isnull=False,
        decided_at__gt=now - timedelta(days=days),
        decided_at__lte=now,
    )
    verdicts = list(rows.order_by().values_list("kept", flat=True))
    return KeptShare(sum(map(bool, verdicts)), len(verdicts)) if len(verdicts) >= MIN_JUDGED else None


def usual(process: str, step: str) -> UsualTime | None:
    """What a step usually takes; None without enough history. One statement."""
    return usuals(process, (step,)).get(step)


def usuals(process: str, steps: tuple[str, ...] = ()) -> dict[str, UsualTime]:
    """What the steps of a process usually take, those with enough history. One statement."""
    rows = History.objects.filter(process=process, p20_minutes__isnull=False, p80_minutes__isnull=False)
    if steps:
        rows = rows.filter(step__in=steps)
    values = rows.order_by("step").values_list("step", "p20_minutes", "p80_minutes", "finished")
    return {
        step: UsualTime(p20, p80, finished)
        for step, p20, p80, finished in values
        if p20 is not None and p80 is not None
    }


def _is_seen(case_id: int, actor: Actor) -> bool:
    return visible(Case.objects.filter(pk=case_id), actor).exists()


def _expected(row: Estimate, now: datetime) -> Expected:
    shown = from_now_on(Range(row.low_at, row.high_at), now) if row.low_at and row.high_at else None
    lacking = row.lacking or ("" if shown else Lacking.SLOWER)
    return Expected(
        case_id=row.case_id,
        process=row.process,
        step=row.step,
        round=row.round,
        low_at=shown.low_at if shown else None,
        high_at=shown.high_at if shown else None,
        lacking=LACKING.get(lacking),
        moved=MOVED.get(row.moved_because),
        finished=row.finished,
        open=row.open,
        window_from=row.window_from,
        shown_from=row.shown_from,
    )


def _promise(row: Estimate) -> Promise:
    return Promise(
        step=row.step,
        round=row.round,
        place=row.place,
        low_at=row.low_at,
        high_at=row.high_at,
        lacking=LACKING.get(row.lacking),
        moved=MOVED.get(row.moved_because),
        finished=row.finished,
        open=row.open,
        shown_from=row.shown_from,
        superseded_at=row.superseded_at,
        decided_at=row.decided_at,
        kept=row.kept,
    )
