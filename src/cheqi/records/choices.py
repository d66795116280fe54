"""Choices of the books: value, tone and label together, so a state looks the same everywhere.

`tone` is a plain word that the component library shows: ok, warn, bad, info, idle.
"""

from typing import Self

from django.db import models


class Toned(models.TextChoices):
    """Text choices written as `NAME = value, tone, label`."""

    tone: str

    def __new__(cls, value: str, tone: str = "idle") -> Self:
        """The database value is the text; the tone rides along."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        return member
