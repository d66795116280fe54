"""What a recogniser saw: boxes of text on a page.

Coordinates are pixels of the page as it was read, x to the right, y down. A page that had to be turned to
be read says by how many degrees clockwise, and maps a polygon back onto the photograph that was given:

>>> page = Page(width=100, height=60, boxes=(), rotation=90)
>>> page.on_photograph(((0.0, 0.0),))
((0.0, 100.0),)
"""

from dataclasses import dataclass

Point = tuple[float, float]
Polygon = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """One run of text. `polygon` is its four corners clockwise from the top left of the text.

    `confidences` and `centres` tell of each character how sure the recogniser is and where along the box
    its middle lies (0 left, 1 right); a recogniser that does not know leaves them empty.
    """

    text: str
    confidence: float
    polygon: Polygon
    confidences: tuple[float, ...] = ()
    centres: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.polygon) != 4:
            raise ValueError("a box has four corners")
        for known in (self.confidences, self.centres):
            if known and len(known) != len(self.text):
                raise ValueError("one confidence and one centre for each character")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read. `rotation`: degrees clockwise the photograph was turned to be upright."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    rotation: int = 0

    def __post_init__(self) -> None:
        if self.rotation not in (0, 90, 180, 270):
            raise ValueError("pages are turned by right angles only")

    def on_photograph(self, polygon: Polygon) -> Polygon:
        """The polygon in the pixels of the photograph before it was turned."""
        return tuple(self._unturned(x, y) for x, y in polygon)

    def _unturned(self, x: float, y: float) -> Point:
        if self.rotation == 90:
            return y, self.width - x
        if self.rotation == 180:
            return self.width - x, self.height - y
        if self.rotation == 270:
            return self.height - y, x
        return x, y
