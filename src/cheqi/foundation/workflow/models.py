"""The rows of cases. Rows decide: a step's row says what it is, the log tells how it came to be so.

Written by `operations` only, all rows of one move in one transaction, under a compare-and-swap on the
case's `version`. Columns that repeat the case (`process`, `branch_id`, `value_fen`) are there so that a
queue of 100,000 cases is one index away.
"""

from django.db import models
from django.db.models import Q

OPEN = Q(status="OPEN")


class DefinitionRow(models.Model):
    """One published version of a process, never changed; cases are pinned to it by its content hash.

    `source` is JSON as text: `jsonb` would lose the order of outcomes, which is that of the buttons.
    """

    process = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64, unique=True)
    source = models.TextField()
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        """A version number is used once."""

        constraints = [
            models.UniqueConstraint(fields=["process", "version"], name="workflow_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.version}"


class CaseCounter(models.Model):
    """The last case number of a prefix and year."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        """One counter a prefix and year."""

        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="workflow_counter_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class Case(models.Model):
    """One case on its way through a process. `subject` names the record that it is about."""

    number = models.CharField(max_length=24, unique=True)
    process = models.CharField(max_length=40)
    definition = models.ForeignKey(DefinitionRow, on_delete=models.PROTECT)
    status = models.CharField(max_length=24)
    version = models.PositiveIntegerField(default=1)
    branch_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40, default="", blank=True)
    subject_id = models.BigIntegerField(null=True)
    value_fen = models.BigIntegerField(default=0)
    facts = models.JSONField(default=dict)
    creators = models.CharField(max_length=200)
    created_by_name = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Found by branch, by customer, by subject; lists are paged and counted in one index."""

        indexes = [
            models.Index(fields=["process", "branch_id", "id"], name="workflow_case_open", condition=OPEN),
            models.Index(fields=["party_id", "id"], name="workflow_case_party"),
            models.Index(fields=["subject_kind", "subject_id"], name="workflow_case_subject"),
            models.Index(
                fields=["process", "opened_at", "id", "closed_at", "branch_id"], name="workflow_case_list"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StepRow(models.Model):
    """One round of one step. `due_at` and `amber_at` are recomputed from the intervals when those change."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    process = models.CharField(max_length=40)
    branch_id = models.BigIntegerField(null=True)
    value_fen = models.BigIntegerField(default=0)
    key = models.CharField(max_length=60)
    stage = models.CharField(max_length=40)
    round = models.PositiveIntegerField()
    status = models.CharField(max_length=12)
    ball = models.CharField(max_length=12)
    owner_role = models.CharField(max_length=40, default="", blank=True)
    owner_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    amber_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    ring_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)
    breached_at = models.DateTimeField(null=True)
    escalated = models.PositiveIntegerField(default=0, db_default=0)
    escalate_at = models.DateTimeField(null=True)
    has_run = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, default="", blank=True)
    done_by = models.CharField(max_length=80, default="", blank=True)
    done_by_name = models.CharField(max_length=80, default="", blank=True)
    done_for = models.CharField(max_length=200, default="", blank=True)
    reason = models.TextField(default="", blank=True)
    data = models.JSONField(null=True)

    class Meta:
        """One row a round and at most one open round a step; queues, loads and clocks by index."""

        constraints = [
            models.UniqueConstraint(fields=["case", "key", "round"], name="workflow_round_once"),
            models.UniqueConstraint(fields=["case", "key"], name="workflow_open_once", condition=OPEN),
        ]
        indexes = [
            models.Index(
                fields=["owner_id", "due_at", "value_fen"], name="workflow_step_mine", condition=OPEN
            ),
            models.Index(
                fields=["owner_role", "branch_id", "due_at"], name="workflow_step_role", condition=OPEN
            ),
            models.Index(fields=["process", "stage", "due_at"], name="workflow_step_stage", condition=OPEN),
            models.Index(fields=["process", "stage", "opened_at"], name="workflow_step_age", condition=OPEN),
            models.Index(fields=["ring_at"], name="workflow_step_ring", condition=OPEN),
            models.Index(
                fields=["process", "key", "opened_at"],
                name="workflow_step_history",
                condition=~Q(status="SKIPPED"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} #{self.round} {self.status}"


class ClockInterval(models.Model):
    """A time in which one side had the ball; open while it still has."""

    step = models.ForeignKey(StepRow, on_delete=models.PROTECT, related_name="intervals")
    side = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """At most one running clock a step."""

        constraints = [
            models.UniqueConstraint(
                fields=["step"], name="workflow_one_running_clock", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.started_at:%Y-%m-%d %H:%M}"


class Transition(models.Model):
    """One status change of a case (`step` is empty) or of a step: who, when, why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transitions")
    step = models.CharField(max_length=60, default="", blank=True)
    round = models.PositiveIntegerField(default=0)
    before = models.CharField(max_length=24, default="", blank=True)
    after = models.CharField(max_length=24)
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    reason = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.step or 'case'}: {self.before} → {self.after}"


class Request(models.Model):
    """A caller's key with what it asked for and the answer: the same key has the same effect once."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        """A key belongs to who used it."""

        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="workflow_request_once")]

    def __str__(self) -> str:
        return self.key


class Reminder(models.Model):
    """Somebody was reminded of a step: the `place`-th reminder of its definition."""

    step = models.ForeignKey(StepRow, on_delete=models.PROTECT, related_name="reminders", db_index=False)
    place = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Each reminder once."""

        constraints = [models.UniqueConstraint(fields=["step", "place"], name="workflow_reminder_once")]

    def __str__(self) -> str:
        return f"reminder {self.place}"


class Escalation(models.Model):
    """A missed target that went to a role; `settled_at` when the step was finished or taken over. The
    missed target itself is level 1; each time that the step stays open for longer goes one level up."""

    step = models.ForeignKey(StepRow, on_delete=models.PROTECT, related_name="escalations")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    branch_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(default=1, db_default=1)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=80, null=True)

    class Meta:
        """Once a step, role and level; the open ones by role."""

        constraints = [
            models.UniqueConstraint(fields=["step", "role", "level"], name="workflow_escalation_once")
        ]
        indexes = [
            models.Index(
                fields=["role", "branch_id", "at"],
                name="workflow_escalated",
                condition=Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"to {self.role}"


class Progress(models.Model):
    """The tracker's answer for one case, ready to send: JSON bytes, their tag, and who may see it.

    `expected` is what is expected of its open steps (JSON, with a tag of its own). It stands apart from
    `body` so that moving the case and estimating it never wait for, or overwrite, each other.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="progress")
    number = models.CharField(max_length=24, unique=True)
    branch_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    etag = models.CharField(max_length=32)
    body = models.BinaryField()
    expected = models.TextField(default="", db_default="", blank=True)
    expected_tag = models.CharField(max_length=16, default="", db_default="", blank=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number
