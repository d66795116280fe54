"""The stored form of the tree: tiles of 256 hashes, as in C2SP tlog-tiles.

Tile `(level, index)` holds the nodes of level 8·level from 256·index on; what lies between two tile levels is
hashed again from them, so 100,000 leaves are 391 tiles, 2 above them and 1 on top, instead of 200,000 rows. A
full tile never changes. `Tiles` answers `node(level, index)` from tiles that somebody fetched:

>>> Tiles({(0, 0): bytes(64)}).node(1, 0) == sha256(b"\\x01" + bytes(64)).digest()
True
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

from cheqi.core.evidence.merkle import Node, Range, fold, perfect_nodes

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32
FULL_BYTES = WIDTH * HASH_BYTES

TileKey = tuple[int, int]


def tile_of(node: Node) -> TileKey:
    """The tile from which a node can be told."""
    level, index = node
    return level // HEIGHT, index >> (HEIGHT - level % HEIGHT)


def tiles_of(ranges: Iterable[Range]) -> set[TileKey]:
    """The tiles that a planned proof needs."""
    return {tile_of(node) for each in ranges for node in each}


def open_tiles(size: int) -> dict[TileKey, int]:
    """The unfinished tiles at the right edge of a tree of `size`, and how many hashes each holds."""
    found = {}
    level, nodes = 0, size
    while nodes:
        if width := nodes & (WIDTH - 1):
            found[level, nodes >> HEIGHT] = width
        level, nodes = level + 1, nodes >> HEIGHT
    return found


class MissingHash(LookupError):
    """A tile that should hold this node is missing or too short."""


class Tiles:
    """Nodes by way of tiles. What lies inside of a tile is hashed once and remembered by its bytes."""

    def __init__(self, tiles: Mapping[TileKey, bytes]) -> None:
        self._tiles = tiles

    def node(self, level: int, index: int) -> bytes:
        """The hash of a perfect subtree. Raises MissingHash."""
        height = level % HEIGHT
        key = (level // HEIGHT, index >> (HEIGHT - height))
        tile = self._tiles.get(key, b"")
        at = (index & ((WIDTH >> height) - 1)) * HASH_BYTES
        found = _rows(tile)[height][at : at + HASH_BYTES]
        if len(found) != HASH_BYTES:
            raise MissingHash(f"tile {key[0]}/{key[1]} does not hold node {level}/{index}")
        return found

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves. Raises MissingHash."""
        return fold([self.node(*each) for each in perfect_nodes(0, size)])


def grown(edge: Mapping[TileKey, bytes], size: int, leaves: Sequence[bytes]) -> dict[TileKey, bytes]:
    """The tiles that change when leaf hashes are added to a tree of `size`, whole.

    `edge` are the tiles at its right edge (`open_tiles(size)`). Raises MissingHash where they do not fit.
    """
    growing = {}
    for key, width in open_tiles(size).items():
        if len(edge.get(key, b"")) != width * HASH_BYTES:
            raise MissingHash(f"tile {key[0]}/{key[1]} does not hold {width} hashes")
        growing[key[0]] = bytearray(edge[key])
    changed: dict[TileKey, bytes] = {}
    touched = set()
    for number, leaf in enumerate(leaves, size):
        level, last = 0, leaf
        while True:
            tile = growing.setdefault(level, bytearray())
            tile += last
            touched.add(level)
            if len(tile) < FULL_BYTES:
                break
            changed[level, number >> HEIGHT * (level + 1)] = bytes(tile)
            last = _above(_rows(bytes(tile))[-1])
            tile.clear()
            level += 1
    total = size + len(leaves)
    for level in touched:
        if growing[level]:
            changed[level, total >> HEIGHT * (level + 1)] = bytes(growing[level])
    return changed


def _above(row: bytes) -> bytes:
    pair = 2 * HASH_BYTES
    whole = len(row) - len(row) % pair
    return b"".join([sha256(b"\x01" + row[at : at + pair]).digest() for at in range(0, whole, pair)])


@lru_cache(maxsize=512)
def _rows(tile: bytes) -> tuple[bytes, ...]:
    """The levels of a tile, from its hashes up to its two halves, each as far as it is complete."""
    rows = [tile]
    while len(rows) < HEIGHT:
        rows.append(_above(rows[-1]))
    return tuple(rows)
