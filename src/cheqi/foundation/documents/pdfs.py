"""From an uploaded PDF to pages of our own making.

Two looks. First its objects are walked without running anything: scripts, actions that start by themselves,
attached files and encryption refuse it. Then each page is drawn as a picture, and the pictures are what is
kept: whatever a viewer might do with the PDF, nobody opens it here again.
"""

import io
import threading
from collections.abc import Iterator
from typing import Any

import pypdf
import pypdfium2
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from cheqi.core.base.findings import Finding
from cheqi.foundation.documents.limits import MAX_PAGES, MAX_PDF_OBJECTS, PAGE_EDGE, PDF_DPI
from cheqi.foundation.documents.pictures import PreparedPage, prepared
from cheqi.foundation.documents.sentences import finding

_SCRIPT_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent"})
_ACTIVE = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToR", "/RichMedia"}
)
_ATTACHMENT_KEYS = frozenset({"/EmbeddedFiles", "/EF", "/AF", "/Collection"})
_ATTACHMENT_TYPES = frozenset({"/EmbeddedFile", "/FileAttachment", "/GoToE"})

_pdfium = threading.Lock()
"""PDFium is not thread-safe, and the web server answers from several threads."""


def prepare_pdf(content: bytes) -> tuple[PreparedPage, ...] | Finding:
    """The pages of a PDF as pictures, or why it cannot be taken."""
    if (objection := objection_to(content)) is not None:
        return objection
    try:
        return _drawn(content)
    except pypdfium2.PdfiumError:
        return finding("documents.pdf_damaged")


def objection_to(content: bytes) -> Finding | None:
    """Why a PDF is not taken, by what is in it, or None."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            return finding("documents.pdf_encrypted")
        if (pages := len(reader.pages)) > MAX_PAGES:
            return finding("documents.too_many_pages", pages=pages)
        return _active_content(reader) or (None if pages else finding("documents.pdf_damaged"))
    except Exception:  # a hostile file can make the parser raise anything at all; each means "unreadable"
        return finding("documents.pdf_damaged")


def _active_content(reader: pypdf.PdfReader) -> Finding | None:
    for seen, found in enumerate(_dictionaries(reader)):
        if seen > MAX_PDF_OBJECTS:
            return finding("documents.pdf_damaged", objects=seen)
        keys = found.keys()
        kinds = {str(found.raw_get(key)) for key in ("/S", "/Type", "/Subtype") if key in keys}
        if keys & _ATTACHMENT_KEYS or kinds & _ATTACHMENT_TYPES:
            return finding("documents.pdf_attachment")
        if keys & _SCRIPT_KEYS or kinds & _ACTIVE:
            return finding("documents.pdf_script")
    return None


def _dictionaries(reader: pypdf.PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the trailer, each once; page contents are not decoded."""
    waiting: list[Any] = [reader.trailer]
    visited: set[tuple[int, int]] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in visited:
                continue
            visited.add((item.idnum, item.generation))
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            yield item
            waiting += [item.raw_get(key) for key in item]
        elif isinstance(item, ArrayObject):
            waiting += list(item)


def _drawn(content: bytes) -> tuple[PreparedPage, ...] | Finding:
    with _pdfium:
        document = pypdfium2.PdfDocument(content)
        try:
            if len(document) > MAX_PAGES:
                return finding("documents.too_many_pages", pages=len(document))
            return tuple(_page(document[number]) for number in range(len(document)))
        finally:
            document.close()


def _page(page: Any) -> PreparedPage:
    longest = max(page.get_size())
    scale = min(PDF_DPI / 72, PAGE_EDGE / max(longest, 1))
    return prepared(page.render(scale=scale).to_pil())
