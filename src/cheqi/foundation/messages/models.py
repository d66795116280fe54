"""The rows of messages. What is said and to which address lies encrypted; secrets are gone once sent.

A message is for a party, for a member of staff, or for an address that nobody has yet (somebody who logs in
for the first time). `in_inbox` shows it in the portal or at the desk, whatever channel carried it.
"""

from django.db import models

from cheqi.core.contact.contact import Channel, Purpose
from cheqi.foundation.exchanges.choices import AttemptKind, AttemptOutcome
from cheqi.foundation.messages.choices import LIVE, MessageState, Stage, Verdict, Way
from cheqi.foundation.privacy.fields import SealedTextField
from cheqi.foundation.privacy.models import Sealed

CHANNELS = [(channel.value, channel.value) for channel in Channel]
PURPOSES = [(purpose.value, purpose.value) for purpose in Purpose]


class Message(Sealed):
    """One message. `tried` names the channels that failed before the present one."""

    key = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    party_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    address = SealedTextField(default="", blank=True)
    purpose = models.CharField(max_length=12, choices=PURPOSES)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    language = models.CharField(max_length=10)
    data = SealedTextField()
    subject = SealedTextField()
    text = SealedTextField()
    in_inbox = models.BooleanField()
    state = models.CharField(max_length=10, choices=MessageState.choices)
    tried = models.CharField(max_length=60, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    in_flight_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, default="", blank=True)
    code = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        """A live message has a next try; inboxes, histories and dead letters are found by index."""

        constraints = [
            models.CheckConstraint(
                name="message_live_has_next_try",
                condition=models.Q(state__in=LIVE, next_try_at__isnull=False)
                | (~models.Q(state__in=LIVE) & models.Q(next_try_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="message_due", condition=models.Q(state__in=LIVE)),
            models.Index(fields=["party_id", "-id"], name="message_party"),
            models.Index(fields=["member_id", "-id"], name="message_member"),
            models.Index(fields=["case_id", "-id"], name="message_case"),
            models.Index(fields=["state", "-id"], name="message_state"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.state}"


class MessageAttempt(models.Model):
    """One call of a provider, or one placing in an inbox. Holds no text and no address."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="calls")
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=10, choices=CHANNELS)
    kind = models.CharField(max_length=4, choices=AttemptKind.choices)
    outcome = models.CharField(max_length=12, choices=AttemptOutcome.choices, default=AttemptOutcome.RUNNING)
    code = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    trace = models.CharField(max_length=300, default="", blank=True)
    started_at = models.DateTimeField()

    class Meta:
        """Attempts are counted without gaps."""

        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="message_attempt_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.number}: {self.outcome}"


class GateDecision(models.Model):
    """What the gate said about a message: the rules it looked at, those that objected, its inputs."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="decisions")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    verdict = models.CharField(max_length=5, choices=Verdict.choices)
    until = models.DateTimeField(null=True)
    rules = models.JSONField(default=list)
    objections = models.JSONField(default=list)
    pack = models.CharField(max_length=200)
    inputs_hash = models.CharField(max_length=64)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.stage} {self.verdict}"


class ContactPreference(models.Model):
    """Whether a person wants a kind of message on a channel, with who said so, when and how."""

    party_id = models.BigIntegerField()
    purpose = models.CharField(max_length=12, choices=PURPOSES)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    is_wanted = models.BooleanField()
    chosen_at = models.DateTimeField()
    actor_name = models.CharField(max_length=80, default="", blank=True)
    way = models.CharField(max_length=12, choices=Way.choices)

    class Meta:
        """The last word of each person on each switch; the log has the ones before."""

        constraints = [
            models.UniqueConstraint(fields=["party_id", "purpose", "channel"], name="message_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel}: {self.is_wanted}"


class ContactBook(models.Model):
    """One row a person: whoever starts a contact holds it, so that two cannot both take the last slot."""

    party_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"contacts of party {self.party_id}"
