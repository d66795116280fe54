"""Keeps what is known of each step up to date: how long it took, and how many promises were kept."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from cheqi.core.process.definition import Definition
from cheqi.core.process.forecast import Forecast, Usual, remaining, usual
from cheqi.insight.estimates.history import cohort
from cheqi.insight.estimates.models import Estimate, History

KEPT_DAYS = 90


@transaction.atomic
def learn(definition: Definition, step: str, *, now: datetime) -> bool:
    """Computes the history of a step again; whether its quantiles are other ones than before."""
    found = cohort(definition, step, now)
    forecast, from_start = remaining(found.spells, 0), usual(found.spells)
    decided, kept = _judged(definition.process, step, now)
    finished = sum(spell.is_finished for spell in found.spells)
    before = History.objects.filter(process=definition.process, step=step).first()
    after = {
        "p20_minutes": from_start.p20_minutes if isinstance(from_start, Usual) else None,
        "p50_minutes": forecast.p50_minutes if isinstance(forecast, Forecast) else None,
        "p80_minutes": forecast.p80_minutes if isinstance(forecast, Forecast) else None,
    }
    History.objects.update_or_create(
        process=definition.process,
        step=step,
        defaults={
            **after,
            "spells": [[spell.minutes, int(spell.is_finished)] for spell in found.spells],
            "window_from": found.window_from,
            "computed_at": now,
            "finished": finished,
            "open": len(found.spells) - finished,
            "kept": kept,
            "decided": decided,
        },
    )
    return before is None or any(getattr(before, name) != value for name, value in after.items())


def _judged(process: str, step: str, now: datetime) -> tuple[int, int]:
    """How many promises were decided in the last 90 days, and how many of them were kept."""
    rows = Estimate.objects.filter(
        process=process,
        step=step,
        kept__isnull=False,
        decided_at__gte=now - timedelta(days=KEPT_DAYS),
        decided_at__lte=now,
    )
    counted = rows.aggregate(decided=Count("pk"), good=Count("pk", filter=Q(kept=True)))
    return counted["decided"], counted["good"]
