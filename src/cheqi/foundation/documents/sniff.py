"""What a file really is, by its first bytes; its name and declared type are not asked.

>>> sniff(b"just words, called licence.jpg")
'documents.not_a_picture'
>>> sniff(bytes.fromhex("ffd8ffe0"))
<FileType.JPEG: 'JPEG'>
"""

import re
from enum import StrEnum


class FileType(StrEnum):
    """What we accept; the values are Pillow's names, except PDF."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    BMP = "BMP"
    TIFF = "TIFF"
    PDF = "PDF"


_MAGIC: tuple[tuple[re.Pattern[bytes], FileType | str], ...] = (
    (re.compile(rb"\xff\xd8\xff"), FileType.JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), FileType.PNG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), FileType.WEBP),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), FileType.BMP),
    (re.compile(rb"II\*\0|MM\0\*"), FileType.TIFF),
    (re.compile(rb"%PDF-\d"), FileType.PDF),
    (re.compile(rb"....ftyp(heic|heix|hevc|heim|heis|mif1|msf1|avif)", re.DOTALL), "documents.heic"),
    (re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"), "documents.office_file"),
    (
        re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml.{0,512}<svg|svg|!DOCTYPE svg)", re.DOTALL | re.I),
        "documents.svg",
    ),
)


def sniff(head: bytes) -> FileType | str:
    """The type of content that starts with `head` (1 KiB is enough), or the rule that refuses it."""
    if not head:
        return "documents.empty"
    for pattern, found in _MAGIC:
        if pattern.match(head):
            return found
    return "documents.not_a_picture"
