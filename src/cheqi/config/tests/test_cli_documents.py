"""`cheqi documents read`: one array, an entry a document, errors beside what was read."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cheqi
from cheqi.config.cli import main
from cheqi.config.cli.documents import entries_of
from cheqi.core.base.text import Text
from cheqi.core.documents.boxes import Page
from cheqi.core.documents.tests.pages import a_vehicle_licence, an_id_card, page
from cheqi.core.documents.tests.recorded import recorded
from cheqi.foundation.documents.tests import files
from cheqi.ports.ocr import UnableToRead, UnreadableReason

TODAY = date(2026, 11, 1)


class FakeOcr:
    """Answers the pages it was given, or refuses."""

    def __init__(self, *pages: Page) -> None:
        self.pages = pages

    def read(self, image: bytes) -> tuple[Page, ...]:
        if not image:
            raise UnableToRead(UnreadableReason.EMPTY, Text("文件是空的", "The file is empty"))
        return self.pages


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"pixels")
    return path


def test_a_document_has_kind_fields_positions_and_verdicts(photo: Path) -> None:
    (entry,) = entries_of(photo, FakeOcr(page(*a_vehicle_licence("HHGHH555778802669"))), TODAY)
    assert (entry["file"], entry["pages"], entry["kind"], entry["verdict"]) == (
        str(photo),
        [1],
        "VEHICLE_LICENCE",
        "CLERK",
    )
    vin = next(field for field in entry["fields"] if field["key"] == "vin")
    assert (vin["value"], vin["confidence"], vin["verdict"]) == ("HHGHH555778802669", 0.99, "CLERK")
    assert [why["rule"] for why in vin["why"]] == ["identifiers.vin.check_digit"]
    assert vin["position"]["page"] == 1
    assert len(vin["position"]["polygon"]) == 4
    left, top, right, bottom = vin["position"]["box"]
    assert 510 < left < right < 790
    assert 300 < top < bottom < 350
    assert json.loads(json.dumps(entry, ensure_ascii=False)) == entry


def test_two_documents_on_one_photograph_are_two_entries_of_one_page(photo: Path) -> None:
    whole, truth = recorded("two_documents")
    entries = entries_of(photo, FakeOcr(whole), TODAY)
    assert [entry["pages"] for entry in entries] == [[1], [1]]
    assert {entry["kind"] for entry in entries} == set(truth)
    for entry in entries:
        address = next(field for field in entry["fields"] if field["key"] == "address")
        assert address["value"] == truth[entry["kind"]]["address"]
        assert address["position"]["page"] == 1


def test_pages_of_two_kinds_in_one_file_are_two_documents(photo: Path) -> None:
    pages = (page(*an_id_card()), page(*a_vehicle_licence()), page(("续页", 10, 10)))
    entries = entries_of(photo, FakeOcr(*pages), TODAY)
    assert [(entry["kind"], entry["pages"]) for entry in entries] == [
        ("ID_CARD_FRONT", [1]),
        ("VEHICLE_LICENCE", [2, 3]),
    ]
    plate = next(field for field in entries[1]["fields"] if field["key"] == "plate")
    assert plate["position"]["page"] == 2


@pytest.mark.parametrize(
    ("name", "reason"), [("nowhere.jpg", "MISSING"), (".", "NOT_A_FILE"), ("empty.jpg", "EMPTY")]
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "empty.jpg").touch()
    (entry,) = entries_of(tmp_path / name, FakeOcr(), TODAY)
    assert entry["error"]["reason"] == reason
    assert entry["error"]["message"]
    assert "fields" not in entry


BROKEN_SCRIPT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj "
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\ntrailer<</Root 1 0 R>>"
)


@pytest.mark.parametrize("content", [files.pdf(script=True), BROKEN_SCRIPT], ids=["whole", "broken"])
def test_a_pdf_with_a_script_is_not_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "scripted.pdf"
    path.write_bytes(content)
    (entry,) = entries_of(path, FakeOcr(page(*an_id_card())), TODAY)
    assert entry["error"]["reason"] == "PDF_SCRIPT"
    assert "脚本" in entry["error"]["message"]
    path.write_bytes(files.pdf())
    assert entries_of(path, FakeOcr(page(*an_id_card())), TODAY)[0]["kind"] == "ID_CARD_FRONT"


def test_unreadable_files_give_one_array_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.jpg").write_text("这不是图片", encoding="utf-8")
    names = [str(tmp_path / "text.jpg"), str(tmp_path / "missing.png")]
    assert main(["documents", "read", *names, "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert [(entry["file"], entry["error"]["reason"]) for entry in printed] == [
        (names[0], "NOT_AN_IMAGE"),
        (names[1], "MISSING"),
    ]
    assert main(["documents", "read", *names]) == 1
    table = capsys.readouterr().out
    assert "没有这个文件，请检查路径" in table
    assert "文件内容不是可识别的图片" in table


def test_the_command_needs_no_django(tmp_path: Path) -> None:
    script = (
        "import sys; from cheqi.config.cli import main; status = main(['documents', 'read', 'nowhere.png']); "
        "print(status, 'django' in sys.modules)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(cheqi.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == "1 False"


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (entry,) = entries_of(tmp_path / "pipe.jpg", FakeOcr(), TODAY)
    assert entry["error"]["reason"] == "NOT_A_FILE"


def test_a_name_that_is_no_utf_8_is_written_so_that_the_answer_still_reads(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"bad\xff.jpg")
    (entry,) = entries_of(path, FakeOcr(), TODAY)
    assert json.loads(json.dumps(entry).encode())["file"] == f"{tmp_path}/bad?.jpg"
