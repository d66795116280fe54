"""Uploads become upright pixels, or say why not, before anything large is decoded."""

import contextlib
import io
import random
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cheqi.adapters.ocr.pictures import Limits, pages_of
from cheqi.ports.ocr import UnableToRead, UnreadableReason


def a_picture(size: tuple[int, int] = (120, 60), mode: str = "RGB") -> Image.Image:
    """White, with a black block at the top left."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="black")
    return image.convert(mode)


def packed(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def reason(content: bytes, limits: Limits | None = None) -> UnreadableReason:
    with pytest.raises(UnableToRead) as caught:
        pages_of(content, limits)
    return caught.value.reason


def png_header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PDF"])
def test_every_supported_format_gives_the_same_pixels(kind: str) -> None:
    (page,) = pages_of(packed(a_picture(), kind))
    height, width = page.shape[:2]
    assert width == 2 * height
    assert page[height // 8, width // 8].max() < 40
    assert page[-2, -2].min() > 215


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_every_colour_mode_becomes_rgb(mode: str) -> None:
    image = (
        a_picture(mode="L").convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else None
    )
    image = image or a_picture(mode=mode)
    (page,) = pages_of(packed(image, "TIFF"))
    assert page.shape == (60, 120, 3)
    assert page[5, 5].max() < 40
    assert page[-2, -2].min() > 215


def test_transparency_is_paper() -> None:
    (page,) = pages_of(packed(Image.new("RGBA", (40, 40), (0, 0, 0, 0))))
    assert page.min() == 255


def test_the_orientation_that_a_camera_noted_is_honoured() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = pages_of(packed(a_picture(), "JPEG", exif=exif))
    assert page.shape[:2] == (120, 60)
    assert page[5, -5].max() < 60


def test_a_large_photograph_is_reduced() -> None:
    (page,) = pages_of(packed(a_picture((3000, 1500))))
    assert page.shape == (1200, 2400, 3)


def test_each_page_of_a_pdf_and_of_a_tiff_is_one() -> None:
    for kind in ("PDF", "TIFF"):
        content = packed(a_picture(), kind, save_all=True, append_images=[a_picture((60, 120))])
        first, second = pages_of(content)
        assert first.shape[1] > first.shape[0]
        assert second.shape[1] < second.shape[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", UnreadableReason.EMPTY),
        ("这是文字".encode(), UnreadableReason.NOT_AN_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnreadableReason.NOT_AN_IMAGE),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UnreadableReason.NOT_AN_IMAGE),
        (b"%PDF-1.7 and nothing else", UnreadableReason.DAMAGED),
        (png_header(30_000, 30_000), UnreadableReason.TOO_LARGE),
        (png_header(400, 400), UnreadableReason.DAMAGED),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, expected: UnreadableReason) -> None:
    assert reason(content) is expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_half_a_file_is_damaged(kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    content = packed(Image.fromarray(noise), kind)
    assert reason(content[: len(content) // 2]) in {UnreadableReason.DAMAGED, UnreadableReason.NOT_AN_IMAGE}


@pytest.mark.parametrize("kind", ["AVIF", "TIFF", "GIF", "WEBP", "BMP", "PNG", "JPEG"])
def test_a_file_with_wrong_bytes_is_read_or_refused_but_never_breaks_the_reader(kind: str) -> None:
    whole = packed(a_picture(), kind)
    dice = random.Random(kind)
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(8):
            broken[dice.randrange(min(len(broken), 400))] = dice.randrange(256)
        with contextlib.suppress(UnableToRead):
            assert pages_of(bytes(broken))


def test_a_tiff_whose_second_page_has_no_size_is_damaged() -> None:
    whole = packed(a_picture(), "TIFF", save_all=True, append_images=[a_picture()])
    before, width, after = whole.rpartition(struct.pack("<HH", 256, 4))
    unsized = before + struct.pack("<HH", 65_000, 4) + after
    assert width
    assert reason(unsized) is UnreadableReason.DAMAGED


@pytest.mark.parametrize(
    ("limits", "content", "expected"),
    [
        (Limits(max_bytes=10), lambda: packed(a_picture()), UnreadableReason.TOO_LARGE),
        (Limits(max_pixels=100), lambda: packed(a_picture()), UnreadableReason.TOO_LARGE),
        (
            Limits(max_pages=1),
            lambda: packed(a_picture(), "PDF", save_all=True, append_images=[a_picture()]),
            UnreadableReason.TOO_MANY_PAGES,
        ),
        (
            Limits(max_pages=1),
            lambda: packed(a_picture(), "TIFF", save_all=True, append_images=[a_picture()]),
            UnreadableReason.TOO_MANY_PAGES,
        ),
    ],
)
def test_limits_are_held(limits: Limits, content: Callable[[], bytes], expected: UnreadableReason) -> None:
    assert reason(content(), limits) is expected
