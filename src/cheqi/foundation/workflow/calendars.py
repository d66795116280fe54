"""The working calendars of the installation, read once from the house packs.

A calendar pack lies in `rules/packs/house` and has `weekly` hours; see `core.base.workdays`.
"""

from functools import lru_cache
from pathlib import Path

import cheqi.rules
from cheqi.core.base.workdays import WorkCalendar
from cheqi.rules.reading import read_yaml

HOUSE = Path(cheqi.rules.__file__).parent / "packs" / "house"


class UnableToReadCalendar(RuntimeError):
    """A calendar pack of the installation has mistakes; the message names all of them."""


def calendar(key: str) -> WorkCalendar:
    """The calendar of that key. Raises KeyError for one that the installation does not have."""
    return _calendars()[key]


def known_calendars() -> frozenset[str]:
    """The keys of all calendars."""
    return frozenset(_calendars())


@lru_cache(maxsize=1)
def _calendars() -> dict[str, WorkCalendar]:
    found: dict[str, WorkCalendar] = {}
    for path in sorted(HOUSE.glob("*calendar*.yaml")):
        read = read_yaml(path.read_text(encoding="utf-8"))
        made = read if isinstance(read, tuple) else WorkCalendar.from_pack(read)
        if isinstance(made, tuple):
            raise UnableToReadCalendar(f"{path.name}: {'; '.join(map(str, made))}")
        found[made.key] = made
    return found
