"""A recogniser that is told what stands on the drawn documents: fast, exact, and named as what it is.

While `draw` draws, the text it puts on the sheet is written down with its place. The recogniser finds the
sheet again by its look (an upload is encoded anew, so bytes say nothing) and answers what was written.

    told = Told()
    picture = told.drawn("ID_CARD_FRONT", facts)      # PNG bytes, to be uploaded
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import numpy as np
from PIL import Image

from cheqi.core.documents.boxes import Box, Page
from cheqi.core.documents.kinds import Kind
from cheqi.demo.drawing import Facts, draw
from cheqi.demo.drawing.canvas import Canvas

_LOOK = (24, 24)


class Told:
    """Answers what was drawn."""

    version = "told-1"

    def __init__(self) -> None:
        self._sheets: list[tuple[np.ndarray, Page]] = []

    def drawn(self, slot: str, facts: Facts, seed: int = 1) -> bytes:
        """Draws the document of a slot and remembers what it says."""
        with _written_down() as boxes:
            image = draw(Kind(slot), facts, seed).image
        self._sheets.append((_look(image), Page(image.width, image.height, tuple(boxes))))
        packed = io.BytesIO()
        image.save(packed, "PNG")
        return packed.getvalue()

    def read(self, image: bytes) -> tuple[Page, ...]:
        """The page that looks like this picture."""
        seen = _look(Image.open(io.BytesIO(image)))
        distances = [float(np.abs(look - seen).mean()) for look, _ in self._sheets]
        return (self._sheets[distances.index(min(distances))][1],)


@contextmanager
def _written_down() -> Iterator[list[Box]]:
    boxes: list[Box] = []
    text = Canvas.text

    def noting(canvas: Canvas, at: tuple[float, float], words: str, size: int, **style: object) -> float:
        end = text(canvas, at, words, size, **style)  # type: ignore[arg-type]
        left, top, bottom = at[0], at[1] - size / 2, at[1] + size / 2
        boxes.append(Box(words, 0.999, ((left, top), (end, top), (end, bottom), (left, bottom))))
        return end

    with mock.patch.object(Canvas, "text", noting):
        yield boxes


def _look(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L").resize(_LOOK), dtype=np.float64)
