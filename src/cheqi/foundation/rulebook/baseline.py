"""The packs that come with Cheqi, read once from the package."""

from functools import lru_cache
from importlib import resources
from typing import Any

from cheqi.core.base.problems import Problem
from cheqi.core.base.workdays import WorkCalendar
from cheqi.rules import Pack, load_pack
from cheqi.rules.reading import read_yaml

FOLDERS = ("law", "regions", "house")


class BrokenBaseline(RuntimeError):
    """A pack that comes with Cheqi does not load: the installation is not what was released."""


@lru_cache(maxsize=1)
def packs() -> tuple[Pack, ...]:
    """Every rule pack of the baseline. Raises BrokenBaseline."""
    return tuple(_pack(name, source) for name, source in _sources() if not is_calendar(read_yaml(source)))


@lru_cache(maxsize=1)
def calendars() -> dict[str, str]:
    """The sources of the working calendars by their file names."""
    return {name: source for name, source in _sources() if is_calendar(read_yaml(source))}


def is_calendar(data: Any) -> bool:
    """Whether the data of a pack is a working calendar."""
    return isinstance(data, dict) and "weekly" in data


@lru_cache(maxsize=256)
def parsed(source: str) -> Pack | tuple[Problem, ...]:
    """A pack by its text, parsed once."""
    return load_pack(source)


@lru_cache(maxsize=32)
def parsed_calendar(source: str) -> WorkCalendar | tuple[Problem, ...]:
    """A working calendar by its text, built once."""
    data = read_yaml(source)
    return data if isinstance(data, tuple) else WorkCalendar.from_pack(data)


def _sources() -> list[tuple[str, str]]:
    """File name without ending, and text, of every pack in the package."""
    root = resources.files("cheqi.rules") / "packs"
    found = []
    for folder in FOLDERS:
        place = root / folder
        if place.is_dir():
            files = sorted(
                (file for file in place.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name
            )
            found += [(file.name.removesuffix(".yaml"), file.read_text(encoding="utf-8")) for file in files]
    return found


def _pack(name: str, source: str) -> Pack:
    pack = parsed(source)
    if not isinstance(pack, Pack):
        raise BrokenBaseline(f"{name}: {'; '.join(map(str, pack))}")
    return pack
