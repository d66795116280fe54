"""From an uploaded picture to pages of our own making.

The size is read from the header and judged before anything is decoded. Then the picture is turned as its
EXIF says, brought to at most 3,000 pixels, and written anew as JPEG: no metadata (place, device, owner's
name), nothing hidden behind the last byte, no exotic decoder for whoever opens it later.
"""

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps

from cheqi.core.base.findings import Finding
from cheqi.foundation.documents.fingerprint import Fingerprint, fingerprint
from cheqi.foundation.documents.limits import (
    JPEG_QUALITY,
    MAX_PAGES,
    MAX_PIXELS,
    MIN_EDGE,
    PAGE_EDGE,
    THUMBNAIL_EDGE,
)
from cheqi.foundation.documents.sentences import finding
from cheqi.foundation.documents.sniff import FileType

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    TypeError,
    KeyError,
    IndexError,
    RuntimeError,
    ArithmeticError,
    MemoryError,
)
"""What Pillow's decoders raise for content that is not what its first bytes promise."""


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """One page as it is kept: a JPEG of ours, a small one for lists, size in pixels, fingerprint."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    fingerprint: Fingerprint


def prepare_picture(content: bytes, kind: FileType) -> tuple[PreparedPage, ...] | Finding:
    """The pages of a picture file (several for a TIFF), or why it cannot be taken."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.value]) as picture:
            return _pages(picture, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return finding("documents.too_many_pixels")
    except _BROKEN:
        return finding("documents.damaged")


def prepared(picture: Image.Image) -> PreparedPage:
    """A decoded picture as a page: turned upright, flattened on white, limited in size, written anew."""
    upright = _flat(ImageOps.exif_transpose(picture))
    upright.thumbnail((PAGE_EDGE, PAGE_EDGE), Image.Resampling.LANCZOS)
    width, height = upright.size
    small = upright.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.BOX)
    return PreparedPage(as_jpeg(upright), as_jpeg(small), width, height, fingerprint(upright))


def as_jpeg(picture: Image.Image) -> bytes:
    """The picture as a JPEG without metadata."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY, exif=b"", icc_profile=None, comment=b"")
    return buffer.getvalue()


def _pages(picture: Image.Image, kind: FileType) -> tuple[PreparedPage, ...] | Finding:
    frames = getattr(picture, "n_frames", 1) if kind is FileType.TIFF else 1
    if frames > MAX_PAGES:
        return finding("documents.too_many_pages", pages=frames)
    pages = []
    for frame in range(frames):
        if frames > 1:
            picture.seek(frame)
        if (objection := _size_objection(picture.width, picture.height)) is not None:
            return objection
        if kind is FileType.JPEG:
            picture.draft("RGB", (PAGE_EDGE, PAGE_EDGE))
        picture.load()
        pages.append(prepared(picture))
    return tuple(pages)


def _size_objection(width: int, height: int) -> Finding | None:
    if width * height > MAX_PIXELS:
        return finding("documents.too_many_pixels", width=width, height=height)
    if max(width, height) < MIN_EDGE:
        return finding("documents.too_small", width=width, height=height)
    return None


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda level: level / 256).convert("L")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("RGB")
