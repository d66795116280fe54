"""Finding printed labels among spans, and the text that belongs to each.

A recogniser merges and splits as it likes: 「姓名汪鑫」 is one box, 「所有」 and 「人王京」 are two. So
labels are looked for character by character along chains of neighbouring spans, and what is left between
them are pieces of value. A piece belongs to the nearest label on its left on the same line, or continues
the multi-line value above it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cheqi.core.documents.boxes import Polygon
from cheqi.core.documents.layout import Span

_IGNORED = frozenset("。“”‘’'`~… :：.．·/／、()（）-_*|｜，,;；=")
_LEADING = frozenset(":：|")
_LEADING_AFTER_LABEL = _IGNORED - {"(", "（", "*", "-"}
_FUZZY_FROM = 4
_FREE_FROM = 4
_LONG = 8
"""A label of so many characters may have two wrong ones."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text to look for, and the field it announces (empty: only a border for others)."""

    text: str
    key: str
    multiline: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one span that are not a label."""

    text: str
    confidences: tuple[float, ...]
    left: float
    right: float
    y: float
    height: float
    quad: Polygon
    chain: int
    order: int
    after: int | None
    """The occurrence that ends directly before it in the same span."""


@dataclass(slots=True)
class Occurrence:
    """One place where a label stands, with the pieces given to it."""

    label: Label
    exact: bool
    left: float
    right: float
    y: float
    height: float
    pieces: list[Piece] = field(default_factory=list)


_Place = tuple[int, int]
"""Span number and character number."""


def assign(spans: Sequence[Span], labels: Sequence[Label]) -> tuple[list[Occurrence], list[Piece]]:
    """Every occurrence of a label with its pieces, and the pieces that belong to none."""
    chains = _chains(spans)
    taken: dict[_Place, int] = {}
    found: list[Occurrence] = []
    wanted = sorted(labels, key=lambda label: -len(label.text))
    for exact in (True, False):
        known = {occurrence.label.key for occurrence in found if occurrence.label.key}
        for label in wanted:
            if exact or (len(label.text) >= _FUZZY_FROM and label.key and label.key not in known):
                for chain in chains:
                    _search(spans, chain, label, taken, found, exact=exact)
    known = {occurrence.label.key for occurrence in found}
    for label in wanted:
        if len(label.text) == 2 and label.key and label.key not in known:
            _search_half(spans, label, taken, found)
    pieces = _pieces(spans, chains, taken)
    return found, _give(pieces, found)


def _chains(spans: Sequence[Span]) -> list[list[int]]:
    """Spans linked to their nearest neighbour on the right on the same line."""
    following: dict[int, int] = {}
    preceded: set[int] = set()
    by_left = sorted(range(len(spans)), key=lambda number: spans[number].left)
    for number in by_left:
        here = spans[number]
        best, best_gap = None, 0.0
        for other in by_left:
            there = spans[other]
            gap = there.left - here.right
            tall = max(here.height, there.height)
            on_line = abs(there.y - here.y) < 0.45 * tall and there.left > here.left
            if other == number or other in preceded or not on_line or gap < -0.8 * tall:
                continue
            if best is None or gap < best_gap:
                best, best_gap = other, gap
        if best is not None:
            following[number] = best
            preceded.add(best)
    chains = []
    for number in range(len(spans)):
        if number not in preceded:
            chain = [number]
            while chain[-1] in following:
                chain.append(following[chain[-1]])
            chains.append(chain)
    return chains


def _search(
    spans: Sequence[Span],
    chain: Sequence[int],
    label: Label,
    taken: dict[_Place, int],
    found: list[Occurrence],
    *,
    exact: bool,
) -> None:
    places = [
        (number, place)
        for number in chain
        for place, character in enumerate(spans[number].characters)
        if character.text not in _IGNORED
    ]
    wanted = [character for character in label.text if character not in _IGNORED]
    start = 0
    while start <= len(places) - len(wanted):
        run = _match(spans, places[start : start + len(wanted)], wanted, taken, exact=exact)
        if run and _may_stand(spans, run[0], label, taken, found):
            for place in (*_numbering(spans, run[0], taken), *run):
                taken[place] = len(found)
            found.append(_occurrence(spans, label, run, exact=exact))
            start += len(run)
        else:
            start += 1


def _numbering(spans: Sequence[Span], first: _Place, taken: dict[_Place, int]) -> list[_Place]:
    """The places of a row number before the label, as the 10. of 10.国产/进口."""
    number, place = first
    characters = spans[number].characters
    start = place
    if start == 0 or characters[start - 1].text not in {".", "、", "．", "。"}:
        return []
    start -= 1
    while start > 0 and place - start <= 2 and characters[start - 1].text.isdigit():
        start -= 1
    if start > 0:
        pitch = (spans[number].right - spans[number].left) / len(characters)
        is_apart = characters[start].x - characters[start - 1].x > 1.6 * pitch
        if (number, start - 1) not in taken and not is_apart:
            return []
    return [(number, other) for other in range(start, place)]


def _match(
    spans: Sequence[Span],
    places: Sequence[_Place],
    wanted: Sequence[str],
    taken: dict[_Place, int],
    *,
    exact: bool,
) -> list[_Place]:
    """The places where they read as wanted, or none."""
    run = list(places)
    if any(place in taken for place in run):
        return []
    wrong = sum(
        spans[number].characters[place].text != character
        for (number, place), character in zip(run, wanted, strict=True)
    )
    if wrong > (0 if exact else 2 if len(wanted) >= _LONG else 1):
        return []
    for (number, place), (after, next_place) in pairwise(run):
        if number != after:
            here, there = spans[number], spans[after]
            gap = there.characters[next_place].x - here.characters[place].x
            if gap > 5.5 * max(here.height, there.height):
                return []
    return run


def _search_half(
    spans: Sequence[Span], label: Label, taken: dict[_Place, int], found: list[Occurrence]
) -> None:
    """A spaced label of two characters of which one was not read: 「籍中国」, or 「名」 alone."""
    first, second = label.text[0], label.text[1]
    for number, span in enumerate(spans):
        text = span.text
        is_half = (text.startswith(second) and len(text) > 1) or text in {first, second}
        if is_half and (number, 0) not in taken and not _continues(span, spans):
            taken[number, 0] = len(found)
            found.append(_occurrence(spans, label, [(number, 0)], exact=False))
            return


def _continues(span: Span, spans: Sequence[Span]) -> bool:
    """Whether another span ends right before this one, so that it does not begin with a label."""
    return any(
        other is not span
        and len(other.characters) > 1
        and abs(other.y - span.y) < 0.45 * span.height
        and -0.5 * span.height < span.left - other.right < 1.0 * span.height
        for other in spans
    )


def _may_stand(
    spans: Sequence[Span],
    first: _Place,
    label: Label,
    taken: dict[_Place, int],
    found: Sequence[Occurrence],
) -> bool:
    """A short label (民族) inside a span is one only behind another single-line label and a short value."""
    number, place = first
    before = [other for other in range(place) if spans[number].characters[other].text not in _IGNORED]
    bare = [other for other in before if not spans[number].characters[other].text.isdigit()]
    if not bare or len(label.text) >= _FREE_FROM:
        return True
    owners = [(other, taken[number, other]) for other in before if (number, other) in taken]
    if not owners:
        return False
    last, owner = owners[-1]
    return not found[owner].label.multiline and place - last - 1 <= 8


def _occurrence(spans: Sequence[Span], label: Label, run: Sequence[_Place], *, exact: bool) -> Occurrence:
    first, last = run[0], run[-1]
    tall = max(spans[number].height for number, _ in run)
    half = tall / 2
    return Occurrence(
        label,
        exact,
        spans[first[0]].characters[first[1]].x - half,
        spans[last[0]].characters[last[1]].x + half,
        sum(spans[number].y for number, _ in run) / len(run),
        tall,
    )


def _pieces(spans: Sequence[Span], chains: Sequence[Sequence[int]], taken: dict[_Place, int]) -> list[Piece]:
    pieces = []
    for chain_number, chain in enumerate(chains):
        for order, number in enumerate(chain):
            span = spans[number]
            start: int | None = None
            for place in range(len(span.characters) + 1):
                is_value = place < len(span.characters) and (number, place) not in taken
                if is_value and start is None:
                    start = place
                elif not is_value and start is not None:
                    piece = _piece(span, start, place, (chain_number, order), taken.get((number, start - 1)))
                    if piece is not None:
                        pieces.append(piece)
                    start = None
    return pieces


def _piece(span: Span, start: int, end: int, at: tuple[int, int], after: int | None) -> Piece | None:
    leading = _LEADING if after is None else _LEADING_AFTER_LABEL
    while start < end and span.characters[start].text in leading:
        start += 1
    while end > start and span.characters[end - 1].text in frozenset(":：|"):
        end -= 1
    if start == end:
        return None
    characters = span.characters[start:end]
    pitch = (span.right - span.left) / max(1, len(span.characters))
    return Piece(
        "".join(character.text for character in characters),
        tuple(character.confidence for character in characters),
        characters[0].x - pitch / 2,
        characters[-1].x + pitch / 2,
        span.y,
        span.height,
        span.quad(start, end),
        at[0],
        at[1],
        after,
    )


def _give(pieces: Sequence[Piece], found: Sequence[Occurrence]) -> list[Piece]:
    """Gives each piece to a label; returns those left over."""
    free = []
    lines: list[tuple[Piece, Occurrence]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.y, piece.left)):
        owner = found[piece.after] if piece.after is not None else _on_the_left(piece, found)
        if owner is None:
            owner = _above(piece, lines)
        if owner is None:
            free.append(piece)
            continue
        owner.pieces.append(piece)
        lines.append((piece, owner))
    for occurrence in found:
        if occurrence.label.key and not occurrence.pieces:
            _give_below(occurrence, free)
    return free


def _give_below(occurrence: Occurrence, free: list[Piece]) -> None:
    """A label with nothing on its right may stand above its value, flush left."""
    for piece in free:
        tall = max(piece.height, occurrence.height)
        is_flush = abs(piece.left - occurrence.left) < 1.5 * tall
        if is_flush and 0.6 * tall < piece.y - occurrence.y < 2.6 * tall:
            occurrence.pieces.append(piece)
            free.remove(piece)
            return


def _on_the_left(piece: Piece, found: Sequence[Occurrence]) -> Occurrence | None:
    best, best_cost = None, 0.0
    for occurrence in found:
        tall = max(piece.height, occurrence.height)
        away = abs(piece.y - occurrence.y)
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
