"""What was promised, and the history it was computed from.

A row of `Estimate` is what somebody was shown from `shown_from` until `superseded_at` or `decided_at`;
without a range it says why there was none. `kept` is decided on the first row of a round that had a range:
moving a promise later does not make it kept.
"""

from django.db import models
from django.db.models import F, Q

LIVE = Q(superseded_at__isnull=True, decided_at__isnull=True)


class Estimate(models.Model):
    """What was shown of one round of a step; `place` counts from 1 within the round."""

    step_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    process = models.CharField(max_length=40)
    step = models.CharField(max_length=60)
    round = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    low_at = models.DateTimeField(null=True)
    high_at = models.DateTimeField(null=True)
    lacking = models.CharField(max_length=16, default="", blank=True)
    moved_because = models.CharField(max_length=16, default="", blank=True)
    finished = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    window_from = models.DateField()
    shown_from = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    kept = models.BooleanField(null=True)

    class Meta:
        """One live row a round; a range or a reason; found by case, by expiry, by what was kept."""

        constraints = [
            models.UniqueConstraint(fields=["step_id", "place"], name="estimates_place_once"),
            models.UniqueConstraint(fields=["step_id"], name="estimates_one_live", condition=LIVE),
            models.CheckConstraint(
                name="estimates_range_or_reason",
                condition=Q(low_at__isnull=False, high_at__gte=F("low_at"), lacking="")
                | (Q(low_at__isnull=True, high_at__isnull=True) & ~Q(lacking="")),
            ),
        ]
        indexes = [
            models.Index(fields=["case_id", "id"], name="estimates_case"),
            models.Index(fields=["high_at"], name="estimates_passing", condition=LIVE),
            models.Index(fields=["process", "step", "id"], name="estimates_live_step", condition=LIVE),
            models.Index(
                fields=["process", "step", "decided_at"],
                name="estimates_kept",
                condition=Q(kept__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} #{self.round}.{self.place}"


class History(models.Model):
    """How long a step took lately: `spells` are pairs of working minutes and whether it was finished.

    A projection of the workflow's rows, computed again every quarter of an hour; `kept` of `decided`
    promises of the last 90 days were kept.
    """

    process = models.CharField(max_length=40)
    step = models.CharField(max_length=60)
    spells = models.JSONField(default=list)
    window_from = models.DateField()
    computed_at = models.DateTimeField()
    finished = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    p20_minutes = models.PositiveIntegerField(null=True)
    p50_minutes = models.PositiveIntegerField(null=True)
    p80_minutes = models.PositiveIntegerField(null=True)
    kept = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)

    class Meta:
        """One row a step."""

        constraints = [models.UniqueConstraint(fields=["process", "step"], name="estimates_history_once")]

    def __str__(self) -> str:
        return f"{self.process}.{self.step}"
