"""Files that cannot be what was asked for: refused with a sentence, nothing kept, the case as it was."""

import io
import struct
import zlib
from pathlib import Path

import pytest

from cheqi.areas.origination.operations.documents import upload
from cheqi.areas.origination.operations.drafting import answer, start
from cheqi.areas.origination.operations.submitting import submit
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.demo.drawing.facts import some_facts
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.tests import files
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.workflow.models import Case
from tests.faults.conftest import Way, everything, refused
from tests.journeys.acts import FACTS, answers, done

pytestmark = pytest.mark.django_db
SIDE = 30_000
MEBIBYTE = 1024 * 1024


def a_real_png(side: int) -> bytes:
    """A PNG that has all of its pixels, one bit each: small to send, gigabytes when it is opened."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer, row = zlib.compressobj(1), bytes(1 + (side + 7) // 8)
    pixels = b"".join([packer.compress(row * 100) for _ in range(side // 100)]) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def kept_files(folder: Path) -> list[Path]:
    """Everything that lies in the store."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_bad_file_is_refused_with_what_to_do_and_the_case_stays_as_it_was(
    way: Way, tmp_path: Path
) -> None:
    way.send()
    before, endless = everything(), files.Endless(200 * MEBIBYTE)
    bad: dict[str, tuple[files.Endless | io.BytesIO, str]] = {
        "a text file called .jpg": (io.BytesIO("姓名：王小雨\n".encode()), "documents.not_a_picture"),
        "a truncated jpeg": (io.BytesIO(files.jpeg()[:-6000]), "documents.damaged"),
        "30,000 x 30,000 pixels": (io.BytesIO(a_real_png(SIDE)), "documents.too_many_pixels"),
        "200 MB": (endless, "documents.too_large"),
        "a pdf with a script": (io.BytesIO(files.pdf(script=True)), "documents.pdf_script"),
        "an svg": (io.BytesIO(b"<svg xmlns='x'><script>1</script></svg>"), "documents.svg"),
        "an empty file": (io.BytesIO(b""), "documents.empty"),
    }
    customer = way.world.customer(way.party_id)
    for name, (file, rule) in bad.items():
        given = {"case_id": way.case_id, "slot": "ID_CARD_FRONT", "actor": customer, "now": way.world.now}
        answer = refused(upload(file, **given, key=name))
        assert (answer.kind, [each.rule for each in answer.findings]) == (RefusalKind.INVALID, [rule]), name
    assert everything() == before
    assert kept_files(tmp_path / "files") == []
    assert endless.given < 30 * MEBIBYTE


def test_the_same_photograph_twice_is_one_document(way: Way) -> None:
    way.send()
    picture, customer = way.told.drawn("ID_CARD_FRONT", FACTS), way.world.customer(way.party_id)
    given = {"case_id": way.case_id, "slot": "ID_CARD_FRONT", "actor": customer, "now": way.world.now}
    first = done(upload(io.BytesIO(picture), **given, key="k1"))
    events = EventRow.objects.count()
    second = done(upload(io.BytesIO(picture), **given, key="k2"))
    assert first.pk == second.pk
    assert (Document.objects.count(), EventRow.objects.count()) == (1, events)


def test_the_same_photograph_under_two_people_is_taken_and_a_clerk_is_told(way: Way) -> None:
    way.send()
    picture, other = way.told.drawn("ID_CARD_FRONT", FACTS), somebody_else(way)
    for case_id, party_id in ((way.case_id, way.party_id), other):
        customer = way.world.customer(party_id)
        given = {"case_id": case_id, "slot": "ID_CARD_FRONT", "actor": customer, "now": way.world.now}
        document = done(upload(io.BytesIO(picture), **given, key=f"up-{case_id}"))
    assert [each["rule"] for each in document.findings] == ["documents.same_photograph_other_person"]
    seen = EventRow.objects.get(type="documents.photograph_seen_before")
    assert (seen.case_id, seen.payload["other_party_id"]) == (other[0], way.party_id)


def test_an_upload_to_a_case_of_another_branch_is_answered_like_one_to_no_case(way: Way) -> None:
    way.send()
    before, stranger = everything(), way.world.staff("zhengyi")
    refusals = []
    for case_id in (way.case_id, 999_999):
        given = {"case_id": case_id, "slot": "ID_CARD_FRONT", "actor": stranger, "now": way.world.now}
        refusals.append(upload(io.BytesIO(files.jpeg()), **given, key="k"))
    assert isinstance(refusals[0], Refused)
    assert refusals[0].kind is RefusalKind.NOT_FOUND
    assert refusals[0] == refusals[1]
    assert everything() == before


def somebody_else(way: Way) -> tuple[int, int]:
    """Another customer's application that was sent: its case and its party."""
    facts, manager = some_facts(12), way.world.staff("chenjing")
    branch = way.world.lender.branches["HZ"].pk
    given = {"actor": manager, "now": way.world.now}
    draft = done(start(branch_id=branch, mobile=facts.person.mobile, **given, key="start-2"))
    theirs = {
        "name": facts.person.name,
        "id_number": facts.person.id_number,
        "vin": facts.vehicle.vin,
        "account_number": facts.person.bank_card,
    }
    done(answer(case_id=draft.case_id, entered=answers(way.world, **theirs), **given))
    done(submit(case_id=draft.case_id, **given, key="submit-2"))
    return int(draft.case_id), int(Case.objects.get(pk=draft.case_id).party_id or 0)
