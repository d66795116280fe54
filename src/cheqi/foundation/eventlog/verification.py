"""Checking the whole log against itself, its key and, where given, what outsiders remember of it.

Three comparisons, so that a difference is named where it is. The stored leaves make the stored tree, and at
each size that a checkpoint signs the signed root. Each event's content makes its commitment and its leaf.
Each case's events follow each other. A log that was rewritten as a whole, signatures included, agrees with
itself; only a checkpoint that was given away before (`remembered`) shows that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cheqi.core.events.evidence import PersonErased
from cheqi.core.evidence import checkpoint as notes
from cheqi.core.evidence.canonical import NotCanonical
from cheqi.core.evidence.commitment import commit_json
from cheqi.core.evidence.merkle import leaf_hash
from cheqi.core.evidence.tiles import HASH_BYTES, WIDTH, TileKey, Tiles, grown, open_tiles
from cheqi.foundation.eventlog.logged import record_of
from cheqi.foundation.eventlog.models import Checkpoint, Cursor, EventRow, PersonalPart, PersonKey, Tile
from cheqi.foundation.eventlog.queries import sealed_size
from cheqi.foundation.eventlog.reading import opened
from cheqi.foundation.privacy.box import UnableToUnseal

BATCH = 2_000
MAX_DIFFERENCES = 200

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree: where, and what."""

    where: str
    what: str


@dataclass(slots=True)
class Verification:
    """What was checked, and what differs (the first 200). `unsealed` events are not in the tree yet."""

    events: int = 0
    unsealed: int = 0
    tree_size: int = 0
    checkpoints: int = 0
    differences: list[Difference] = field(default_factory=list)

    def note(self, where: str, what: str) -> None:
        """Adds a difference."""
        if len(self.differences) < MAX_DIFFERENCES:
            self.differences.append(Difference(where, what))


def verify_everything(
    key: Ed25519PublicKey,
    origin: str,
    *,
    remembered: tuple[str, ...] = (),
    progress: Progress = lambda done, total: None,
) -> Verification:
    """Recomputes commitments, chains, tree and roots, and checks every signature against `key`.

    `remembered` are checkpoint notes kept outside (by a witness, in a bundle): each must be signed by the
    log and have the root that the tree has at its size.
    """
    found = Verification()
    signed = _signed(found, key, origin, remembered)
    leaves = _stored_leaves(found)
    _check_tree(found, leaves, signed)
    _check_signed_to_the_end(found, len(leaves))
    _check_chains(found)
    _check_erasures(found)
    _check_events(found, leaves, progress)
    return found


def _signed(
    found: Verification, key: Ed25519PublicKey, origin: str, remembered: tuple[str, ...]
) -> dict[int, list[tuple[str, bytes]]]:
    """The roots that signatures stand for, by tree size, each with the name of its checkpoint."""
    signed: dict[int, list[tuple[str, bytes]]] = {}
    rows = list(Checkpoint.objects.order_by("tree_size"))
    given = [(f"checkpoint {row.tree_size}", row.note, row) for row in rows]
    outside = [(f"remembered checkpoint {n}", note, None) for n, note in enumerate(remembered, 1)]
    for name, note, row in [*given, *outside]:
        found.checkpoints += 1
        try:
            read = notes.read(note, key, origin=origin)
        except notes.NotACheckpoint as problem:
            found.note(name, f"检查点不成立：{problem} · does not hold")
            continue
        if row is not None and (row.tree_size, bytes(row.root)) != (read.size, read.root):
            found.note(name, "签名的大小或根与行不符 · the row is not what its note signs")
        signed.setdefault(read.size, []).append((name, read.root))
    return signed


def _check_signed_to_the_end(found: Verification, size: int) -> None:
    """Every leaf was signed when it was sealed, and no subscriber has read leaves that are gone."""
    last = sealed_size()
    if last < size:
        unsigned = f"第 {last} 条起没有检查点签名 · no checkpoint signs the leaves from {last} on"
        found.note(f"sequence {last}–{size - 1}", unsigned)
    for cursor in Cursor.objects.filter(next_sequence__gt=size).order_by("name"):
        read = f"已读到第 {cursor.next_sequence} 条，树只有 {size} 条 · it has read more than is there"
        found.note(f"subscriber {cursor.name}", read)


def _check_erasures(found: Verification) -> None:
    """A person's key is gone only where an event says who erased it and why."""
    told = set(
        EventRow.objects.filter(type=PersonErased.TYPE).values_list("payload__erased_party_id", flat=True)
    )
    for party_id in PersonKey.objects.filter(erased_at__isnull=False).values_list("pk", flat=True):
        if party_id not in told:
            found.note(f"person {party_id}", "密钥被销毁而没有记录 · the key is gone and no event says so")


def _check_chains(found: Verification) -> None:
    """Each case's events count from 1 without a gap, and each repeats the commitment before it."""
    case_id, position, commitment = None, 0, None
    rows = EventRow.objects.filter(case_id__isnull=False).order_by("case_id", "position")
    for row in rows.only("case_id", "position", "previous", "commitment").iterator(BATCH):
        if row.case_id != case_id:
            case_id, position, commitment = row.case_id, 0, None
        if row.position != position + 1:
            missing = f"第 {position + 1} 个事件缺失 · event {position + 1} is missing"
            found.note(f"case {row.case_id}", missing)
        elif (None if row.previous is None else bytes(row.previous)) != commitment:
            found.note(_name(row), "与前一事件不衔接 · it does not repeat the commitment before it")
        position, commitment = row.position or 0, bytes(row.commitment)


def _stored_leaves(found: Verification) -> list[bytes]:
    """The leaf hashes in order, as far as their tiles are whole."""
    leaves: list[bytes] = []
    tiles = Tile.objects.filter(level=0).order_by("index").values_list("index", "hashes")
    for index, hashes in tiles.iterator(BATCH):
        if index * WIDTH != len(leaves):
            found.note(f"tile 0/{index}", "前面的叶子缺失 · leaves before it are missing")
            break
        tile = bytes(hashes)
        leaves += [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]
    found.tree_size = len(leaves)
    return leaves


def _check_tree(found: Verification, leaves: list[bytes], signed: dict[int, list[tuple[str, bytes]]]) -> None:
    """The leaves make the signed roots and the stored tiles."""
    built: dict[TileKey, bytes] = {}
    size, good = 0, 0
    for stop in [*sorted(at for at in signed if at <= len(leaves)), len(leaves)]:
        edge = {key: built[key] for key in open_tiles(size)}
        built |= grown(edge, size, leaves[size:stop])
        size = stop
        wrong = [name for name, root in signed.get(stop, []) if Tiles(built).root(stop) != root]
        for name in wrong:
            found.note(
                name,
                f"第 {good}–{stop - 1} 条之间与签名不符 · leaves {good} to {stop - 1} are not what it signs",
            )
        if wrong:
            break
        good = stop
    else:
        _check_tiles(found, built)
    for at in sorted(each for each in signed if each > len(leaves)):
        lost = at - len(leaves)
        for name, _ in signed[at]:
            found.note(name, f"签名时有 {at} 条，现缺 {lost} 条 · it signs {at} leaves, {lost} are missing")


def _check_events(found: Verification, leaves: list[bytes], progress: Progress) -> None:
    """Each event's content makes its commitment and its leaf; no leaf is without its event."""
    total, expected = EventRow.objects.count(), 0
    for rows in _batches():
        for row in rows:
            found.events += 1
            leaf = _leaf_of(found, row)
            if row.sequence is None:
                found.unsealed += 1
                continue
            if row.sequence > expected:
                _note_missing(found, expected, row.sequence)
            expected = row.sequence + 1
            if row.sequence >= len(leaves):
                found.note(_name(row), "不在树中 · it is not in the tree")
            elif leaf is not None and leaf_hash(leaf) != leaves[row.sequence]:
                found.note(_name(row), "与树中的叶子不符 · it is not the leaf of the tree")
        _check_parts(found, rows)
        progress(found.events, total)
    if expected < len(leaves):
        _note_missing(found, expected, len(leaves))


def _note_missing(found: Verification, start: int, end: int) -> None:
    places = str(start) if end == start + 1 else f"{start}–{end - 1}"
    found.note(f"sequence {places}", "事件行缺失 · the rows of these events are missing")


def _leaf_of(found: Verification, row: EventRow) -> bytes | None:
    """The commitment that the row's content makes now; None and a note when it is not the row's own."""
    try:
        commitment = commit_json(record_of(row), bytes(row.salt))
    except (NotCanonical, ValueError) as problem:
        found.note(_name(row), f"内容无法读取 · it does not read: {problem}")
        return None
    if commitment != bytes(row.commitment):
        found.note(_name(row), "内容与承诺不符 · the content is not what was committed to")
        return None
    return commitment


def _check_parts(found: Verification, rows: list[EventRow]) -> None:
    """Personal parts open to what was committed to, unless their person was erased."""
    about = {row.pk: row for row in rows if row.personal_commitment is not None}
    there = set(PersonalPart.objects.filter(event_id__in=about).values_list("event_id", flat=True))
    for event_id in sorted(about.keys() - there):
        found.note(_name(about[event_id]), "个人信息行缺失 · the row of its personal parts is missing")
    try:
        parts = opened(rows)
    except UnableToUnseal as problem:
        found.note("personal parts", f"无法打开 · they do not open: {problem}")
        return
    for event_id, part in parts.items():
        if commit_json(part.values, part.salt) != bytes(about[event_id].personal_commitment or b""):
            found.note(_name(about[event_id]), "个人信息与承诺不符 · its personal parts differ")


def _check_tiles(found: Verification, built: dict[TileKey, bytes]) -> None:
    """The stored tiles are those of the events."""
    stored = set()
    for level, index, hashes in Tile.objects.values_list("level", "index", "hashes").iterator(BATCH):
        stored.add((level, index))
        if built.get((level, index)) != bytes(hashes):
            found.note(f"tile {level}/{index}", "与事件算出的不符 · it is not what the events make")
    for level, index in sorted(built.keys() - stored):
        found.note(f"tile {level}/{index}", "缺失 · it is missing")


def _batches() -> Iterator[list[EventRow]]:
    """Sealed events in the order of the tree, then the others."""
    for rows in (
        EventRow.objects.filter(sequence__isnull=False).order_by("sequence"),
        EventRow.objects.filter(sequence__isnull=True).order_by("id"),
    ):
        events = rows.iterator(BATCH)
        while batch := list(islice(events, BATCH)):
            yield batch


def _name(row: EventRow) -> str:
    return f"event {row.pk} (case {row.case_id}, sequence {row.sequence})"
