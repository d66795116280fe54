"""`cheqi documents read IMAGE... [--json]`: what photographed documents say, without a database.

Prints for each file the recognised kind and its fields with confidence, position and verdict: ACCEPTED, or
CLERK with why. A file that cannot be read gives an entry with its error, the others go on, and the exit
status is 1. With `--json` the output is one array, one entry a document, also for a single picture:

    [{"file": "front.jpg", "pages": [1], "kind": "ID_CARD_FRONT", "fields": [{"key": "name", …}], …},
     {"file": "notes.jpg", "error": {"reason": "NOT_AN_IMAGE", "message": "…"}}]
"""

import argparse
import json
import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from errno import EISDIR
from pathlib import Path
from typing import Any

from cheqi.adapters.ocr.pictures import Limits
from cheqi.adapters.ocr.rapid import RapidOcr
from cheqi.core.base.findings import Finding
from cheqi.core.base.text import Text
from cheqi.core.documents.kinds import TITLES
from cheqi.core.documents.reading import FieldReading, Reading, documents_in, read
from cheqi.foundation.documents.pdfs import objection_to
from cheqi.foundation.documents.sentences import finding
from cheqi.ports.ocr import Ocr, UnableToRead

HELP = "Read photographed documents: kind, fields, verdicts; no database needed"
Entry = dict[str, Any]
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch)\b")
_VERDICTS = {"ACCEPTED": "通过", "CLERK": "人工"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`read` with the files, and `--json`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    reading = actions.add_parser("read", help="what the documents say", description=__doc__)
    reading.formatter_class = argparse.RawDescriptionHelpFormatter
    reading.add_argument(
        "images", nargs="+", type=Path, metavar="IMAGE", help="JPEG, PNG, WebP, BMP, TIFF, PDF"
    )
    reading.add_argument("--json", action="store_true", help="one JSON array, one entry a document")


def run(arguments: argparse.Namespace) -> int:
    """Reads every file; 1 when one of them could not be read."""
    ocr = RapidOcr()
    today = date.today()  # noqa: DTZ011
    entries = [entry for path in arguments.images for entry in entries_of(path, ocr, today)]
    if arguments.json:
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        for entry in entries:
            print("\n".join(_lines(entry)), end="\n\n")
    return 1 if any("error" in entry for entry in entries) else 0


def entries_of(path: Path, ocr: Ocr, today: date) -> list[Entry]:
    """One entry for each document in the file, or one that says why there is none."""
    try:
        content = _content(path)
        if (objection := _active_content(content)) is not None:
            return [_failure(path, "PDF_SCRIPT", objection.message)]
        pages = ocr.read(content)
    except UnableToRead as error:
        return [_failure(path, error.reason.value, error.message)]
    except OSError as error:
        return [_failure(path, *_explained(error))]
    entries = []
    for document in documents_in(pages):
        entries.append(_entry(path, document.numbers, read(document.pages, today=today)))
    return entries


def _content(path: Path) -> bytes:
    """The bytes, one more than may be read at most, so that the reader can say it is too large.

    A pipe or device that somebody names is not waited for; what the shell hands over (`/dev/stdin`,
    `/dev/fd/…`) is read. Raises OSError.
    """
    if not path.is_file() and path.exists() and path.parts[:2] != ("/", "dev"):
        raise IsADirectoryError(EISDIR, "not a file")
    with path.open("rb") as file:
        return file.read(Limits().max_bytes + 1)


def _active_content(content: bytes) -> Finding | None:
    """Why a PDF that would do something when it is opened is not read, as it is not taken when uploaded.

    One too broken to be walked may still be drawn, so there the words of its bytes count.
    """
    if not content[:1024].lstrip().startswith(b"%PDF-"):
        return None
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    objection = objection_to(content)
    if objection is not None and objection.rule == "documents.pdf_damaged" and _ACTIVE.search(content):
        return finding("documents.pdf_script")
    return objection if objection is not None and objection.rule == "documents.pdf_script" else None


def _explained(error: OSError) -> tuple[str, Text]:
    if isinstance(error, FileNotFoundError):
        return "MISSING", Text("没有这个文件，请检查路径", "There is no such file: check the path")
    if isinstance(error, IsADirectoryError):
        return "NOT_A_FILE", Text("这不是文件，请给出文件", "This is no file: give files")
    return "UNREADABLE", Text(
        f"无法打开文件（{error.strerror}），请检查权限", f"The file cannot be opened ({error.strerror})"
    )


def _named(path: Path) -> str:
    """The path as text, also where its bytes are no UTF-8."""
    return str(path).encode("utf-8", "replace").decode()


def _failure(path: Path, reason: str, message: Text) -> Entry:
    return {
        "file": _named(path),
        "error": {"reason": reason, "message": message.zh, "message_en": message.en},
    }


def _entry(path: Path, numbers: Sequence[int], reading: Reading) -> Entry:
    return {
        "file": _named(path),
        "pages": [number + 1 for number in numbers],
        "kind": reading.kind.value,
        "kind_title": TITLES[reading.kind].zh,
        "kind_confidence": reading.kind_confidence,
        "verdict": reading.verdict.value,
        "why": [_why(finding) for finding in reading.why],
        "fields": [_field(field, numbers) for field in reading.fields],
    }


def _field(field: FieldReading, numbers: Sequence[int]) -> Entry:
    box = field.box
    return {
        "key": field.key,
        "title": field.title.zh,
        "value": field.value,
        "confidence": field.confidence,
        "position": None
        if box is None
        else {
            "page": numbers[field.page] + 1,
            "box": [round(side, 1) for side in box],
            "polygon": [[round(x, 1), round(y, 1)] for x, y in field.polygon],
        },
        "verdict": field.verdict.value,
        "why": [_why(finding) for finding in field.why],
        "candidates": [
            {"value": candidate.value, "passes": candidate.passes} for candidate in field.candidates
        ],
    }


def _why(finding: Finding) -> Entry:
    return {
        "rule": finding.rule,
        "field": finding.field,
        "message": finding.message.zh,
        "message_en": finding.message.en,
        "clause": finding.clause,
        "data": dict(finding.data),
    }


def _lines(entry: Entry) -> Iterator[str]:
    """The table for people."""
    yield entry["file"]
    if "error" in entry:
        yield f"  读取失败：{entry['error']['message']}"
        return
    pages = "、".join(str(number) for number in entry["pages"])
    sure = f"第 {pages} 页，把握 {entry['kind_confidence']:.0%}"
    yield f"  {entry['kind_title']}（{sure}） {_VERDICTS[entry['verdict']]}"
    for field in entry["fields"]:
        why = "；".join(finding["message"] for finding in field["why"])
        cells = (
            _padded(_VERDICTS[field["verdict"]], 6),
            _padded(field["title"], 22),
            _padded(field["value"] or "—", 44),
            f"{field['confidence']:.2f}",
        )
        yield "  " + " ".join(cells) + (f"  {why}" if why else "")
    for each in entry["why"]:
        if not entry["fields"]:
            yield f"  {each['message']}"


def _padded(text: str, width: int) -> str:
    used = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, width - used)
