"""Puts what is promised now beside the tracker's answer: everything of a case at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cheqi.core.base.text import Text
from cheqi.foundation.workflow.operations import show_estimates
from cheqi.insight.estimates.choices import LACKING, MOVED
from cheqi.insight.estimates.models import LIVE, Estimate, History

MIN_JUDGED = 30


def show(case_ids: Iterable[int], *, now: datetime) -> None:
    """Shows the live promises of these cases, and nothing else: three statements."""
    wanted = sorted(case_ids)
    rows = list(Estimate.objects.filter(LIVE, case_id__in=wanted).order_by("id"))
    records = _records(rows)
    shown: dict[int, dict[str, Any]] = {case_id: {} for case_id in wanted}
    for row in rows:
        shown[row.case_id][f"{row.step}:{row.round}"] = _as_json(row, records.get((row.process, row.step)))
    show_estimates(shown=shown, now=now)


def _records(rows: list[Estimate]) -> dict[tuple[str, str], dict[str, int]]:
    """How many of the promises of each step were kept; a step with few says nothing."""
    histories = History.objects.filter(
        process__in={row.process for row in rows}, step__in={row.step for row in rows}
    )
    counted = histories.filter(decided__gte=MIN_JUDGED).values_list("process", "step", "kept", "decided")
    return {
        (process, step): {"percent": 100 * kept // decided, "of": decided}
        for process, step, kept, decided in counted
    }


def _as_json(row: Estimate, record: dict[str, int] | None) -> dict[str, Any]:
    return {
        "low_at": row.low_at.isoformat() if row.low_at else None,
        "high_at": row.high_at.isoformat() if row.high_at else None,
        "finished": row.finished,
        "lacking": _both(LACKING.get(row.lacking)),
        "moved": _both(MOVED.get(row.moved_because)),
        "kept": record,
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text else None
