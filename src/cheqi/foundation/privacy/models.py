"""The base of every model with sealed columns, and the record of who looked at what."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models

from cheqi.foundation.privacy.fields import FollowingField


class Sealed(models.Model):
    """A row with sealed columns. The row seal binds their envelopes to this row; it never changes."""

    row_seal = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Takes indexes and last digits along when only some columns are written."""
        if update_fields is not None:
            named = set(update_fields)
            followers = (f for f in self._meta.concrete_fields if isinstance(f, FollowingField))
            update_fields = named | {follower.name for follower in followers if follower.of in named}
        super().save(*args, update_fields=update_fields, **kwargs)


class Unmasking(models.Model):
    """Somebody saw a personal value in clear: who, which, when and why. Written once, never changed."""

    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    table = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    row_seal = models.UUIDField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["actor_kind", "actor_id", "-at"]),
            models.Index(fields=["row_seal", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.table}.{self.field} {self.at:%Y-%m-%d %H:%M}"
