"""Which label each piece of value belongs to.

To the one it follows in its box, else to the nearest label on its left on the same line; else it continues
the multi-line value above it, or stands right below a label that has nothing beside it.
"""

from collections.abc import Sequence
from statistics import median

from cheqi.core.documents.labels import Label, Occurrence, Piece, find
from cheqi.core.documents.layout import Span

_COLUMN = 2.5
"""A gap of so many heights may part two columns."""
_TELLING = 5
_ASKEW = 0.2
"""Values printed higher or lower than their labels by this share of a height are all looked for there."""


def assign(spans: Sequence[Span], labels: Sequence[Label]) -> tuple[list[Occurrence], list[Piece]]:
    """Every occurrence of a label with its pieces, and the pieces that belong to none."""
    found, pieces = find(spans, labels)
    free = _give(pieces, found, 0.0)
    shift = _shift(found)
    if shift:
        for occurrence in found:
            occurrence.pieces, occurrence.is_unsure = [], False
        free = _give(pieces, found, shift)
    return found, free


def _shift(found: Sequence[Occurrence]) -> float:
    """How far below their labels the values are printed: printers that fill forms are not aligned."""
    drops = [
        (piece.y - occurrence.y, max(piece.height, occurrence.height))
        for occurrence in found
        for piece in occurrence.pieces[:1]
        if piece.after is None and not occurrence.spread and piece.left > occurrence.right
    ]
    if len(drops) < _TELLING:
        return 0.0
    drop = median(drop for drop, _ in drops)
    return drop if abs(drop) > _ASKEW * median(height for _, height in drops) else 0.0


def _give(pieces: Sequence[Piece], found: Sequence[Occurrence], shift: float) -> list[Piece]:
    """Gives each piece to a label; returns those left over."""
    free = []
    lines: list[tuple[Piece, Occurrence]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.y, piece.left)):
        owner = found[piece.after] if piece.after is not None else _on_the_left(piece, found, shift)
        if owner is not None and piece.after is None and _is_of_another_column(piece, owner, pieces):
            owner = _flush_above(piece, lines) or owner
        elif owner is None:
            owner = _above(piece, lines)
            if owner is not None and any(
                _on_the_left(other, found, shift) is None and _above(other, lines) is None
                for other in _beside(piece, owner, pieces)
            ):
                owner.is_unsure = True
                owner = None
        if owner is None:
            free.append(piece)
            continue
        owner.pieces.append(piece)
        lines.append((piece, owner))
    for occurrence in found:
        if occurrence.label.key and not occurrence.pieces:
            _give_below(occurrence, free)
    return free


def _is_of_another_column(piece: Piece, owner: Occurrence, pieces: Sequence[Piece]) -> bool:
    """Whether another value stands between the label and `piece`, with a wide gap before `piece`."""
    before = [
        other
        for other in pieces
        if other is not piece
        and owner.right - other.height < other.left < piece.left
        and abs(other.y - piece.y) < 0.5 * max(piece.height, other.height)
    ]
    return bool(before) and piece.left - max(other.right for other in before) > _COLUMN * piece.height


def _flush_above(piece: Piece, lines: Sequence[tuple[Piece, Occurrence]]) -> Occurrence | None:
    """The multi-line field right above whose value begins where `piece` does."""
    owner = _above(piece, lines)
    if owner is None or abs(owner.pieces[0].left - piece.left) > piece.height:
        return None
    return owner


def _beside(piece: Piece, owner: Occurrence, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces on the line of `piece` that stand left of the value it may continue.

    A row of its own (状态 正常, where 状态 is no label we know) looks like the next line of the value above.
    """
    edge = min(other.left for other in owner.pieces)
    return [
        other
        for other in pieces
        if other is not piece
        and other.after is None
        and other.right < edge + 0.3 * other.height
        and abs(other.y - piece.y) < 0.5 * max(piece.height, other.height)
    ]


def _give_below(occurrence: Occurrence, free: list[Piece]) -> None:
    """A label with nothing on its right may stand above its value, flush left."""
    for piece in free:
        tall = max(piece.height, occurrence.height)
        is_flush = abs(piece.left - occurrence.left) < 1.5 * tall
        if is_flush and 0.6 * tall < piece.y - occurrence.y < 2.6 * tall:
            occurrence.pieces.append(piece)
            free.remove(piece)
            return


def _on_the_left(piece: Piece, found: Sequence[Occurrence], shift: float) -> Occurrence | None:
    best, best_cost = None, 0.0
    for occurrence in found:
        tall = max(piece.height, occurrence.height)
        away = max(0.0, abs(piece.y - shift - occurrence.y) - occurrence.spread)
        gap = piece.left - occurrence.right
        if away > 0.65 * tall or gap < -0.8 * tall:
            continue
        cost = gap + 3 * away
        if best is None or cost < best_cost:
            best, best_cost = occurrence, cost
    return best


def _above(piece: Piece, lines: Sequence[tuple[Piece, Occurrence]]) -> Occurrence | None:
    """The multi-line field whose last line stands right above."""
    best, best_drop = None, 0.0
    for upper, owner in lines:
        if not owner.label.multiline:
            continue
        tall = max(piece.height, upper.height)
        drop = piece.y - upper.y
        aligned = owner.pieces[0].left - 1.2 * tall < piece.left < upper.right
        alike = 0.6 < piece.height / upper.height < 1.7
        if not 0.5 * tall < drop < 2.3 * tall or not aligned or not alike:
            continue
        if best is None or drop < best_drop:
            best, best_drop = owner, drop
    return best
