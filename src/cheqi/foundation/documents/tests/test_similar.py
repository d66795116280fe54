"""One photograph under two people is found when it was compressed again; two people's forms are not one."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from PIL import Image

from cheqi import ports
from cheqi.foundation.documents.models import Document
from cheqi.foundation.documents.operations import read_document, receive
from cheqi.foundation.documents.tests import files
from cheqi.foundation.documents.tests.conftest import CLERK, NOW
from cheqi.foundation.documents.tests.recognisers import ID_FRONT, Sees
from cheqi.foundation.eventlog.models import EventRow
from cheqi.ports.ocr import Ocr

pytestmark = pytest.mark.django_db
SIMILAR = ["documents.similar_photograph_other_person"]


def id_back(authority: str, valid_from: str, valid_to: str) -> list[str]:
    return ["中华人民共和国", "居民身份证", f"签发机关 {authority}", f"有效期限 {valid_from}-{valid_to}"]


def compressed_again(quality: int = 45) -> bytes:
    return files.encoded(files.card().resize((720, 454), Image.Resampling.LANCZOS), quality=quality)


def read(place: dict[str, Any], file: bytes, lines: Sequence[str], party_id: int, **changed: Any) -> Document:
    """The document after upload and reading, which finds these lines on it."""
    given = {**place, "actor": CLERK, "party_id": party_id, **changed}
    document = receive(io.BytesIO(file), **given, key=f"{party_id}-{len(file)}")
    assert isinstance(document, Document)
    with ports.bound(Ocr, Sees(list(lines))):
        read_document(document.pk, now=NOW)
    return Document.objects.get(pk=document.pk)


def rules(document: Document) -> list[str]:
    return [each["rule"] for each in document.findings]


def test_a_photograph_compressed_again_under_another_person_is_flagged(place: dict[str, Any]) -> None:
    first = read(place, files.jpeg(), ID_FRONT, 3)
    second = read(place, compressed_again(), ID_FRONT, 4)
    assert (rules(first), rules(second)) == ([], SIMILAR)
    assert second.state == "NEEDS_CLERK"
    signal = EventRow.objects.get(type="documents.photograph_seen_before")
    assert (signal.payload["other_party_id"], signal.payload["is_exact"]) == (3, False)


def test_a_portrait_with_other_words_on_it_is_flagged(place: dict[str, Any]) -> None:
    read(place, files.jpeg(), ID_FRONT, 3)
    forged = [ID_FRONT[0].replace("小", "大"), *ID_FRONT[1:-1], "公民身份号码 110101199003074514"]
    assert rules(read(place, compressed_again(), forged, 4)) == SIMILAR


def test_two_peoples_national_emblem_sides_are_told_apart_by_what_they_say(place: dict[str, Any]) -> None:
    slot = {"slot": "ID_CARD_BACK"}
    mine = id_back("杭州市公安局西湖分局", "2015.03.01", "2035.03.01")
    yours = id_back("杭州市公安局西湖分局", "2019.11.20", "2039.11.20")
    read(place, files.jpeg(), mine, 3, **slot)
    assert rules(read(place, compressed_again(), yours, 4, **slot)) == []
    assert rules(read(place, compressed_again(60), mine, 5, **slot)) == SIMILAR
    assert EventRow.objects.filter(type="documents.photograph_seen_before").count() == 1


def test_one_changed_word_does_not_make_another_document(place: dict[str, Any]) -> None:
    slot = {"slot": "ID_CARD_BACK"}
    read(place, files.jpeg(), id_back("杭州市公安局西湖分局", "2015.03.01", "2035.03.01"), 3, **slot)
    changed = id_back("杭州市公安局滨江分局", "2015.03.01", "2035.03.01")
    assert rules(read(place, compressed_again(), changed, 4, **slot)) == SIMILAR


def test_what_cannot_be_read_is_judged_by_its_look(place: dict[str, Any]) -> None:
    read(place, files.jpeg(), [], 3)
    assert rules(read(place, compressed_again(), [], 4)) == [*SIMILAR, "documents.no_text"]


def test_two_peoples_cards_that_look_alike_are_not_flagged(place: dict[str, Any]) -> None:
    for seed in range(1, 8):
        assert rules(read(place, files.jpeg(seed), ID_FRONT, seed)) == []


def test_two_blank_sheets_are_not_flagged(place: dict[str, Any]) -> None:
    sheet = Image.new("RGB", (800, 1100), "white")
    read(place, files.encoded(sheet), [], 3)
    assert rules(read(place, files.encoded(sheet, quality=60), [], 4)) == ["documents.no_text"]


def test_reading_anew_keeps_the_finding_and_logs_it_once(place: dict[str, Any]) -> None:
    class Newer(Sees):
        version = "newer"

    read(place, files.jpeg(), ID_FRONT, 3)
    second = read(place, compressed_again(), ID_FRONT, 4)
    with ports.bound(Ocr, Newer(list(ID_FRONT))):
        read_document(second.pk, now=NOW)
    second.refresh_from_db()
    assert (rules(second), second.model_version) == (SIMILAR, "newer")
    assert EventRow.objects.filter(type="documents.photograph_seen_before").count() == 1
