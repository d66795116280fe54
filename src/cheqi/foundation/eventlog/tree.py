"""The stored tree: tiles as rows, read in one statement a proof."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from cheqi.core.evidence.merkle import Range, answer
from cheqi.core.evidence.tiles import TileKey, Tiles, open_tiles, tiles_of
from cheqi.foundation.prepared import cursor as prepared_cursor

_READ = 'SELECT level, "index", hashes FROM eventlog_tile WHERE (level, "index") IN '
_READ_ARRAYS = f"{_READ}(SELECT * FROM unnest(%s::integer[], %s::bigint[]))"  # noqa: S608 - our own text


def read_tiles(keys: Iterable[TileKey]) -> dict[TileKey, bytes]:
    """The stored tiles of these keys; a missing one is left out.

    PostgreSQL takes them as arrays, so that one prepared statement serves any number.
    """
    wanted = list(keys)
    if not wanted:
        return {}
    values: list[Any] = [number for key in wanted for number in key]
    sql = _READ + f"(VALUES {', '.join(['(%s, %s)'] * len(wanted))})"
    if connection.vendor == "postgresql":
        sql, values = _READ_ARRAYS, [list(column) for column in zip(*wanted, strict=True)]
    with prepared_cursor() as cursor:
        cursor.execute(sql, values)
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

    def get_ready(self, ranges: Iterable[Range]) -> None:
        """Reads what these parts of proofs need and is not there yet: one statement for all of them."""
        if missing := tiles_of(ranges) - self._read.keys():
            self._read |= read_tiles(missing)

    def prove(self, ranges: list[Range]) -> list[bytes]:
        """The hashes of a planned proof. Raises MissingHash."""
        self.get_ready(ranges)
        return answer(ranges, Tiles(self._read).node)
