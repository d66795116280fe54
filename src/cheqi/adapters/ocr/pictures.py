"""From uploaded bytes to upright RGB arrays: type by content, limits first, EXIF honoured, PDF rendered.

The name of a file is never looked at. Limits are checked on the header, before any pixel is decoded, so a
30,000 × 30,000 PNG of a few kilobytes costs nothing.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from cheqi.core.base.text import Text
from cheqi.ports.ocr import UnableToRead, UnreadableReason

Picture = NDArray[np.uint8]
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")
_HEIF_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_PDF_POINTS_PER_INCH = 72
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    RuntimeError,
    ArithmeticError,
    struct.error,
    MemoryError,
)
"""What Pillow's decoders raise on damaged files (AVIF a RuntimeError, TIFF without its size a TypeError)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most. `long_side` is the resolution kept for recognising."""

    max_bytes: int = 50_000_000
    max_pixels: int = 150_000_000
    max_pages: int = 20
    long_side: int = 2400
    pdf_dpi: int = 200


def pages_of(content: bytes, limits: Limits | None = None) -> tuple[Picture, ...]:
    """The pages as height × width × 3 arrays of RGB, at most `long_side` long. Raises UnableToRead."""
    limits = limits or Limits()
    if not content:
        raise _unable(
            UnreadableReason.EMPTY, "文件是空的，请重新拍摄上传", "The file is empty: take the photo again"
        )
    if len(content) > limits.max_bytes:
        limit = f"{limits.max_bytes / 1e6:.0f} MB"
        raise _too_large(f"文件超过 {limit}", f"The file has more than {limit}")
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return tuple(_pdf_pages(content, limits))
    return tuple(_image_pages(content, limits))


def _pdf_pages(content: bytes, limits: Limits) -> Iterator[Picture]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise _unable(
                UnreadableReason.LOCKED,
                "PDF 有密码，请上传未加密的文件",
                "The PDF is locked: upload one without a password",
            ) from error
        raise _damaged() from error
    try:
        if len(document) > limits.max_pages:
            raise _unable(
                UnreadableReason.TOO_MANY_PAGES,
                f"PDF 超过 {limits.max_pages} 页，请只上传需要的页",
                f"The PDF has more than {limits.max_pages} pages: upload the needed ones only",
            )
        for page in document:
            points = max(page.get_size())
            scale = min(limits.pdf_dpi / _PDF_POINTS_PER_INCH, limits.long_side / max(points, 1.0))
            yield _as_array(page.render(scale=scale).to_pil(), limits)
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    finally:
        document.close()


def _image_pages(content: bytes, limits: Limits) -> Iterator[Picture]:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise _unable(
            UnreadableReason.NOT_AN_IMAGE,
            "暂不支持 HEIC 照片，请在相机设置中选择“兼容性最佳”（JPEG）后重新拍摄",
            "HEIC photos are not supported: set the camera to JPEG (most compatible) and take it again",
        )
    image = _opened(content, limits)
    width, height = image.size
    if width * height > limits.max_pixels:
        raise _too_many_pixels(limits)
    try:
        frames = _frames(image, limits)
        for frame in range(frames):
            yield _frame(image, frame, limits)
    except _BROKEN as error:
        raise _damaged() from error


def _frames(image: Image.Image, limits: Limits) -> int:
    """How many pages there are: those of a TIFF, and one of anything that moves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if frames > limits.max_pages:
        raise _unable(
            UnreadableReason.TOO_MANY_PAGES,
            f"文件超过 {limits.max_pages} 页，请只上传需要的页",
            f"The file has more than {limits.max_pages} pages: upload the needed ones only",
        )
    return frames


def _frame(image: Image.Image, number: int, limits: Limits) -> Picture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image.seek(number)
        if image.width * image.height > limits.max_pixels:
            raise _too_many_pixels(limits)
        image.draft("RGB", (limits.long_side, limits.long_side))
        return _as_array(image, limits)


def _opened(content: bytes, limits: Limits) -> Image.Image:
    try:
        Image.init()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(content), formats=[name for name in _FORMATS if name in Image.OPEN])
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    except UnidentifiedImageError as error:
        raise _unable(
            UnreadableReason.NOT_AN_IMAGE,
            "文件内容不是可识别的图片，请上传 JPEG、PNG、WebP、BMP、TIFF 图片或 PDF",
            "The content is no picture we know: upload JPEG, PNG, WebP, BMP, TIFF or PDF",
        ) from error
    except _BROKEN as error:
        raise _damaged() from error


def _as_array(image: Image.Image, limits: Limits) -> Picture:
    upright: Image.Image = ImageOps.exif_transpose(image)
    if upright.mode in {"I", "I;16", "I;16B", "F"}:
        upright = _eight_bit(upright)
    if "A" in upright.getbands() or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)
    upright = upright.convert("RGB")
    longest = max(upright.size)
    if longest > limits.long_side:
        size = tuple(max(1, round(side * limits.long_side / longest)) for side in upright.size)
        upright = upright.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(upright, dtype=np.uint8)


def _eight_bit(image: Image.Image) -> Image.Image:
    values: NDArray[Any] = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) / max(high - low, 1.0) * 255).astype(np.uint8))


def _unable(reason: UnreadableReason, zh: str, en: str) -> UnableToRead:
    return UnableToRead(reason, Text(zh, en))


def _damaged() -> UnableToRead:
    return _unable(
        UnreadableReason.DAMAGED,
        "文件已损坏或不完整，请重新拍摄上传",
        "The file is damaged or incomplete: take the photo again",
    )


def _too_many_pixels(limits: Limits) -> UnableToRead:
    most = limits.max_pixels // 1_000_000
    return _too_large(f"图片超过 {most} 百万像素", f"The picture has more than {most} megapixels")


def _too_large(zh: str, en: str) -> UnableToRead:
    return _unable(
        UnreadableReason.TOO_LARGE, f"{zh}，请缩小后重新上传", f"{en}: make it smaller and upload it again"
    )
