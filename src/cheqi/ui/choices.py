"""Choices that carry value, label, tone and icon together, so a state looks the same everywhere.

>>> class Verdict(ToneChoices):
...     ACCEPTED = "ACCEPTED", Tone.OK, "check", "通过"
...     CLERK = "CLERK", Tone.WARN, "alert-triangle", "待人工确认"
>>> Verdict.CLERK.tone, Verdict.CLERK.label
('warn', '待人工确认')

A page shows one with `{% badge verdict %}`. Anything with `label`, `tone` and `icon` will do, a `Badge` too.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from django.db import models
from django.utils.functional import Promise


class Tone(StrEnum):
    """What a state means to the person looking: fine, look here, wrong, news, or nothing special."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    IDLE = "idle"


TONE_ICONS = {
    Tone.OK: "check",
    Tone.WARN: "alert-triangle",
    Tone.BAD: "x",
    Tone.INFO: "info-circle",
    Tone.IDLE: "circle-dashed",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """One state in words with its tone; the tone's own icon where none is given. Never colour alone."""

    label: str | Promise
    tone: Tone = Tone.IDLE
    icon: str = ""

    @property
    def shown_icon(self) -> str:
        """The icon to draw."""
        return self.icon or TONE_ICONS[self.tone]


class ToneChoices(models.TextChoices):
    """Text choices written as `NAME = value, tone, icon, label`."""

    tone: Tone
    icon: str

    def __new__(cls, value: str, tone: Tone = Tone.IDLE, icon: str = "") -> Self:
        """The database value is the text; tone and icon ride along."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        member.icon = icon
        return member


def as_badge(thing: Any) -> Badge:
    """A badge from anything with a label; raises AttributeError for what has none.

    A choice's own `tone` and `icon` are used where it has them, so that lower layers can describe a
    state in plain attributes without knowing this library.
    """
    if isinstance(thing, Badge):
        return thing
    tone = Tone(getattr(thing, "tone", Tone.IDLE))
    return Badge(label=thing.label, tone=tone, icon=getattr(thing, "icon", ""))
