"""The rows that wake work up, and the workers that answer.

A wake-up says that the domain row named by `key` may have work for `task`; the domain row says what. While
it is RUNNING a worker holds a lease, named by `lease_owner` and `attempts`; a wake-up that arrives in the
meantime is kept in `again_at`, so that a change made behind the task's back is looked at too.
"""

from django.db import models

from cheqi.foundation.jobs.choices import LIVE, WakeupState


class Wakeup(models.Model):
    """One call to look at one domain row."""

    task = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    queue = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=WakeupState.choices, default=WakeupState.WAITING)
    run_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=80, null=True)
    last_error = models.TextField(default="", blank=True)
    data = models.JSONField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """One live row a task and key; what is due, what expired and what is dead are found by index."""

        constraints = [
            models.UniqueConstraint(
                fields=["task", "key"], name="wakeup_live_once", condition=models.Q(state__in=LIVE)
            ),
            models.CheckConstraint(
                name="wakeup_lease_while_running",
                condition=models.Q(
                    state=WakeupState.RUNNING, lease_until__isnull=False, lease_owner__isnull=False
                )
                | (~models.Q(state=WakeupState.RUNNING) & models.Q(lease_owner__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "run_at", "id"],
                name="wakeup_due",
                condition=models.Q(state=WakeupState.WAITING),
            ),
            models.Index(
                fields=["lease_until"], name="wakeup_leased", condition=models.Q(state=WakeupState.RUNNING)
            ),
            models.Index(fields=["state", "finished_at"], name="wakeup_history"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.key} {self.state}"


class WorkerRow(models.Model):
    """A worker process and when it was last heard of."""

    name = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    queues = models.JSONField()

    def __str__(self) -> str:
        return self.name


class SweepRow(models.Model):
    """When a registered sweep last ran; the row is what two workers compete for."""

    name = models.CharField(max_length=80, primary_key=True)
    last_run_at = models.DateTimeField()
    last_error = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return self.name
