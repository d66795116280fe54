"""The rows of the talk with outside systems.

`Exchange` is one request under one key, from the wish to the answer; request and answer lie encrypted.
`Attempt` is one call. `Circuit` is how a system is doing. `Push` is what a system sent by itself; its
unique id is the replay protection.
"""

from django.db import models

from cheqi.foundation.exchanges.choices import (
    LIVE,
    AttemptKind,
    AttemptOutcome,
    CircuitState,
    ExchangeState,
    PushOutcome,
)
from cheqi.foundation.privacy.fields import SealedBytesField
from cheqi.foundation.privacy.models import Sealed


class Exchange(Sealed):
    """One request. `failures` counts failed calls since the last progress; `died_in` is where it gave up."""

    port = models.CharField(max_length=40)
    operation = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    case_id = models.BigIntegerField(null=True)
    payload = SealedBytesField()
    answer = SealedBytesField(null=True)
    state = models.CharField(max_length=10, choices=ExchangeState.choices, default=ExchangeState.WAITING)
    died_in = models.CharField(max_length=10, choices=ExchangeState.choices, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    in_flight_until = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """What is due is found by index; a live row has a next try, a final one has none."""

        constraints = [
            models.CheckConstraint(
                name="exchange_live_has_next_try",
                condition=models.Q(state__in=LIVE, next_try_at__isnull=False)
                | (~models.Q(state__in=LIVE) & models.Q(next_try_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="exchange_due", condition=models.Q(state__in=LIVE)),
            models.Index(fields=["state", "-finished_at"], name="exchange_finished"),
            models.Index(fields=["case_id", "id"], name="exchange_case"),
        ]

    def __str__(self) -> str:
        return f"{self.port}.{self.operation} {self.key} {self.state}"


class Attempt(models.Model):
    """One call. `trace` has statuses, sizes and digests: nothing secret, nothing personal."""

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="calls")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=AttemptKind.choices)
    outcome = models.CharField(max_length=12, choices=AttemptOutcome.choices, default=AttemptOutcome.RUNNING)
    code = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    trace = models.CharField(max_length=300, default="", blank=True)
    latency_ms = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField()

    class Meta:
        """Attempts are counted without gaps."""

        constraints = [models.UniqueConstraint(fields=["exchange", "number"], name="attempt_number_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.outcome}"


class Circuit(models.Model):
    """How one outside system is doing. `opened` counts openings in a row: each one waits longer."""

    port = models.CharField(max_length=40, primary_key=True)
    state = models.CharField(max_length=10, choices=CircuitState.choices, default=CircuitState.CLOSED)
    failures = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.port} {self.state}"


class Push(models.Model):
    """One authentic push. A second one of the same id is acknowledged and changes nothing."""

    source = models.CharField(max_length=40)
    push_id = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    outcome = models.CharField(max_length=12, choices=PushOutcome.choices)
    received_at = models.DateTimeField()

    class Meta:
        """Replay protection."""

        constraints = [models.UniqueConstraint(fields=["source", "push_id"], name="push_once")]
        indexes = [models.Index(fields=["key"], name="push_key")]

    def __str__(self) -> str:
        return f"{self.source} {self.push_id} {self.outcome}"
