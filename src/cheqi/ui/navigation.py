"""What the navigation offers: parts register entries, the shells show those whose page exists.

>>> register(Entry("queue", "我的任务", "desk:queue", "list-check", order=10))

An entry whose address is not there yet, or whose roles the person does not hold, is left out. Counts come
from one function a shell may set (`count_with`), asked once a page for everything it knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from cheqi.core.base.actors import Actor


class Place(StrEnum):
    """Where an entry stands."""

    DESK = "DESK"
    DESK_LOWER = "DESK_LOWER"
    PORTAL = "PORTAL"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. Without `roles` everybody who is in sees it.

    The address of an `is_home` entry leads to every page, so it is current on its own page only.
    `owns` is a part of addresses that lie elsewhere and still belong to it, such as `/documents/`.
    """

    key: str
    label: str | Promise
    url_name: str
    icon: str
    order: int = 50
    place: Place = Place.DESK
    roles: frozenset[str] = frozenset()
    is_home: bool = False
    owns: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """The figure beside an entry; `is_hot` when something in it is late."""

    number: int
    is_hot: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the page draws it."""

    entry: Entry
    url: str
    is_current: bool
    count: Count | None


Counter = Callable[[Actor], Mapping[str, Count]]
_entries: dict[tuple[Place, str], Entry] = {}
_counters: list[Counter] = []


def register(entry: Entry) -> Entry:
    """Adds an entry; the same key at the same place replaces it. Call it from an app's `ready()`."""
    _entries[entry.place, entry.key] = entry
    return entry


def count_with(counter: Counter) -> Counter:
    """Adds a function that gives counts by entry key for an actor, in few statements."""
    if counter not in _counters:
        _counters.append(counter)
    return counter


def shown(place: Place, path: str, actor: Actor | None) -> list[Shown]:
    """The entries of a place for a person, in order; the longest address that leads to `path` is current."""
    reachable = [
        (entry, url)
        for entry in sorted(_entries.values(), key=lambda one: (one.order, one.key))
        if entry.place is place and _may_see(entry, actor) and (url := _address(entry.url_name))
    ]
    current = _current(reachable, path)
    counts = _counts(actor) if reachable and place is Place.DESK else {}
    return [Shown(entry, url, url == current, counts.get(entry.key)) for entry, url in reachable]


def _current(entries: list[tuple[Entry, str]], path: str) -> str:
    """The address that is marked: the owner of a part of the path, else the longest that leads to it."""
    owner = next((url for entry, url in entries if entry.owns and entry.owns in path), "")
    leading = [url for entry, url in entries if (path == url if entry.is_home else path.startswith(url))]
    return owner or max(leading, key=len, default="")


def _may_see(entry: Entry, actor: Actor | None) -> bool:
    return not entry.roles or (actor is not None and actor.has_role(*entry.roles))


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _counts(actor: Actor | None) -> dict[str, Count]:
    found: dict[str, Count] = {}
    if actor is not None:
        for counter in _counters:
            found.update(counter(actor))
    return found
