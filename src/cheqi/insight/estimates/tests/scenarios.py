"""Histories: rounds of a step that took so many working minutes, finished or still open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cheqi.foundation.eventlog.operations import seal
from cheqi.foundation.eventlog.operations.delivering import deliver_to
from cheqi.foundation.eventlog.subscribers import SUBSCRIBERS
from cheqi.foundation.workflow.models import Case, ClockInterval, StepRow
from cheqi.foundation.workflow.tests.packs import NOW, World

LAST_MONDAY = NOW - timedelta(days=7)  # 10:00 in China; hours are 9 to 12 and 13 to 18
LUNCH_AFTER = 120


def took(
    world: World,
    minutes: Sequence[int],
    *,
    step: str = "review",
    opened_at: datetime = LAST_MONDAY,
    side: str = "OURS",
    is_finished: bool = True,
) -> None:
    """One case for each number of minutes; they run from ten o'clock, with the lunch hour left out."""
    base = Case.objects.count()
    cases = Case.objects.bulk_create(
        Case(
            number=f"OLD-{base + place}",
            process="small_loan",
            definition=world.row,
            status="PAID" if is_finished else "OPEN",
            branch_id=world.north.pk,
            creators="SYSTEM:system",
            created_by_name="系统",
            opened_at=opened_at,
        )
        for place in range(len(minutes))
    )
    ends = [opened_at + timedelta(minutes=one + (60 if one > LUNCH_AFTER else 0)) for one in minutes]
    rows = StepRow.objects.bulk_create(
        StepRow(
            case=case,
            process="small_loan",
            branch_id=world.north.pk,
            key=step,
            stage="decide",
            round=1,
            status="DONE" if is_finished else "OPEN",
            ball="us",
            opened_at=opened_at,
            finished_at=end if is_finished else None,
            outcome="approve" if is_finished else "",
        )
        for case, end in zip(cases, ends, strict=True)
    )
    ClockInterval.objects.bulk_create(
        ClockInterval(step=row, side=side, started_at=opened_at, ended_at=row.finished_at) for row in rows
    )


def hear(now: datetime) -> int:
    """The estimates hear what was logged, as the worker would let them."""
    seal(now)
    return deliver_to(SUBSCRIBERS["estimates.promises"], now)
