"""The stored tree: tiles as rows, read in one statement a proof."""

from collections.abc import Iterable

from django.db.models import Q

from cheqi.core.evidence.merkle import Range, answer
from cheqi.core.evidence.tiles import TileKey, Tiles, open_tiles, tiles_of
from cheqi.foundation.eventlog.models import Tile


def read_tiles(keys: Iterable[TileKey]) -> dict[TileKey, bytes]:
    """The stored tiles of these keys; a missing one is left out."""
    by_level: dict[int, list[int]] = {}
    for level, index in keys:
        by_level.setdefault(level, []).append(index)
    if not by_level:
        return {}
    wanted = Q()
    for level, indexes in by_level.items():
        wanted |= Q(level=level, index__in=indexes)
    rows = Tile.objects.filter(wanted).values_list("level", "index", "hashes")
    return {(level, index): bytes(hashes) for level, index, hashes in rows}


def edge_of(size: int) -> dict[TileKey, bytes]:
    """The unfinished tiles of a tree of `size`, cut to that size where it has grown since."""
    keys = open_tiles(size)
    return {key: tile[: keys[key] * 32] for key, tile in read_tiles(keys).items()}


def root_of(size: int) -> bytes:
    """The root of the first `size` leaves, from the stored tiles. Raises MissingHash."""
    return Tiles(edge_of(size)).root(size)


def prove(ranges: list[Range]) -> list[bytes]:
    """The hashes of a planned proof, from the stored tiles. Raises MissingHash."""
    return answer(ranges, Tiles(read_tiles(tiles_of(ranges))).node)
