"""An upload is kept once and made safe, or refused with a sentence and nothing kept."""

import io
import resource
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.documents import queries
from cheqi.foundation.documents.limits import MAX_BYTES
from cheqi.foundation.documents.models import Document, DocumentPage, PageBand
from cheqi.foundation.documents.operations import open_pictures, receive
from cheqi.foundation.documents.tests import files
from cheqi.foundation.documents.tests.conftest import CLERK, CUSTOMER, ELSEWHERE, NOW
from cheqi.foundation.eventlog.models import EventRow
from cheqi.foundation.originals import Sight
from cheqi.foundation.privacy.operations import Opened
from cheqi.ports.file_store import FileStore

pytestmark = pytest.mark.django_db


def upload(content: bytes, place: dict[str, Any], key: str = "k1", **changed: Any) -> Document | Refused:
    return receive(io.BytesIO(content), **{**place, **changed}, key=key)


def kept(content: bytes, place: dict[str, Any], key: str = "k1", **changed: Any) -> Document:
    document = upload(content, place, key, **changed)
    assert isinstance(document, Document)
    return document


def assert_nothing_kept(tmp_path: Path) -> None:
    assert Document.objects.count() == DocumentPage.objects.count() == PageBand.objects.count() == 0
    assert EventRow.objects.count() == 0
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_photograph_is_kept_turned_upright_without_its_metadata(
    place: dict[str, Any], store: FileStore
) -> None:
    document = kept(files.with_place_and_turn(), place)
    page = document.pages.get()
    assert (page.width, page.height) == (1012, 638)
    stored = store.open(page.file_key)
    assert b"PhoneMaker" not in stored
    assert b"Exif" not in stored
    with Image.open(io.BytesIO(stored)) as picture:
        assert picture.getpixel((700, 70)) == pytest.approx((205, 215, 225), abs=6)
        assert dict(picture.getexif()) == {}


def test_a_large_photograph_is_brought_to_3000_pixels(place: dict[str, Any]) -> None:
    large = files.encoded(files.card(1).resize((6000, 3783)))
    page = kept(large, place).pages.get()
    assert max(page.width, page.height) == 3000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_each_picture_type_is_taken_by_its_content(place: dict[str, Any], kind: str) -> None:
    document = kept(files.encoded(files.card(), kind), place)
    assert (document.file_type, document.page_count) == (kind, 1)


def test_each_page_of_a_pdf_becomes_a_picture(place: dict[str, Any]) -> None:
    document = kept(files.pdf(pages=3), place)
    assert [page.number for page in document.pages.order_by("number")] == [1, 2, 3]
    assert document.file_type == "PDF"


def test_each_page_of_a_tiff_is_kept(place: dict[str, Any]) -> None:
    scan = files.encoded(files.card(1), "TIFF", save_all=True, append_images=[files.card(2)])
    assert kept(scan, place).page_count == 2


BAD: dict[str, tuple[bytes, str]] = {
    "a text file called .jpg": ("姓名：王小雨\n".encode() * 50, "documents.not_a_picture"),
    "an empty file": (b"", "documents.empty"),
    "a truncated jpeg": (files.jpeg()[:-6000], "documents.damaged"),
    "a jpeg of three bytes": (b"\xff\xd8\xff", "documents.damaged"),
    "a png of 30,000 x 30,000": (files.png_header_of(30_000, 30_000), "documents.too_many_pixels"),
    "a png of 9,000 x 9,000": (files.png_header_of(9_000, 9_000), "documents.too_many_pixels"),
    "a png that lies about its pixels": (files.png_header_of(3_000, 3_000), "documents.damaged"),
    "a thumbnail": (files.encoded(files.card().resize((120, 76))), "documents.too_small"),
    "an svg": (b'<?xml version="1.0"?>\n<svg xmlns="x"><script>1</script></svg>', "documents.svg"),
    "an svg without a prologue": (b"  <svg onload='1'/>", "documents.svg"),
    "a heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), "documents.heic"),
    "an office file": (b"PK\x03\x04" + bytes(200), "documents.office_file"),
    "a gif": (b"GIF89a" + bytes(200), "documents.not_a_picture"),
    "a pdf with a script": (files.pdf(script=True), "documents.pdf_script"),
    "a pdf that starts a program": (files.pdf(launch=True), "documents.pdf_script"),
    "a pdf with a file in it": (files.pdf(attachment=True), "documents.pdf_attachment"),
    "a pdf with a password": (files.pdf(password=True), "documents.pdf_encrypted"),
    "a pdf of 21 pages": (files.pdf(pages=21), "documents.too_many_pages"),
    "half a pdf": (files.pdf()[:300], "documents.pdf_damaged"),
    "a tiff whose second page has no size": (files.tiff_without_size(), "documents.damaged"),
    "a tiff of 21 pages": (files.tiff(pages=21), "documents.too_many_pages"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_upload_is_refused_with_its_sentence_and_nothing_is_kept(
    place: dict[str, Any], tmp_path: Path, name: str
) -> None:
    content, rule = BAD[name]
    answer = upload(content, place)
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.INVALID
    assert [each.rule for each in answer.findings] == [rule]
    assert "请" in answer.findings[0].message.zh
    assert "lease" in answer.findings[0].message.en or "Choose" in answer.findings[0].message.en
    assert_nothing_kept(tmp_path)


def test_200_megabytes_are_refused_after_reading_little_more_than_the_limit(
    place: dict[str, Any], tmp_path: Path
) -> None:
    stream = files.Endless(200 * 1024 * 1024)
    answer = receive(stream, **place, key="k1")
    assert isinstance(answer, Refused)
    assert answer.findings[0].rule == "documents.too_large"
    assert stream.given <= MAX_BYTES + 1024 * 1024
    assert_nothing_kept(tmp_path)


def test_an_upload_that_says_it_is_too_large_is_not_read_at_all(place: dict[str, Any]) -> None:
    stream = files.Endless(MAX_BYTES + 1)
    stream.size = MAX_BYTES + 1  # type: ignore[attr-defined]
    answer = receive(stream, **place, key="k1")
    assert isinstance(answer, Refused)
    assert stream.given == 0


def test_a_full_disk_keeps_nothing_and_says_when_to_come_back(
    place: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first page still finds room, the second does not: both are taken back."""
    content = files.encoded(files.card(1), "TIFF", save_all=True, append_images=[noisy()])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    try:
        answer = upload(content, place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert isinstance(answer, Refused)
    assert (answer.kind, answer.findings[0].rule) == (RefusalKind.NOT_NOW, "documents.storage_full")
    assert "请稍后再上传" in answer.findings[0].message.zh
    assert_nothing_kept(tmp_path)


def noisy() -> Image.Image:
    """A picture that no encoder makes small."""
    return Image.effect_noise((1500, 1500), 120).convert("RGB")


def test_the_same_photograph_twice_in_one_case_is_the_same_document(place: dict[str, Any]) -> None:
    first, second = kept(files.jpeg(), place, "k1"), kept(files.jpeg(), place, "k2")
    assert first.pk == second.pk
    assert (Document.objects.count(), EventRow.objects.count()) == (1, 1)


@pytest.mark.parametrize("state", ["REJECTED", "UNREADABLE"])
def test_the_photograph_that_did_not_pass_is_not_taken_again(place: dict[str, Any], state: str) -> None:
    content = files.encoded(files.card(1))
    Document.objects.filter(pk=kept(content, place).pk).update(state=state)
    again = upload(content, place, "k2")
    assert isinstance(again, Refused)
    assert (again.kind, again.findings[0].rule) == (RefusalKind.INVALID, "documents.same_again")
    assert isinstance(upload(content, place, "k1"), Document)
    assert Document.objects.count() == 1


def test_the_same_request_again_answers_the_same_document(place: dict[str, Any]) -> None:
    assert kept(files.jpeg(), place, "k1").pk == kept(files.jpeg(), place, "k1").pk


def test_a_request_key_is_not_taken_for_another_file(place: dict[str, Any]) -> None:
    kept(files.jpeg(1), place, "k1")
    answer = upload(files.jpeg(2), place, "k1")
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.CONFLICT
    assert Document.objects.count() == 1


def test_the_same_photograph_under_two_people_is_taken_and_flagged(
    place: dict[str, Any], store: FileStore
) -> None:
    first = kept(files.jpeg(), place, "k1")
    second = kept(files.jpeg(), place, "k2", case_id=8, party_id=4, actor=CLERK)
    assert second.pk != first.pk
    assert second.pages.get().file_key == first.pages.get().file_key
    assert [each["rule"] for each in second.findings] == ["documents.same_photograph_other_person"]
    signal = EventRow.objects.get(type="documents.photograph_seen_before")
    assert (signal.case_id, signal.payload["other_party_id"], signal.payload["is_exact"]) == (8, 3, True)


def test_an_upload_to_somebody_elses_case_is_not_found(place: dict[str, Any], tmp_path: Path) -> None:
    answer = upload(files.jpeg(), place, actor=ELSEWHERE)
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.NOT_FOUND
    assert_nothing_kept(tmp_path)


def test_pictures_are_shown_to_those_who_may_see_the_document_and_say_why(place: dict[str, Any]) -> None:
    document = kept(files.jpeg(), place)
    assert queries.sight_of(document.pk, CLERK, NOW) is Sight.ASKED
    assert queries.image(document.pk, 1, CLERK, NOW) is None
    assert queries.thumbnail(document.pk, CLERK, NOW) is None
    assert isinstance(open_pictures(document.pk, actor=CLERK, reason="抽查资料质量", now=NOW), Opened)
    for actor in (CUSTOMER, CLERK):
        whole, small = queries.image(document.pk, 1, actor, NOW), queries.thumbnail(document.pk, actor, NOW)
        assert whole is not None
        assert small is not None
        assert len(small.content) < len(whole.content)
        assert whole.etag == document.pages.get().file_key
    assert queries.image(document.pk, 1, ELSEWHERE, NOW) is None
    assert queries.image(document.pk, 2, CLERK, NOW) is None
    assert queries.thumbnail(document.pk, ELSEWHERE, NOW) is None
    assert queries.document_view(document.pk, ELSEWHERE) is None
    assert queries.documents_of(7, ELSEWHERE) == ()


def test_a_list_takes_one_statement_and_a_view_three(
    place: dict[str, Any], django_assert_num_queries: Any
) -> None:
    for seed in range(4):
        document = kept(files.jpeg(seed), place, f"k{seed}")
    with django_assert_num_queries(1):
        assert len(queries.documents_of(7, CLERK)) == 4
    with django_assert_num_queries(3):
        view = queries.document_view(document.pk, CLERK)
    assert view is not None
    assert [(page.width, page.height) for page in view.pages] == [(1012, 638)]
