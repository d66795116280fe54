"""Versions of packs over the baseline. A published row never changes: a correction is a new version."""

from django.db import models
from django.db.models import F, Q

from cheqi.foundation.rulebook.choices import Form, VersionState


class PackVersion(models.Model):
    """One version: its whole text, who proposed it, who decided."""

    name = models.CharField(max_length=60)
    form = models.CharField(max_length=8, choices=Form.choices)
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=11, choices=VersionState.choices, default=VersionState.PROPOSED)
    reason = models.CharField(max_length=300)
    proposer_id = models.CharField(max_length=40)
    proposer_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decider_id = models.CharField(max_length=40, null=True)
    decider_name = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """A version once unless turned down; decided by somebody else than the proposer."""

        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"],
                name="pack_version_once",
                condition=~Q(state=VersionState.TURNED_DOWN),
            ),
            models.CheckConstraint(
                name="pack_version_four_eyes",
                condition=Q(decider_id__isnull=True) | ~Q(decider_id=F("proposer_id")),
            ),
            models.CheckConstraint(
                name="pack_version_decided_by_somebody",
                condition=Q(state=VersionState.PROPOSED)
                | Q(decider_id__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["name", "state", "effective_from"], name="pack_version_in_force")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version} {self.state}"
