"""What becomes of promises: kept or broken when the step is done, set aside when it is not to be done."""

from datetime import datetime

from django.db import transaction

from cheqi.foundation.workflow.models import Progress, StepRow
from cheqi.insight.estimates.domain import Range, was_kept
from cheqi.insight.estimates.models import LIVE, Estimate
from cheqi.insight.estimates.operations.showing import show


@transaction.atomic
def decide(*, case_id: int, step: str, round: int, now: datetime) -> bool | None:  # noqa: A002 (field's name)
    """Judges a finished round by the first range that was promised; None where none was, or it is not over.

    The moment that counts is the one of the work, not the one of this judgement. Doing it again changes
    nothing.
    """
    row = StepRow.objects.filter(case_id=case_id, key=step, round=round).exclude(outcome="").first()
    if row is None or row.finished_at is None:
        return None
    _lock(case_id)
    promises = list(Estimate.objects.filter(step_id=row.pk).order_by("place"))
    first = next((one for one in promises if one.low_at and one.high_at), None)
    kept = None
    if first is not None and first.low_at and first.high_at:
        kept = was_kept(row.finished_at, Range(first.low_at, first.high_at))
        Estimate.objects.filter(pk=first.pk).update(kept=kept, decided_at=row.finished_at)
    Estimate.objects.filter(LIVE, step_id=row.pk).update(decided_at=row.finished_at)
    show([case_id], now=now)
    return kept


@transaction.atomic
def set_aside(*, case_id: int, step: str, round: int, now: datetime) -> None:  # noqa: A002 (field's name)
    """Ends what is shown of a round that was sent back while it was open: nobody judges it."""
    _end(case_id, now, step=step, round=round)


@transaction.atomic
def close_case(*, case_id: int, now: datetime) -> None:
    """Ends everything that is shown of a case that is over."""
    _end(case_id, now)


def _end(case_id: int, now: datetime, **which: str | int) -> None:
    _lock(case_id)
    if Estimate.objects.filter(LIVE, case_id=case_id, **which).update(superseded_at=now):
        show([case_id], now=now)


def _lock(case_id: int) -> None:
    list(Progress.objects.select_for_update().filter(pk=case_id).values_list("pk"))
