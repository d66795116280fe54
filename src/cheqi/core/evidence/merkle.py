"""The Merkle tree of RFC 9162: which hashes prove that a leaf is in a tree, and that a tree only grew.

The root of n leaves splits at the largest power of two below n; a leaf is hashed with a 0 byte in front,
a node with a 1 byte. Every root is thus the fold of perfect subtrees, whose roots never change once their
leaves are there. A *node* is such a subtree: `(level, index)` covers leaves `index·2^level` up to
`(index+1)·2^level`. A proof is a list of ranges, each folded from one or more nodes:

>>> inclusion_ranges(2, 7)                       # leaf 2 of 7: its sibling, the pair before, the rest
[((0, 3),), ((1, 0),), ((1, 2), (0, 6))]

so proofs are planned here without any storage, and answered by whoever keeps the nodes.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Node = tuple[int, int]
Range = tuple[Node, ...]

EMPTY_ROOT = hashlib.sha256(b"").digest()
_sha256 = hashlib.sha256


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of a 0 byte and the leaf (RFC 9162, 2.1.1)."""
    return _sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of a 1 byte and both children (RFC 9162, 2.1.1)."""
    return _sha256(b"\x01" + left + right).digest()


def perfect_nodes(start: int, end: int) -> Range:
    """The perfect subtrees, left to right, that leaves `start` up to `end` consist of.

    `start` must be where such a range of a tree can begin: 0, or a multiple of a power of two not below
    the range's length.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return tuple(nodes)


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root of perfect subtrees from left to right, of falling size; of none, the empty tree's."""
    if not hashes:
        return EMPTY_ROOT
    *rest, root = hashes
    for left in reversed(rest):
        root = node_hash(left, root)
    return root


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """What proves that leaf `index` is in the tree of `size` leaves, bottom up (RFC 9162, 2.1.3.1).

    Raises ValueError where there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(perfect_nodes(middle, end))
            end = middle
        else:
            path.append(perfect_nodes(start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """What proves that the tree of `size` leaves begins with the tree of `old` (RFC 9162, 2.1.4.1).

    Raises ValueError where `old` is not between 0 and `size`.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} is no beginning of one of {size}")
    if old in (0, size):
        return []
    path = []
    start, end, whole = 0, size, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(perfect_nodes(middle, end))
            end = middle
        else:
            path.append(perfect_nodes(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(perfect_nodes(start, end))
    return path[::-1]


def answer(ranges: Iterable[Range], node: Callable[[int, int], bytes]) -> list[bytes]:
    """The hashes of a planned proof; `node(level, index)` gives the stored ones."""
    return [fold([node(level, index) for level, index in each]) for each in ranges]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof for a leaf hash leads to; None where its length is wrong (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    position, last, root = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return None
        if position & 1 or position == last:
            root = node_hash(each, root)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            root = node_hash(root, each)
        position, last = position >> 1, last >> 1
    return root if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the leaf hash stands at `index` in the tree with this root."""
    return root_from_inclusion(leaf, index, size, proof) == root


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `size` begins with the tree of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    return _climb(old, size, hashes) == (old_root, root)


def _climb(old: int, size: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that a consistency proof leads to; None where its length is wrong."""
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    from_old = from_new = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            from_old, from_new = node_hash(each, from_old), node_hash(each, from_new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            from_new = node_hash(from_new, each)
        position, last = position >> 1, last >> 1
    return (from_old, from_new) if last == 0 else None


def _split(length: int) -> int:
    return 1 << ((length - 1).bit_length() - 1)
