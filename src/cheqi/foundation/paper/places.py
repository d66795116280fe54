"""Where the signatures stand on the signing page, in one place for the printed box and the real signature.

A page of A4, millimetres from the top left for the template, points from the bottom left for the PDF:

>>> place = places_for([Signatory("LENDER", "lender", "贷款人", "车契演示汽车金融有限公司")])[0]
>>> (place.x, place.y, place.points())
(100, 62, (283, 581, 510, 666))
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

A4_HEIGHT_MM = 297
MAX_SIGNATORIES = 6
_LEFT_MM, _TOP_MM, _WIDTH_MM, _HEIGHT_MM, _PITCH_MM = 100, 62, 80, 30, 35


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: the role, the field in the PDF, and what is printed beside the box.

    `party_id` is the customer's; the lender has none.
    """

    role: str
    field: str
    title: str
    name: str
    detail: str = ""
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A signature's box, in millimetres from the top left of the page."""

    field: str
    title: str
    name: str
    detail: str
    x: int
    y: int
    width: int = _WIDTH_MM
    height: int = _HEIGHT_MM

    def points(self) -> tuple[int, int, int, int]:
        """The box as a PDF wants it: left, bottom, right, top in points."""
        bottom = A4_HEIGHT_MM - self.y - self.height
        return _pt(self.x), _pt(bottom), _pt(self.x + self.width), _pt(bottom + self.height)

    def as_data(self) -> dict[str, Any]:
        """For the template."""
        return asdict(self)


def places_for(signatories: Sequence[Signatory]) -> tuple[Place, ...]:
    """One box each, from the top down. Raises ValueError for more than fit on the page."""
    if len(signatories) > MAX_SIGNATORIES:
        raise ValueError(f"a signing page holds {MAX_SIGNATORIES} signatures, not {len(signatories)}")
    return tuple(
        Place(each.field, each.title, each.name, each.detail, _LEFT_MM, _TOP_MM + _PITCH_MM * index)
        for index, each in enumerate(signatories)
    )


def _pt(millimetres: int) -> int:
    return round(millimetres * 72 / 25.4)
