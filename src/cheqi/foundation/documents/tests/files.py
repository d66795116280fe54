"""Uploads for the tests, good and bad; people and cards are drawn, nobody is real."""

import io
import random
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import pypdf
from PIL import Image, ImageDraw
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def card(seed: int = 1, size: tuple[int, int] = (1012, 638)) -> Image.Image:
    """A drawn card: a portrait box and rows of marks that differ with the seed, in one layout."""
    dice = random.Random(seed)
    picture = Image.new("RGB", size, (232, 240, 246))
    draw = ImageDraw.Draw(picture)
    for row in range(5):
        for mark in range(14):
            left, top = 60 + mark * 40, 60 + row * 105
            if dice.random() < 0.75:
                draw.rectangle(
                    (left, top, left + dice.randint(8, 34), top + dice.randint(10, 40)), fill=(30, 30, 40)
                )
    draw.rectangle((690, 60, 940, 420), fill=(205, 215, 225))
    draw.ellipse((740, 110, 890, 330), fill=(dice.randint(180, 230), 170, 150))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(seed: int = 1, quality: int = 92) -> bytes:
    """A photograph of the card."""
    return encoded(card(seed), quality=quality)


def with_place_and_turn(seed: int = 1) -> bytes:
    """A photograph lying on its side, with the place it was taken at in its metadata."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (28.0, 13.0, 41.0)
    return encoded(card(seed).rotate(90, expand=True), exif=exif)


def png_header_of(width: int, height: int) -> bytes:
    """A PNG that claims a size; its pixels are few bytes of nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def pdf(pages: int = 1, **more: object) -> bytes:
    """A PDF of drawn pages; `script`, `launch`, `attachment` or `password` make it one to refuse."""
    buffer = io.BytesIO()
    drawn = [card(seed).resize((506, 319)) for seed in range(pages)]
    drawn[0].save(buffer, "PDF", save_all=True, append_images=drawn[1:])
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(buffer.getvalue()))
    if "script" in more:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")}
        names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), _made(action)])})
        writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})
    if "launch" in more:
        action = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("x.exe")}
        writer.root_object[NameObject("/OpenAction")] = _made(action)
    if "attachment" in more:
        writer.add_attachment("virus.exe", b"MZ")
    if "password" in more:
        writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def tiff(pages: int) -> bytes:
    """A scan of several pages."""
    drawn = [card(seed).resize((300, 200)) for seed in range(pages)]
    return encoded(drawn[0], "TIFF", save_all=True, append_images=drawn[1:])


def tiff_without_size() -> bytes:
    """A scan of two pages of which the second does not say how wide it is."""
    before, _, after = tiff(2).rpartition(struct.pack("<HH", 256, 4))
    return before + struct.pack("<HH", 65_000, 4) + after


def _made(entries: Mapping[NameObject, Any]) -> DictionaryObject:
    made = DictionaryObject()
    made.update(entries)
    return made


class Endless:
    """An upload of a size, made while it is read; it counts what was asked of it."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.given = 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes: a JPEG's head and then noughts."""
        count = min(size if size > 0 else self.left, self.left)
        part = (b"\xff\xd8\xff\xe0" + bytes(count))[:count] if self.given == 0 else bytes(count)
        self.left -= count
        self.given += count
        return part
