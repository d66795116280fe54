"""From boxes on a tilted photograph to spans on straight lines.

A photograph is turned by some degrees and seen in perspective, so lines lean, and lean differently over the
page. The lean of the long boxes is fitted as a + b·x + c·y and integrated away; after that, text that stood
on one line has one `y`, and columns have one `x` as well as they need to.

Sublabels in English are taken out here: no value on these documents has small Latin letters.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cheqi.core.documents.boxes import Box, Page, Polygon

_LEAST_CONFIDENCE = 0.5
_LEAST_CONFIDENCE_SHORT = 0.75
_SUBLABEL = re.compile(r"[A-Za-z][A-Za-z.'’, ]*[a-z]{2}[A-Za-z.'’,]*|\bN[oO]\.$")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Character:
    """One character with its confidence and the middle of its place, in straight pixels."""

    text: str
    confidence: float
    x: float


@dataclass(frozen=True, slots=True)
class Span:
    """The characters of one box on a straight line. `fractions` places each along the box, 0 to 1.

    `margins`: how much of the box lies before the middle of the first character and after that of the last,
    in heights of the box.
    """

    characters: tuple[Character, ...]
    fractions: tuple[float, ...]
    left: float
    right: float
    y: float
    height: float
    polygon: Polygon
    margins: tuple[float, float] = (0.0, 0.0)

    @property
    def text(self) -> str:
        """What the span reads."""
        return "".join(character.text for character in self.characters)

    def quad(self, start: int, end: int) -> Polygon:
        """The corners on the page of the characters from `start` to before `end`."""
        half = 0.5 / max(1, len(self.characters))
        first = max(0.0, self.fractions[start] - half)
        last = min(1.0, self.fractions[end - 1] + half)
        top_left, top_right, low_right, low_left = self.polygon
        return (
            _between(top_left, top_right, first),
            _between(top_left, top_right, last),
            _between(low_left, low_right, last),
            _between(low_left, low_right, first),
        )


def spans_of(page: Page) -> tuple[Span, ...]:
    """The legible spans, straightened, without sublabels, from top to bottom."""
    boxes = [box for box in page.boxes if _is_legible(box)]
    if not boxes:
        return ()
    corners = np.array([box.polygon for box in boxes], dtype=np.float64)
    straight = _straightened(corners)
    spans = [_span(box, quad) for box, quad in zip(boxes, straight, strict=True)]
    return tuple(sorted((span for span in spans if span is not None), key=lambda span: (span.y, span.left)))


def _is_legible(box: Box) -> bool:
    least = _LEAST_CONFIDENCE_SHORT if len(box.text.strip()) == 1 else _LEAST_CONFIDENCE
    return bool(box.text.strip()) and box.confidence >= least


def _straightened(corners: Numbers) -> Numbers:
    left = (corners[:, 0] + corners[:, 3]) / 2
    right = (corners[:, 1] + corners[:, 2]) / 2
    along = right - left
    height = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    length = np.maximum(along[:, 0], 1.0)
    lean = along[:, 1] / length
    telling = length > 2.5 * height
    centre = corners.reshape(-1, 2).mean(axis=0)
    a, b, c = _fit_lean((left + right) / 2 - centre, lean, np.where(telling, length, 0.0))
    x, y = corners[:, :, 0] - centre[0], corners[:, :, 1] - centre[1]
    straight_y = y - (a * x + b * x * x / 2 + c * x * y)
    straight_x = x + a * y
    return np.stack([straight_x, straight_y], axis=2)


def _fit_lean(at: Numbers, lean: Numbers, weight: Numbers) -> tuple[float, float, float]:
    """Weighted least squares, three rounds with outliers weighed down; a plain median for few lines."""
    used = weight > 0
    if not used.any():
        return 0.0, 0.0, 0.0
    middle = float(np.median(lean[used]))
    if int(used.sum()) < 6:
        return middle, 0.0, 0.0
    columns = np.stack([np.ones(len(at)), at[:, 0], at[:, 1]], axis=1)
    solution = np.array([middle, 0.0, 0.0])
    for _ in range(3):
        away = np.abs(lean - columns @ solution)
        scale = max(0.005, float(np.median(away[used])))
        root = np.sqrt(weight / (1.0 + (away / (2 * scale)) ** 2))
        solution, *_ = np.linalg.lstsq(columns * root[:, None], lean * root, rcond=None)
    return float(solution[0]), float(solution[1]), float(solution[2])


def _span(box: Box, quad: Numbers) -> Span | None:
    left = float(quad[[0, 3], 0].mean())
    right = float(quad[[1, 2], 0].mean())
    y = float(quad[:, 1].mean())
    height = float(abs(quad[[2, 3], 1].mean() - quad[[0, 1], 1].mean())) or 1.0
    count = len(box.text)
    centres = box.centres or tuple((place + 0.5) / count for place in range(count))
    confidences = box.confidences or (box.confidence,) * count
    dropped = {place for match in _SUBLABEL.finditer(box.text) for place in range(match.start(), match.end())}
    kept = [place for place in range(count) if place not in dropped and not box.text[place].isspace()]
    if not kept or box.text.strip() == "VIN":
        return None
    long = float(np.linalg.norm(np.subtract(box.polygon[1], box.polygon[0])))
    tall = float(np.linalg.norm(np.subtract(box.polygon[3], box.polygon[0]))) or 1.0
    lead = centres[0] * long / tall if kept[0] == 0 else 0.0
    trail = (1.0 - centres[-1]) * long / tall if kept[-1] == count - 1 else 0.0
    characters = tuple(
        Character(box.text[place], confidences[place], left + centres[place] * (right - left))
        for place in kept
    )
    return Span(
        characters,
        tuple(centres[place] for place in kept),
        left + (right - left) * (centres[kept[0]] - 0.5 / count),
        left + (right - left) * (centres[kept[-1]] + 0.5 / count),
        y,
        height,
        box.polygon,
        (lead, trail),
    )


def _between(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
