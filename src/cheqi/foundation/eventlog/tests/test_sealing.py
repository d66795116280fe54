"""Committed events get their place in the tree, late ones too, and what was signed can be proved."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from cheqi.core.base.actors import SYSTEM
from cheqi.core.evidence import checkpoint as notes
from cheqi.core.evidence.merkle import leaf_hash, verify_consistency, verify_inclusion
from cheqi.foundation.eventlog.keyring import log_name, signing_key
from cheqi.foundation.eventlog.models import Checkpoint, EventRow, Tile
from cheqi.foundation.eventlog.operations import LogWasAltered, Sealed, record, seal
from cheqi.foundation.eventlog.queries import (
    consistency_proof,
    inclusion_proof,
    inclusion_proofs,
    latest_checkpoint,
)
from cheqi.foundation.eventlog.tests.examples import DoorOpened
from cheqi.foundation.eventlog.tests.scenarios import NOW, a_sealed_log, log_doors


@pytest.mark.django_db
def test_events_are_numbered_without_gaps_and_only_once() -> None:
    log_doors(5)
    assert seal(NOW) == Sealed(5, 5)
    log_doors(2)
    assert seal(NOW) == Sealed(2, 7)
    assert seal(NOW) == Sealed(0, 7)
    assert list(EventRow.objects.order_by("id").values_list("sequence", flat=True)) == list(range(7))
    assert list(Checkpoint.objects.order_by("id").values_list("tree_size", flat=True)) == [5, 7]


@pytest.mark.django_db
def test_a_batch_is_limited_and_the_rest_comes_next() -> None:
    log_doors(5)
    assert [seal(NOW, limit=3), seal(NOW, limit=3)] == [Sealed(3, 3), Sealed(2, 5)]


@pytest.mark.django_db
def test_an_event_that_commits_late_with_a_lower_id_is_sealed_next() -> None:
    log_doors(3)
    late = EventRow.objects.order_by("id")[0]
    EventRow.objects.filter(pk=late.pk).delete()
    assert seal(NOW) == Sealed(2, 2)
    late.save(force_insert=True)
    assert seal(NOW) == Sealed(1, 3)
    late.refresh_from_db()
    assert late.sequence == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_takes_long_holds_up_neither_writers_nor_the_sealing() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: there is no late commit")
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(DoorOpened(door=1), actor=SYSTEM, now=NOW, case_id=1)
            written.set()
            may_commit.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    with transaction.atomic():
        record(DoorOpened(door=2), actor=SYSTEM, now=NOW, case_id=2)
    assert seal(NOW) == Sealed(1, 1)
    may_commit.set()
    thread.join()
    assert seal(NOW) == Sealed(1, 2)
    assert list(EventRow.objects.order_by("sequence").values_list("case_id", flat=True)) == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_case_take_turns() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: they take turns anyway")

    def write() -> None:
        for door in range(10):
            with transaction.atomic():
                record(DoorOpened(door=door), actor=SYSTEM, now=NOW, case_id=1)
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    rows = list(EventRow.objects.order_by("position"))
    assert [row.position for row in rows] == list(range(1, 41))
    assert [row.previous for row in rows] == [None, *(row.commitment for row in rows[:-1])]


@pytest.mark.django_db
def test_the_checkpoint_signs_the_root_of_all_leaves() -> None:
    a_sealed_log()
    last = latest_checkpoint()
    assert last is not None
    signed = notes.read(last.note, signing_key().public_key(), origin=log_name())
    assert (signed.size, signed.root, last.sealed_at) == (20, bytes(last.root), NOW)


@pytest.mark.django_db
def test_every_event_and_every_earlier_checkpoint_can_be_proved() -> None:
    a_sealed_log()
    last = latest_checkpoint()
    assert last is not None
    root = bytes(last.root)
    for row in EventRow.objects.all():
        assert row.sequence is not None
        proof = inclusion_proof(row.sequence, 20)
        leaf = leaf_hash(bytes(row.commitment))
        assert verify_inclusion(leaf, row.sequence, 20, proof.hashes, root)
    for old in Checkpoint.objects.all():
        hashes = consistency_proof(old.tree_size, 20)
        assert verify_consistency(old.tree_size, 20, bytes(old.root), root, hashes)


@pytest.mark.django_db
def test_a_tree_that_was_changed_is_not_signed_again_and_nothing_is_sealed() -> None:
    a_sealed_log()
    tile = Tile.objects.get(level=0, index=0)
    Tile.objects.filter(pk=tile.pk).update(hashes=bytes(32) + bytes(tile.hashes)[32:])
    log_doors(1)
    with pytest.raises(LogWasAltered), transaction.atomic():
        seal(NOW + timedelta(seconds=1))
    assert EventRow.objects.filter(sequence__isnull=True).count() == 1
    assert Checkpoint.objects.count() == 3


@pytest.mark.django_db
def test_a_proof_takes_one_statement(django_assert_num_queries: object) -> None:
    log_doors(700)
    seal(NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        inclusion_proof(300, 700)
    with django_assert_num_queries(1):  # type: ignore[operator]
        consistency_proof(300, 700)


@pytest.mark.django_db
def test_the_proofs_of_many_events_take_one_statement_too(django_assert_num_queries: object) -> None:
    log_doors(700)
    seal(NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        proofs = inclusion_proofs([3, 300, 699], 700)
    assert proofs == [inclusion_proof(each, 700) for each in (3, 300, 699)]


@pytest.mark.django_db
def test_a_proof_of_what_is_not_in_the_tree_is_refused() -> None:
    a_sealed_log()
    with pytest.raises(ValueError, match="no leaf 20"):
        inclusion_proof(20, 20)
