"""Whether two photographs are copies of one: fingerprints that survive compressing and resizing.

A difference hash: the picture in grey on a grid, one bit for each point that is clearly darker than its
right neighbour. Two grids, because one cannot do both jobs:

- **coarse** (16 × 16, 256 bits) finds candidates. It is cut into eight bands of 32 bits: two that differ in
  at most seven bits share at least one band (pigeonhole), so an index over bands brings all of them.
- **detail** (48 × 48, 2,304 bits) decides. Documents of one kind look alike by nature: two people's cards,
  scanned by one machine, differ in only 4 coarse bits but in 45 or more detail bits; copies of one picture
  (JPEG quality 40, half the size) in at most 28. Measured on drawn cards; the tests hold both sides.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

COARSE_DISTANCE = 7
DETAIL_DISTANCE = 32

_COARSE_EDGE, _COARSE_MARGIN = 16, 2
_DETAIL_EDGE, _DETAIL_MARGIN = 48, 3
_BANDS, _BAND_BITS = 8, 32
_FEATURELESS_BITS = 24


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Both grids in hexadecimal; empty for a page too bare to tell from another, such as a blank sheet."""

    coarse: str = ""
    detail: str = ""

    def bands(self) -> tuple[int, ...]:
        """The eight index entries, each with its band's number in the upper bits; none when empty."""
        if not self.coarse:
            return ()
        number, mask = int(self.coarse, 16), (1 << _BAND_BITS) - 1
        return tuple(
            (band << _BAND_BITS) | ((number >> (band * _BAND_BITS)) & mask) for band in range(_BANDS)
        )

    def is_copy_of(self, other: "Fingerprint") -> bool:
        """Whether both come from one photograph, as far as pictures can tell."""
        if not (self.coarse and other.coarse):
            return False
        return (
            distance(self.coarse, other.coarse) <= COARSE_DISTANCE
            and distance(self.detail, other.detail) <= DETAIL_DISTANCE
        )


def fingerprint(picture: Image.Image) -> Fingerprint:
    """The fingerprint of a picture, empty when too little is on it."""
    grey = picture.convert("L")
    detail = _grid(grey, _DETAIL_EDGE, _DETAIL_MARGIN)
    if int(detail.sum()) < _FEATURELESS_BITS:
        return Fingerprint()
    coarse = _grid(grey, _COARSE_EDGE, _COARSE_MARGIN)
    return Fingerprint(np.packbits(coarse).tobytes().hex(), np.packbits(detail).tobytes().hex())


def distance(one: str, other: str) -> int:
    """In how many bits two hexadecimal numbers differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _grid(grey: Image.Image, edge: int, margin: int) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    levels = np.asarray(grey.resize((edge + 1, edge), Image.Resampling.BOX), dtype=np.int16)
    return (levels[:, :-1] + margin) < levels[:, 1:]
