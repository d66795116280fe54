"""The rows of the log.

An `EventRow` is written once, in the transaction of what it tells of, and only its `sequence` changes
afterwards, once, from nothing to its place in the Merkle tree. Within a case, `position` counts from 1
and `previous` repeats the commitment of the event before: the case's chain.
"""

from django.db import models


class EventRow(models.Model):
    """One fact: what happened, by whom, when it occurred and when it was recorded."""

    type = models.CharField(max_length=80)
    case_id = models.BigIntegerField(null=True)
    position = models.PositiveIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=120)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=80)
    acting_for = models.CharField(max_length=64, null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    backfilled = models.BooleanField(default=False)
    payload = models.JSONField()
    personal_commitment = models.BinaryField(max_length=32, null=True)
    previous = models.BinaryField(max_length=32, null=True)
    salt = models.BinaryField(max_length=32)
    commitment = models.BinaryField(max_length=32)
    sequence = models.BigIntegerField(null=True, unique=True)

    class Meta:
        """A case's chain has no forks; no page and no sealing reads the whole table."""

        constraints = [
            models.UniqueConstraint(fields=["case_id", "position"], name="event_chain_has_no_fork"),
            models.CheckConstraint(
                name="event_position_belongs_to_case",
                condition=models.Q(case_id__isnull=True, position__isnull=True)
                | models.Q(case_id__isnull=False, position__gte=1),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="event_unsealed", condition=models.Q(sequence__isnull=True)),
            models.Index(fields=["party_id", "id"], name="event_party"),
            models.Index(fields=["type", "occurred_at", "id"], name="event_type"),
            models.Index(fields=["occurred_at", "id"], name="event_time"),
            models.Index(
                fields=["actor_id", "occurred_at", "id"],
                name="event_colleague",
                condition=models.Q(actor_kind="STAFF"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"


class PersonKey(models.Model):
    """The key under which one person's parts are sealed, wrapped; erasing empties it."""

    party_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"key of party {self.party_id}"


class PersonalPart(models.Model):
    """The personal parts of one event with their salt, encrypted under the person's key."""

    event = models.OneToOneField(
        EventRow, on_delete=models.PROTECT, primary_key=True, related_name="personal"
    )
    key = models.ForeignKey(PersonKey, on_delete=models.PROTECT)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"personal parts of event {self.event_id}"


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree (levels 0, 8, 16, …), as in C2SP tlog-tiles."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        """One row a tile."""

        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_once")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Checkpoint(models.Model):
    """The signed statement of the tree's size and root after one sealing."""

    tree_size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint of {self.tree_size}"


class Cursor(models.Model):
    """How far a subscriber has read: the next sequence that it has not seen."""

    name = models.CharField(max_length=80, primary_key=True)
    next_sequence = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.next_sequence}"
