"""The `Ocr` port answered by rapidocr (PP-OCRv6 small, from the wheel; no network).

Detection runs on at most 1.2 million pixels, recognition on crops of the full picture, one by one at their
own width: padding short lines to the model's 320 pixels costs half as much again and reads no better.
Photographs are not enhanced first: measured, every enhancement made recognition worse. A page that lies
sideways or upside down is turned; see `_Reader`. Boxes found on a turned page end a little early now and
then, so they are found again once it is upright, where there is time for it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecognizer

from cheqi.adapters.ocr.pictures import Limits, Picture, pages_of
from cheqi.core.documents.boxes import Box, Page

Quad = NDArray[np.float32]
_LINE_HEIGHT = 48
_SHORTEST_LINE = 64
_LONGEST_LINE = 3200
_SURE = 0.9
_CERTAIN = 0.98
_VARIANTS = 4
_TELLING_HEIGHTS = 8
_MOST_PIXELS = 24_000
"""The lines read of one page, in pixels of width at the height of recognition: about one CPU-second."""
_REDUCED, _FAR = 1.6, 0.5
"""Text that fills less than half of a picture with 1.6 times the pixels of detection is looked at closer."""
_MANY = 100
"""With so many boxes there is no time for a closer look, and the print is not small."""
_CROWDED = 5
"""So many boxes on one line make it a row of a table."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    confidences: tuple[float, ...]
    centres: tuple[float, ...]

    @property
    def confidence(self) -> float:
        return sum(self.confidences) / len(self.confidences) if self.confidences else 0.0


class RapidOcr:
    """Reads pictures and PDFs. The models (300 MB in memory) are loaded at first use and kept."""

    def __init__(
        self, *, threads: int = 1, detection_pixels: int = 1_200_000, limits: Limits | None = None
    ) -> None:
        self._threads = threads
        self._detection_pixels = detection_pixels
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._models: _Reader | None = None

    def read(self, image: bytes) -> tuple[Page, ...]:
        """One page for a picture, one for each page of a PDF. Raises UnableToRead."""
        return tuple(self.read_picture(picture) for picture in pages_of(image, self._limits))

    def read_picture(self, picture: Picture) -> Page:
        """The boxes of one decoded RGB picture."""
        with self._lock:
            if self._models is None:
                self._models = _Reader(self._threads, self._detection_pixels)
        return self._models.read(picture)


class _Reader:
    """The loaded models and the walk: detect, find out how the page lies, recognise."""

    def __init__(self, threads: int, detection_pixels: int) -> None:
        settings = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
                "Det.limit_side_len": 32,
            }
        )
        self._detection_pixels = detection_pixels
        self._detector = TextDetector(_part(settings, "Det"))
        recogniser = TextRecognizer(_part(settings, "Rec"))
        self._session = recogniser.session
        self._alphabet = _simplified(recogniser.postprocess_op.character)

    def read(self, picture: Picture) -> Page:
        image = np.ascontiguousarray(picture[:, :, ::-1])
        quads = self._detect(image)
        turned = 0
        if _lies_sideways(quads):
            quads = [_quarter_turned(quad, image.shape[1]) for quad in quads]
            image = np.ascontiguousarray(np.rot90(image))
            turned = 270
        if self._stands_on_its_head(image, quads):
            quads = [_half_turned(quad, image) for quad in quads]
            image = np.ascontiguousarray(image[::-1, ::-1])
            turned = (turned + 180) % 360
        if turned and (turned != 180 or sum(map(_width, quads)) < _MOST_PIXELS / 2):
            quads = self._detect(image)
        if (region := _far_region(image, quads, self._detection_pixels)) is not None:
            quads = self._detect_in(image, region)
        quads = _within_budget(quads)
        lines = [self._recognise(_crop(image, quad)) for quad in quads]
        boxes = tuple(
            Box(
                line.text,
                round(line.confidence, 4),
                tuple((round(float(x), 1), round(float(y), 1)) for x, y in quad),
                line.confidences,
                line.centres,
            )
            for quad, line in zip(quads, lines, strict=True)
            if line.text.strip()
        )
        return Page(image.shape[1], image.shape[0], boxes, turned)

    def _detect(self, image: Picture) -> list[Quad]:
        height, width = image.shape[:2]
        wanted = max(1.0, 736 / max(1, min(height, width)))
        scale = min(wanted, (self._detection_pixels / (height * width)) ** 0.5)
        size = (max(32, round(width * scale)), max(32, round(height * scale)))
        resized = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        found = self._detector(resized).boxes
        if found is None:
            return []
        factors = np.array([width / size[0], height / size[1]], dtype=np.float32)
        return [np.asarray(quad, dtype=np.float32) * factors for quad in found]

    def _detect_in(self, image: Picture, region: tuple[int, int, int, int]) -> list[Quad]:
        left, top, right, low = region
        corner = np.array([left, top], dtype=np.float32)
        return [quad + corner for quad in self._detect(np.ascontiguousarray(image[top:low, left:right]))]

    def _stands_on_its_head(self, image: Picture, quads: list[Quad]) -> bool:
        """Compares both ways of reading the longest lines, only where the first way is unsure."""
        sample = sorted(quads, key=_length, reverse=True)[:4]
        if not sample:
            return False
        crops = [_beginning(_crop(image, quad)) for quad in sample]
        upright = [self._recognise(crop).confidence for crop in crops]
        if sum(upright) / len(upright) >= _SURE:
            return False
        turned = [self._recognise(np.ascontiguousarray(crop[::-1, ::-1])).confidence for crop in crops]
        return sum(turned) > sum(upright) + 0.1 * len(crops)

    def _recognise(self, crop: Picture) -> _Line:
        height, width = crop.shape[:2]
        used = min(_LONGEST_LINE, max(8, round(_LINE_HEIGHT * width / height)))
        total = max(_SHORTEST_LINE, used)
        line = np.zeros((1, 3, _LINE_HEIGHT, total), dtype=np.float32)
        resized = cv2.resize(crop, (used, _LINE_HEIGHT)).astype(np.float32)
        line[0, :, :, :used] = resized.transpose(2, 0, 1) / 127.5 - 1.0
        return self._decode(self._session(line)[0], total / used)

    def _decode(self, probabilities: NDArray[np.float32], stretch: float) -> _Line:
        """Greedy CTC: a character where the best class changes to something that is not blank (0)."""
        best = probabilities.argmax(axis=1)
        steps = [step for step, kind in enumerate(best) if kind and (step == 0 or kind != best[step - 1])]
        text = "".join(self._alphabet[best[step]] for step in steps)
        confidences = tuple(round(self._confidence(probabilities[step]), 4) for step in steps)
        centres = tuple(min(1.0, round((step + 0.5) / len(best) * stretch, 4)) for step in steps)
        return _Line(text, confidences, centres)

    def _confidence(self, classes: NDArray[np.float32]) -> float:
        """That of the best class, and of the next ones where they are the same simplified (黄, 黃)."""
        winner = int(classes.argmax())
        if classes[winner] > _CERTAIN:
            return float(classes[winner])
        likely = np.argpartition(classes, -_VARIANTS)[-_VARIANTS:]
        best = self._alphabet[winner]
        total = sum(float(classes[kind]) for kind in likely if self._alphabet[kind] == best)
        return min(1.0, total)


def _simplified(alphabet: Sequence[str]) -> list[str]:
    """The model's characters in simplified form, one for one (漢 becomes 汉)."""
    convert = OpenCC("t2s").convert
    return [
        simple if len(simple := convert(character)) == len(character) else character for character in alphabet
    ]


def _part(settings: Any, name: str) -> Any:
    part = settings.cfg[name]
    part.engine_cfg = settings.cfg.EngineConfig[part.engine_type.value]
    part.model_root_dir = settings.cfg.Global.model_root_dir
    return part


def _length(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _far_region(image: Picture, quads: list[Quad], detected: int) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of the text where it fills little of a picture that was reduced for it."""
    height, width = image.shape[:2]
    if not 0 < len(quads) <= _MANY or height * width < _REDUCED * detected:
        return None
    corners = np.concatenate(quads)
    margin = 2 * float(np.median([np.linalg.norm(quad[3] - quad[0]) for quad in quads]))
    left, top = (int(side) for side in np.maximum(corners.min(axis=0) - margin, 0))
    right, low = (int(side) for side in np.minimum(corners.max(axis=0) + margin, (width, height)))
    fills = (right - left) * (low - top) / (height * width)
    return (left, top, right, low) if fills < _FAR else None


def _quarter_turned(quad: Quad, width: int) -> Quad:
    """The corners after the picture was turned a quarter to the left, again from the top left of the text."""
    turned = np.stack([quad[:, 1], width - quad[:, 0]], axis=1)
    return np.asarray(turned[[1, 2, 3, 0]], dtype=np.float32)


def _half_turned(quad: Quad, image: Picture) -> Quad:
    """The corners after the picture was turned upside down, again from the top left of the text."""
    height, width = image.shape[:2]
    return (np.array([width, height], dtype=np.float32) - quad)[[2, 3, 0, 1]]


def _beginning(crop: Picture) -> Picture:
    """As much of a line as tells which way up it stands."""
    return np.ascontiguousarray(crop[:, : _TELLING_HEIGHTS * crop.shape[0]])


def _width(quad: Quad) -> float:
    """The width of the line at the height of recognition, in pixels: what it costs to read."""
    return _LINE_HEIGHT * _length(quad) / max(1.0, float(np.linalg.norm(quad[3] - quad[0])))


def _within_budget(quads: list[Quad]) -> list[Quad]:
    """All boxes, or of a page with too many the sparse lines first and then full ones from the top.

    Tables of transactions are the full lines: their head, and what stands above and below, is always read.
    """
    if sum(map(_width, quads)) <= _MOST_PIXELS:
        return quads
    middles = np.array([quad.mean(axis=0)[1] for quad in quads])
    halves = np.array([float(np.linalg.norm(quad[3] - quad[0])) / 2 for quad in quads])
    crowded = [
        int((np.abs(middles - middle) < half).sum()) >= _CROWDED
        for middle, half in zip(middles, halves, strict=True)
    ]
    kept: set[int] = set()
    spent = 0.0
    for number in sorted(range(len(quads)), key=lambda number: (crowded[number], middles[number])):
        spent += _width(quads[number])
        if spent > _MOST_PIXELS:
            break
        kept.add(number)
    return [quad for number, quad in enumerate(quads) if number in kept]


def _lies_sideways(quads: list[Quad]) -> bool:
    """Most of the text, by length, runs down the page."""
    upright = sideways = 0.0
    for quad in quads:
        along, across = _length(quad), float(np.linalg.norm(quad[3] - quad[0]))
        if across > 1.5 * along:
            sideways += across
        elif along > 1.5 * across:
            upright += along
    return sideways > upright


def _crop(image: Picture, quad: Quad) -> Picture:
    """The quadrilateral made rectangular."""
    left, right = quad[3] - quad[0], quad[2] - quad[1]
    width = int(max(_length(quad), float(np.linalg.norm(quad[2] - quad[3])), 1.0))
    height = int(max(float(np.linalg.norm(left)), float(np.linalg.norm(right)), 1.0))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    transform = cv2.getPerspectiveTransform(quad, corners)
    crop = cv2.warpPerspective(
        image, transform, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(crop, dtype=np.uint8)
