"""Recognisers for the tests, named as what they are: they see what the test says."""

from collections.abc import Sequence

from cheqi.core.base.text import Text
from cheqi.core.documents.boxes import Box, Page
from cheqi.ports.ocr import UnableToRead, UnreadableReason

ID_FRONT = (
    "姓名 王小雨",
    "性别 女",
    "民族 汉",
    "出生 1990年1月1日",
    "住址 浙江省杭州市西湖区示范小区3幢201室",
    "公民身份号码 330106199001010022",
)
"""A made-up person whose number has a right check digit (computed in the test that uses it)."""


class Sees:
    """A recogniser that sees the same lines on every page, one below the other."""

    version = "test-1"

    def __init__(self, lines: Sequence[str], confidence: float = 0.99) -> None:
        self._lines, self._confidence = lines, confidence
        self.calls = 0

    def read(self, image: bytes) -> tuple[Page, ...]:
        """The lines as boxes on a page of 1012 × 638."""
        self.calls += 1
        return (Page(1012, 638, tuple(self._box(row, line) for row, line in enumerate(self._lines))),)

    def _box(self, row: int, line: str) -> Box:
        left, top, right = 60.0, 40.0 + row * 95, 60.0 + 26 * len(line)
        return Box(line, self._confidence, ((left, top), (right, top), (right, top + 34), (left, top + 34)))


class CannotRead:
    """A recogniser that objects to the picture."""

    version = "test-1"

    def read(self, image: bytes) -> tuple[Page, ...]:
        """Refuses."""
        raise UnableToRead(UnreadableReason.DAMAGED, Text("照片损坏，请重新上传。", "Damaged: upload again."))


class Dies:
    """A recogniser whose process ends in the middle."""

    version = "test-1"

    def read(self, image: bytes) -> tuple[Page, ...]:
        """Ends as a killed process does: nothing after this line runs."""
        raise SystemExit(137)


class Breaks:
    """A recogniser with a fault."""

    version = "test-1"

    def read(self, image: bytes) -> tuple[Page, ...]:
        """Fails."""
        raise RuntimeError("model file is damaged")
