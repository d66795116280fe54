"""Sealing: committed events get their place in the one Merkle tree, and the tree a signed checkpoint.

One sequencer at a time takes what is committed and not yet sealed, whatever its id: an event whose
transaction took long is simply sealed later, never passed over. Writers wait for nobody. The leaf is the
event's commitment; `sequence` is its place, from 0.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cheqi.core.evidence import checkpoint as notes
from cheqi.core.evidence.merkle import leaf_hash
from cheqi.core.evidence.tiles import Tiles, grown
from cheqi.foundation.eventlog.keyring import log_name, signing_key
from cheqi.foundation.eventlog.locks import try_to_hold_the_log
from cheqi.foundation.eventlog.models import Checkpoint, EventRow, Tile
from cheqi.foundation.eventlog.operations.inserting import number
from cheqi.foundation.eventlog.queries import sealed_size
from cheqi.foundation.eventlog.tree import edge_of

MAX_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many events one call sealed, and the tree's size now. `busy`: somebody else is sealing."""

    events: int
    tree_size: int
    busy: bool = False


class LogWasAltered(RuntimeError):
    """The stored tree does not have the root that its last checkpoint signs: run `cheqi evidence verify`."""


def seal(now: datetime, *, limit: int = MAX_AT_ONCE) -> Sealed:
    """Seals up to `limit` events and signs the new root, all in one transaction.

    Raises LogWasAltered rather than sign a tree that differs from what was signed before.
    """
    if not EventRow.objects.filter(sequence__isnull=True).exists():
        return Sealed(0, sealed_size())
    with transaction.atomic():
        if not try_to_hold_the_log():
            return Sealed(0, sealed_size(), busy=True)
        unsealed = EventRow.objects.filter(sequence__isnull=True).order_by("id")
        events = list(unsealed.values_list("id", "commitment")[:limit])
        last = Checkpoint.objects.order_by("-tree_size").first()
        size = last.tree_size if last else 0
        edge = edge_of(size)
        if last and _root(edge, size) != bytes(last.root):
            raise LogWasAltered(f"the tree of {size} does not have the root that was signed")
        tiles = grown(edge, size, [leaf_hash(bytes(commitment)) for _, commitment in events])
        total = size + len(events)
        number([event_id for event_id, _ in events], size)
        Tile.objects.bulk_create(
            [Tile(level=level, index=index, hashes=hashes) for (level, index), hashes in tiles.items()],
            update_conflicts=True,
            unique_fields=["level", "index"],
            update_fields=["hashes"],
        )
        _sign(total, _root(edge | tiles, total), now)
    return Sealed(len(events), total)


def _root(tiles: dict[tuple[int, int], bytes], size: int) -> bytes:
    return Tiles(tiles).root(size)


def _sign(size: int, root: bytes, now: datetime) -> None:
    note = notes.sign(notes.Checkpoint(log_name(), size, root), signing_key())
    Checkpoint.objects.create(tree_size=size, root=root, note=note, sealed_at=now)
