"""A check at start-up: without Chinese fonts no contract can be made, and it is better to say so now."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register  # noqa: A004 (Django's name)

from cheqi.foundation.paper.fonts import UnableToFindFonts, font_folder


@register("paper")
def fonts_are_there(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A warning when the fonts are missing; it says how to get them."""
    try:
        font_folder()
    except UnableToFindFonts as problem:
        return [Warning(str(problem), hint="npm ci", id="paper.W001")]
    return []
