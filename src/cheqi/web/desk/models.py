"""What the desk itself remembers: who is looking at a case just now, and the views that people keep."""

from django.db import models


class Presence(models.Model):
    """Somebody has the page of a case open; a row that is not renewed counts no more after a minute."""

    case_id = models.BigIntegerField()
    member_id = models.BigIntegerField()
    member_name = models.CharField(max_length=40)
    seen_at = models.DateTimeField()

    class Meta:
        """One row a person and case."""

        constraints = [models.UniqueConstraint(fields=["case_id", "member_id"], name="desk_presence_once")]

    def __str__(self) -> str:
        return f"{self.member_name} at case {self.case_id}"


class SavedView(models.Model):
    """Filters of a list under a name, kept by the person who set them."""

    member_id = models.BigIntegerField()
    place = models.CharField(max_length=20)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=300)
    created_at = models.DateTimeField()

    class Meta:
        """A name is used once at a place."""

        constraints = [models.UniqueConstraint(fields=["member_id", "place", "name"], name="desk_view_once")]

    def __str__(self) -> str:
        return self.name
