"""The stored tree: tiles as rows, read in one statement a proof."""

from collections.abc import Iterable

from django.db import connection

from cheqi.core.evidence.merkle import Range, answer
from cheqi.core.evidence.tiles import TileKey, Tiles, open_tiles, tiles_of

_READ = 'SELECT level, "index", hashes FROM eventlog_tile WHERE (level, "index") IN '


def read_tiles(keys: Iterable[TileKey]) -> dict[TileKey, bytes]:
    """The stored tiles of these keys; a missing one is left out."""
    wanted = [number for key in keys for number in key]
    if not wanted:
        return {}
    places = ", ".join(["(%s, %s)"] * (len(wanted) // 2))
    with connection.cursor() as cursor:
        cursor.execute(_READ + f"(VALUES {places})", wanted)
        return {(level, index): bytes(hashes) for level, index, hashes in cursor.fetchall()}


def edge_of(size: int) -> dict[TileKey, bytes]:
    """The unfinished tiles of a tree of `size`, cut to that size where it has grown since."""
    keys = open_tiles(size)
    return {key: tile[: keys[key] * 32] for key, tile in read_tiles(keys).items()}


def root_of(size: int) -> bytes:
    """The root of the first `size` leaves, from the stored tiles. Raises MissingHash."""
    return Tiles(edge_of(size)).root(size)


class Prover:
    """Answers planned proofs from the stored tiles; keeps what it read, so many proofs share their tiles."""

    def __init__(self) -> None:
        self._read: dict[TileKey, bytes] = {}

    def prove(self, ranges: list[Range]) -> list[bytes]:
        """The hashes of a planned proof. Raises MissingHash."""
        if missing := tiles_of(ranges) - self._read.keys():
            self._read |= read_tiles(missing)
        return answer(ranges, Tiles(self._read).node)
