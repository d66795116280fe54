"""Whatever is changed in the log's rows is found, and named where it is."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cheqi.core.base.actors import SYSTEM
from cheqi.core.evidence import checkpoint as notes
from cheqi.core.evidence.commitment import commit_json
from cheqi.core.evidence.merkle import leaf_hash
from cheqi.core.evidence.tiles import Tiles, grown
from cheqi.foundation.eventlog.keyring import log_name, signing_key
from cheqi.foundation.eventlog.logged import record_of
from cheqi.foundation.eventlog.models import Checkpoint, Cursor, EventRow, PersonalPart, PersonKey, Tile
from cheqi.foundation.eventlog.operations import erase_person, seal
from cheqi.foundation.eventlog.tests.scenarios import NOW, a_sealed_log, log_doors
from cheqi.foundation.eventlog.verification import Verification, verify_everything

pytestmark = pytest.mark.django_db


def verified(*remembered: str) -> Verification:
    return verify_everything(signing_key().public_key(), log_name(), remembered=remembered)


def told(found: Verification) -> list[tuple[str, str]]:
    return [(each.where, each.what.rpartition(" · ")[2]) for each in found.differences]


def at(sequence: int) -> EventRow:
    return EventRow.objects.get(sequence=sequence)


def name(sequence: int) -> str:
    row = at(sequence)
    return f"event {row.pk} (case {row.case_id}, sequence {sequence})"


def change(row: EventRow, **values: object) -> None:
    EventRow.objects.filter(pk=row.pk).update(**values)


def recommit(row: EventRow) -> bytes:
    """What somebody writes who knows how the log is made: a commitment that fits the changed row."""
    row.refresh_from_db()
    commitment = commit_json(record_of(row), bytes(row.salt))
    change(row, commitment=commitment)
    return commitment


def test_an_untouched_log_agrees() -> None:
    a_sealed_log()
    log_doors(2)
    seen: list[tuple[int, int]] = []
    found = verify_everything(
        signing_key().public_key(), log_name(), progress=lambda done, total: seen.append((done, total))
    )
    assert told(found) == []
    assert (found.events, found.unsealed, found.tree_size, found.checkpoints) == (22, 2, 20, 3)
    assert seen[-1] == (22, 22)


def test_an_empty_log_agrees() -> None:
    assert verified() == Verification()


def test_an_erased_person_is_no_difference() -> None:
    a_sealed_log()
    erase_person(77, actor=SYSTEM, now=NOW, reason="本人要求")
    assert told(verified()) == []


@pytest.mark.parametrize(
    "values",
    [
        {"payload": {"door": 99}},
        {"actor_id": "13"},
        {"actor_name": "何平"},
        {"acting_for": "13"},
        {"occurred_at": NOW.replace(year=2025)},
        {"recorded_at": NOW.replace(year=2025)},
        {"type": "example.guest_named"},
        {"party_id": 5},
        {"subject": "door:1"},
        {"backfilled": True},
        {"personal_commitment": bytes(32)},
        {"salt": bytes(32)},
        {"commitment": bytes(32)},
    ],
)
def test_a_change_of_any_column_is_found_at_its_row(values: dict[str, object]) -> None:
    a_sealed_log()
    change(at(4), **values)
    assert (name(4), "the content is not what was committed to") in told(verified())


def test_a_changed_row_with_a_fitting_commitment_is_found_by_the_chain_and_the_tree() -> None:
    a_sealed_log()
    row = at(1)
    change(row, payload={"door": 99})
    recommit(row)
    assert told(verified()) == [
        (name(4), "it does not repeat the commitment before it"),
        (name(1), "it is not the leaf of the tree"),
    ]


def test_a_changed_row_with_fitting_tiles_is_found_by_the_signed_root() -> None:
    a_sealed_log()
    row = EventRow.objects.get(sequence=19)
    change(row, payload={"door": 99})
    leaf = leaf_hash(recommit(row))
    tile = Tile.objects.get(level=0, index=0)
    Tile.objects.update(hashes=bytes(tile.hashes)[: 19 * 32] + leaf)
    assert told(verified()) == [("checkpoint 20", "leaves 16 to 19 are not what it signs")]


def test_a_deleted_row_is_found_where_it_was() -> None:
    a_sealed_log()
    row, after = at(4), name(7)
    EventRow.objects.filter(pk=row.pk).delete()
    assert told(verified()) == [
        ("case 2", "event 2 is missing"),
        ("sequence 4", "the rows of these events are missing"),
    ]
    assert after


def test_an_inserted_row_is_found_by_its_place() -> None:
    a_sealed_log()
    row = at(19)
    row.pk, row.sequence, row.position = None, 20, (row.position or 0) + 1
    row.previous = at(19).commitment
    row.save(force_insert=True)
    recommit(row)
    assert told(verified()) == [(name(20), "it is not in the tree")]


def test_a_row_pushed_into_a_case_is_found_by_the_chain() -> None:
    a_sealed_log()
    last = EventRow.objects.filter(case_id=1).order_by("-position")[0]
    change(last, position=(last.position or 0) + 1)
    assert ("case 1", f"event {last.position} is missing") in told(verified())


def test_a_cut_tail_is_found_by_what_was_signed() -> None:
    a_sealed_log()
    EventRow.objects.filter(sequence__gte=16, personal_commitment__isnull=True).delete()
    PersonalPart.objects.filter(event__sequence__gte=16).delete()
    EventRow.objects.filter(sequence__gte=16).delete()
    assert told(verified()) == [("sequence 16–19", "the rows of these events are missing")]
    tile = Tile.objects.get(level=0, index=0)
    Tile.objects.update(hashes=bytes(tile.hashes)[: 16 * 32])
    assert told(verified()) == [("checkpoint 20", "it signs 20 leaves, 4 are missing")]


def test_a_tail_cut_with_its_checkpoint_is_found_by_whoever_kept_one() -> None:
    a_sealed_log()
    kept = Checkpoint.objects.get(tree_size=20).note
    Checkpoint.objects.filter(tree_size=20).delete()
    PersonalPart.objects.filter(event__sequence__gte=16).delete()
    EventRow.objects.filter(sequence__gte=16).delete()
    Tile.objects.update(hashes=bytes(Tile.objects.get().hashes)[: 16 * 32])
    assert told(verified()) == []
    assert told(verified(kept)) == [("remembered checkpoint 1", "it signs 20 leaves, 4 are missing")]


def test_leaves_that_no_checkpoint_signs_are_found() -> None:
    a_sealed_log()
    Checkpoint.objects.filter(tree_size=20).delete()
    assert told(verified()) == [("sequence 16–19", "no checkpoint signs the leaves from 16 on")]
    Checkpoint.objects.all().delete()
    assert told(verified()) == [("sequence 0–19", "no checkpoint signs the leaves from 0 on")]


def test_a_tail_cut_with_its_checkpoint_is_found_by_whoever_has_read_it() -> None:
    a_sealed_log()
    Cursor.objects.create(name="tracker", next_sequence=21)
    assert told(verified()) == [("subscriber tracker", "it has read more than is there")]


def test_a_key_that_was_destroyed_without_an_event_is_found() -> None:
    a_sealed_log()
    PersonKey.objects.filter(pk=77).update(wrapped=b"", erased_at=NOW)
    assert told(verified()) == [("person 77", "the key is gone and no event says so")]


def test_a_forked_view_is_found_by_whoever_kept_the_other_one() -> None:
    a_sealed_log()
    kept = Checkpoint.objects.get(tree_size=20).note
    row = at(19)
    change(row, payload={"door": 99})
    leaf = leaf_hash(recommit(row))
    Tile.objects.update(hashes=bytes(Tile.objects.get().hashes)[: 19 * 32] + leaf)
    hashes = bytes(Tile.objects.get().hashes)
    root = Tiles(grown({}, 0, [hashes[n : n + 32] for n in range(0, 640, 32)])).root(20)
    forged = notes.sign(notes.Checkpoint(log_name(), 20, root), signing_key())
    Checkpoint.objects.filter(tree_size=20).update(root=root, note=forged)
    assert told(verified()) == []
    assert told(verified(kept)) == [("remembered checkpoint 1", "leaves 16 to 19 are not what it signs")]


def test_another_key_signs_nothing_here() -> None:
    a_sealed_log()
    found = verify_everything(Ed25519PrivateKey.generate().public_key(), log_name())
    assert told(found) == [(f"checkpoint {size}", "does not hold") for size in (10, 16, 20)]


def test_a_checkpoint_row_that_is_not_its_note_is_found() -> None:
    a_sealed_log()
    Checkpoint.objects.filter(tree_size=16).update(root=bytes(32))
    assert told(verified()) == [("checkpoint 16", "the row is not what its note signs")]


def test_a_changed_or_missing_tile_is_found() -> None:
    log_doors(300)
    seal(NOW)
    Tile.objects.filter(level=1, index=0).update(hashes=bytes(32))
    assert told(verified()) == [("tile 1/0", "it is not what the events make")]
    Tile.objects.filter(level=1, index=0).delete()
    assert told(verified()) == [("tile 1/0", "it is missing")]
    Tile.objects.filter(level=0, index=0).delete()
    assert ("tile 0/1", "leaves before it are missing") in told(verified())


def swap_parts() -> None:
    first, second = PersonalPart.objects.order_by("event_id")
    PersonalPart.objects.filter(pk=first.pk).update(sealed=second.sealed)


def drop_parts() -> None:
    PersonalPart.objects.order_by("event_id")[0].delete()


@pytest.mark.parametrize(
    ("alter", "what"),
    [
        (swap_parts, "the personal parts were changed or moved"),
        (drop_parts, "the row of its personal parts is missing"),
    ],
)
def test_changed_personal_parts_are_found(alter: Callable[[], None], what: str) -> None:
    a_sealed_log()
    alter()
    (difference,) = verified().differences
    assert what in difference.what
