"""A full disk: what was begun is undone, the person is told, and it works once there is room."""

import errno
import io
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from cheqi.adapters.file_store.disk import DiskFileStore
from cheqi.areas.origination.operations.documents import upload
from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.core.base.findings import RefusalKind
from cheqi.foundation.documents.tests.test_receive import noisy
from tests.faults.conftest import Way, everything, refused
from tests.journeys.acts import answers, done
from tests.outside.separate import shared_database

LARGEST_FILE = 300_000


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file grows beyond that many bytes: the operating system refuses, as it does without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_photograph_that_finds_no_room_is_not_kept_and_the_person_is_told(
    way: Way, tmp_path: Path, db: None
) -> None:
    way.send()
    before, customer = everything(), way.world.customer(way.party_id)
    given = {"case_id": way.case_id, "slot": "ID_CARD_FRONT", "actor": customer, "now": way.world.now}
    picture = io.BytesIO()
    noisy().save(picture, "PNG")
    with largest_file(LARGEST_FILE):
        full = refused(upload(io.BytesIO(picture.getvalue()), **given, key="up-1"))
    assert (full.kind, full.findings[0].rule) == (RefusalKind.NOT_NOW, "documents.storage_full")
    assert everything() == before
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert done(upload(io.BytesIO(picture.getvalue()), **given, key="up-1")).state == "RECEIVED"


def test_no_space_left_is_said_in_the_same_words(way: Way, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    way.send()
    customer = way.world.customer(way.party_id)
    given = {"case_id": way.case_id, "slot": "ID_CARD_FRONT", "actor": customer, "now": way.world.now}
    picture = io.BytesIO()
    noisy().save(picture, "PNG")

    def no_space(self: DiskFileStore, *_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", no_space)
    full = refused(upload(io.BytesIO(picture.getvalue()), **given, key="up-1"))
    assert full.findings[0].rule == "documents.storage_full"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_database_without_room_undoes_the_whole_application(way: Way, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be given a full disk of its own")
    branch, manager = way.world.lender.branches["HZ"].pk, way.world.staff("chenjing")
    given = {"actor": manager, "now": way.world.now}
    case_id = done(start(branch_id=branch, mobile="13900000018", **given, key="start-1")).case_id
    done(answer(case_id=case_id, entered=answers(way.world), **given))
    before = everything()
    with shared_database(tmp_path):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with largest_file(10_000), pytest.raises(OperationalError, match=r"full|disk I/O"):
            submit(case_id=case_id, **given, key="submit-1")
        assert everything() == before
        assert done(submit(case_id=case_id, **given, key="submit-1")).case_id == case_id
