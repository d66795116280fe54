"""Every proof of every small tree, against a tree written as RFC 9162 defines it; and altered ones fail."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheqi.core.evidence.merkle import (
    EMPTY_ROOT,
    answer,
    consistency_ranges,
    fold,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    perfect_nodes,
    root_from_inclusion,
    verify_consistency,
    verify_inclusion,
)
from cheqi.core.evidence.tiles import MissingHash, Tiles, grown, open_tiles, tiles_of

LARGEST = 66
LEAVES = [f"leaf {n}".encode() for n in range(LARGEST)]
HASHES = [leaf_hash(each) for each in LEAVES]

# The eight leaves of Certificate Transparency's reference tests, and the roots after each.
CT_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(hashes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node_hash(by_definition(hashes[:half]), by_definition(hashes[half:]))


def subtree(level: int, index: int) -> bytes:
    return by_definition(HASHES[index << level : (index + 1) << level])


ROOTS = [by_definition(HASHES[:size]) for size in range(LARGEST + 1)]


def test_the_reference_trees_of_certificate_transparency() -> None:
    hashes = [leaf_hash(bytes.fromhex(each)) for each in CT_LEAVES]
    tiles = Tiles(grown({}, 0, hashes))
    assert [tiles.root(size).hex() for size in range(1, 9)] == CT_ROOTS
    assert tiles.root(0) == EMPTY_ROOT


def test_every_root_is_the_fold_of_perfect_subtrees() -> None:
    for size in range(LARGEST + 1):
        assert fold([subtree(*node) for node in perfect_nodes(0, size)]) == ROOTS[size]


def test_every_inclusion_proof_of_every_small_tree() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = answer(inclusion_ranges(index, size), subtree)
            assert verify_inclusion(HASHES[index], index, size, proof, ROOTS[size])
            wrong = (index + 1) % LARGEST
            assert not verify_inclusion(HASHES[wrong], index, size, proof, ROOTS[size])
            assert not verify_inclusion(HASHES[index], index, size, [*proof, bytes(32)], ROOTS[size])
            if proof:
                assert not verify_inclusion(HASHES[index], index, size, proof[:-1], ROOTS[size])
                assert root_from_inclusion(HASHES[index], index ^ 1, size, proof) != ROOTS[size]


def test_every_consistency_proof_of_every_small_tree() -> None:
    for size in range(LARGEST + 1):
        for old in range(size + 1):
            proof = answer(consistency_ranges(old, size), subtree)
            assert verify_consistency(old, size, ROOTS[old], ROOTS[size], proof)
            assert not verify_consistency(old, size, bytes(32), ROOTS[size], proof)
            assert not verify_consistency(old, size, ROOTS[old], bytes(32), proof) or old == 0
            assert not verify_consistency(old, size, ROOTS[old], ROOTS[size], [*proof, bytes(32)])
            if proof:
                assert not verify_consistency(old, size, ROOTS[old], ROOTS[size], proof[:-1])


def test_a_leaf_outside_of_the_tree_and_a_tree_that_shrank_are_refused() -> None:
    with pytest.raises(ValueError, match="no leaf 7"):
        inclusion_ranges(7, 7)
    with pytest.raises(ValueError, match="no beginning"):
        consistency_ranges(8, 7)
    assert root_from_inclusion(HASHES[0], 7, 7, []) is None
    assert not verify_consistency(8, 7, ROOTS[8], ROOTS[7], [])


def grow(sizes: list[int], hashes: list[bytes]) -> dict[tuple[int, int], bytes]:
    """A tree that grew by steps, each from the stored edge of the one before."""
    stored: dict[tuple[int, int], bytes] = {}
    for start, end in pairwise([0, *sizes]):
        edge = {key: stored[key] for key in open_tiles(start)}
        stored |= grown(edge, start, hashes[start:end])
    return stored


def many(count: int) -> list[bytes]:
    return [leaf_hash(n.to_bytes(4, "big")) for n in range(count)]


@given(st.lists(st.integers(0, 900), min_size=1, max_size=6).map(sorted))
def test_a_tree_grown_in_any_steps_has_the_same_tiles_and_the_same_root(sizes: list[int]) -> None:
    hashes = many(sizes[-1])
    stored = grow(sizes, hashes)
    assert Tiles(stored).root(sizes[-1]) == by_definition(hashes)
    assert {key: tile for key, tile in stored.items() if tile} == grown({}, 0, hashes)


def test_proofs_from_tiles_hold_over_two_levels_of_tiles() -> None:
    size = 256 * 256 + 300
    hashes = many(size)
    stored = grown({}, 0, hashes)
    assert sorted({level for level, _ in stored}) == [0, 1, 2]
    root = Tiles(stored).root(size)
    for index in (0, 255, 256, 65_535, 65_536, size - 1):
        ranges = inclusion_ranges(index, size)
        only = Tiles({key: stored[key] for key in tiles_of(ranges)})
        assert verify_inclusion(hashes[index], index, size, answer(ranges, only.node), root)
    for old in (1, 255, 256, 300, 65_536, 65_537, size - 1):
        ranges = consistency_ranges(old, size)
        only = Tiles({key: stored[key] for key in tiles_of(ranges)})
        old_root = Tiles(stored).root(old)
        assert verify_consistency(old, size, old_root, root, answer(ranges, only.node))


def test_a_short_or_missing_edge_is_refused() -> None:
    hashes = many(300)
    with pytest.raises(MissingHash, match="tile 0/1 does not hold 44 hashes"):
        grown({(1, 0): bytes(32)}, 300, hashes[:1])
    with pytest.raises(MissingHash, match="node 0/2"):
        Tiles({(0, 0): bytes(64)}).root(3)
