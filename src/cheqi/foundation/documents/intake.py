"""Takes an upload off its stream and judges it, before anything is kept.

Nothing is read past the limit: an upload of 200 MB costs 20 MB of reading and is refused. What passes comes
out as pages of our own making with the hash of the original.

**The original is not kept.** It holds what nobody here needs (the place of the photograph, the device,
whatever hides behind the last byte), nothing ever reads it again, and holding less is what the law on
personal information asks. Its hash is kept: whoever has the original can show that it
is the one that was uploaded.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from cheqi.core.base.findings import Finding
from cheqi.foundation.documents.limits import MAX_BYTES
from cheqi.foundation.documents.pdfs import prepare_pdf
from cheqi.foundation.documents.pictures import PreparedPage, prepare_picture
from cheqi.foundation.documents.sentences import finding
from cheqi.foundation.documents.sniff import FileType, sniff

_CHUNK = 1024 * 1024


class Upload(Protocol):
    """What can be read once: Django's uploaded file, an open file, `io.BytesIO`."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes, at most `size` of them; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An upload that may be kept: the hash and type of the original, and its pages as we make them."""

    sha256: str
    kind: FileType
    size: int
    pages: tuple[PreparedPage, ...]


def read_limited(upload: Upload) -> bytes | Finding:
    """The content, or the finding that there is none or too much. Reads little past the limit."""
    problem = getattr(upload, "problem", "")
    if problem:
        return finding(problem)
    declared = getattr(upload, "size", None)
    if isinstance(declared, int) and declared > MAX_BYTES:
        return finding("documents.too_large", size=declared)
    parts: list[bytes] = []
    total = 0
    while part := upload.read(_CHUNK):
        total += len(part)
        if total > MAX_BYTES:
            return finding("documents.too_large")
        parts.append(part)
    return b"".join(parts) if total else finding("documents.empty")


def take_in(content: bytes) -> TakenIn | Finding:
    """Judges content and makes its pages. Decodes nothing whose type, size or page count is over a limit."""
    kind = sniff(content[:1024])
    if not isinstance(kind, FileType):
        return finding(kind)
    pages = prepare_pdf(content) if kind is FileType.PDF else prepare_picture(content, kind)
    if isinstance(pages, Finding):
        return pages
    return TakenIn(hashlib.sha256(content).hexdigest(), kind, len(content), pages)
