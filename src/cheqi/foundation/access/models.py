"""Throttles, one-time codes, customer sessions, API clients, idempotency keys, webhooks."""

import uuid

from django.db import models
from django.db.models import Q

from cheqi.foundation.privacy.fields import BlindIndexField, Last4Field, SealedTextField
from cheqi.foundation.privacy.models import Sealed


class Throttle(models.Model):
    """How often somebody tried something lately. `who` is a blind index."""

    name = models.CharField(max_length=40)
    who = models.CharField(max_length=43)
    count = models.PositiveIntegerField(default=0)
    since_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "who"], name="access_one_throttle")]

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class Purpose(models.TextChoices):
    """What a one-time code is for; a code for one purpose opens no other."""

    LOGIN = "LOGIN"
    TRACKER = "TRACKER"
    CONSENT = "CONSENT"
    SIGN = "SIGN"


class OneTimeCode(Sealed):
    """A code that was asked for. The digest judges it; the sealed code is there until it was handed over.

    A decoy (a number or case that does not exist) is a row like any other, except that nothing is sent
    and no code opens it.
    """

    challenge = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    subject = models.CharField(max_length=80, default="", blank=True)
    mobile = SealedTextField(default="", blank=True)
    mobile_index = BlindIndexField(of="mobile")
    code = SealedTextField(default="", blank=True)
    digest = models.CharField(max_length=43)
    is_decoy = models.BooleanField(default=False)
    party_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    spent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(handed_over_at=None), name="access_code_to_hand_over")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.challenge}"


class CustomerSession(models.Model):
    """A customer who came in by one-time code: to everything of the own party, or to one tracked case."""

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    mobile_index = models.CharField(max_length=43, db_index=True)
    party_id = models.BigIntegerField(null=True, db_index=True)
    case_id = models.BigIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=60, default="", blank=True)
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.party_id or self.case_id}"


class Confirmation(models.Model):
    """An act that a customer confirmed by one-time code: consent or signature, and to what exactly."""

    challenge = models.UUIDField(unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    subject = models.CharField(max_length=80)
    party_id = models.BigIntegerField(db_index=True)
    mobile_index = models.CharField(max_length=43)
    address = models.CharField(max_length=45)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject}"


class ApiClient(models.Model):
    """A program that may use the API: what it may do, and whose rows it sees."""

    public_id = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    branch_ids = models.JSONField(default=list)
    per_minute = models.PositiveIntegerField(default=600)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """One key of a client; two may live at a time, so that a client changes over without a gap."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="keys")
    key_id = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"ck_{self.key_id}"


class IdempotencyKey(Sealed):
    """A caller's key, what was asked under it, and the answer once there is one."""

    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    holder = models.UUIDField()
    held_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = SealedTextField(default="", blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor_kind", "actor_id", "key"], name="access_one_idempotency_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor_kind} {self.key}"


class WebhookEndpoint(Sealed):
    """Where a client wants to be told, of which event types, and the secret that signs."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="endpoints")
    url = models.CharField(max_length=300)
    secret = SealedTextField()
    secret_last4 = Last4Field(of="secret")
    event_types = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(Sealed):
    """One message to one endpoint: tried until it is taken, in order within its case."""

    class State(models.TextChoices):
        """Where the delivery stands."""

        WAITING = "WAITING"
        DELIVERED = "DELIVERED"
        DEAD = "DEAD"

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    key = models.CharField(max_length=80)
    event_type = models.CharField(max_length=80)
    case_id = models.BigIntegerField(null=True)
    body = SealedTextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "key"], name="access_one_webhook_delivery")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="WAITING"), name="access_webhook_due"),
            models.Index(
                fields=["endpoint", "case_id", "id"],
                condition=Q(state="WAITING"),
                name="access_webhook_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.state}"
