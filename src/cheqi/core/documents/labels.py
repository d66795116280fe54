"""Finding printed labels among spans, and the pieces of text between them.

A recogniser merges and splits as it likes: 「姓名汪鑫」 is one box, 「所有」 and 「人王京」 are two. So
labels are looked for character by character along chains of neighbouring spans, and what is left between
them are pieces of value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cheqi.core.documents.boxes import Polygon
from cheqi.core.documents.layout import Span
from cheqi.core.documents.stacks import IGNORED, significant, stacked
from cheqi.core.documents.tears import is_torn

_LEADING = frozenset(":：|")
_LEADING_AFTER_LABEL = IGNORED - {"(", "（", "*", "-"}
_FUZZY_FROM = 4
_FREE_FROM = 4
_LONG = 8
"""A label of so many characters may have two wrong ones."""
_STACKED_FROM = 5
_HEADINGS = 5
"""So many labels on one line with nothing between them head the columns of a table."""


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
    is_torn: bool = False
    """There is room for a character that was not read."""


@dataclass(slots=True)
class Occurrence:
    """One place where a label stands, with the pieces given to it.

    `spread` is half the distance between the first and the last line of a label printed on several lines.
    `is_unsure`: a line that might continue the value stands beside text that no label explains.
    """

    label: Label
    exact: bool
    left: float
    right: float
    y: float
    height: float
    spread: float = 0.0
    is_unsure: bool = False
    pieces: list[Piece] = field(default_factory=list)


Place = tuple[int, int]
"""Span number and character number."""


def find(spans: Sequence[Span], labels: Sequence[Label]) -> tuple[list[Occurrence], list[Piece]]:
    """Every occurrence of a label, and what is left between them."""
    chains = _chains(spans)
    lines = [_line(spans, chain) for chain in chains]
    taken: dict[Place, int] = {}
    found: list[Occurrence] = []
    wanted = sorted(labels, key=lambda label: -len(label.text))
    for exact in (True, False):
        known = {occurrence.label.key for occurrence in found if occurrence.label.key}
        for label in wanted:
            if exact or (len(label.text) >= _FUZZY_FROM and label.key and label.key not in known):
                for line in lines:
                    _search(spans, line, label, taken, found, exact=exact)
            if len(label.text) >= _STACKED_FROM and (exact or (label.key and label.key not in known)):
                for run in stacked(spans, significant(label.text), taken, wrong=0 if exact else 1):
                    taken.update(dict.fromkeys(_whole(run), len(found)))
                    found.append(_occurrence(spans, label, run, exact=exact))
    known = {occurrence.label.key for occurrence in found}
    for label in wanted:
        if len(label.text) == 2 and label.key and label.key not in known:
            _search_half(spans, label, taken, found)
    pieces = _pieces(spans, chains, taken)
    _drop_headings(found, pieces)
    return found, pieces


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
            on_line = abs(there.y - here.y) < 0.5 * tall and there.left > here.left
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A chain of spans: its characters that count for labels, as text and as places."""

    chain: Sequence[int]
    text: str
    places: Sequence[Place]

    def starts(self, wanted: str, wrong: int) -> list[int]:
        """Where `wanted` may begin: one of `wrong` + 1 parts of it stands there as it should."""
        size, parts = len(wanted), wrong + 1
        found: set[int] = set()
        for number in range(parts):
            before = size * number // parts
            part = wanted[before : size * (number + 1) // parts]
            at = self.text.find(part)
            while at >= 0:
                found.add(at - before)
                at = self.text.find(part, at + 1)
        return sorted(start for start in found if 0 <= start <= len(self.text) - size)


def _line(spans: Sequence[Span], chain: Sequence[int]) -> _Line:
    places = [
        (number, place)
        for number in chain
        for place, character in enumerate(spans[number].characters)
        if character.text not in IGNORED
    ]
    text = "".join(spans[number].characters[place].text for number, place in places)
    return _Line(chain, text, places)


def _search(
    spans: Sequence[Span],
    line: _Line,
    label: Label,
    taken: dict[Place, int],
    found: list[Occurrence],
    *,
    exact: bool,
) -> None:
    wanted = "".join(significant(label.text))
    wrong = 0 if exact else 2 if len(wanted) >= _LONG else 1
    for start in line.starts(wanted, wrong):
        run = _match(spans, line.places[start : start + len(wanted)], wanted, taken, wrong)
        if run and _may_stand(spans, line.chain, run[0], label, taken, found=found):
            for place in (*_numbering(spans, run[0], taken), *_whole(run)):
                taken[place] = len(found)
            found.append(_occurrence(spans, label, run, exact=exact))


def _whole(run: Sequence[Place]) -> list[Place]:
    """The places of a label with the brackets and strokes inside it."""
    whole = list(run[:1])
    for (number, place), (after, next_place) in pairwise(run):
        first = place + 1 if number == after else next_place
        whole += [(after, between) for between in range(first, next_place + 1)]
    return whole


def _numbering(spans: Sequence[Span], first: Place, taken: dict[Place, int]) -> list[Place]:
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
    places: Sequence[Place],
    wanted: str,
    taken: dict[Place, int],
    wrong: int,
) -> list[Place]:
    """The places where they read as wanted, but for at most `wrong` characters, or none."""
    run = list(places)
    if any(place in taken for place in run):
        return []
    amiss = sum(
        spans[number].characters[place].text != character
        for (number, place), character in zip(run, wanted, strict=True)
    )
    if amiss > wrong:
        return []
    for (number, place), (after, next_place) in pairwise(run):
        if number != after:
            here, there = spans[number], spans[after]
            gap = there.characters[next_place].x - here.characters[place].x
            if gap > 5.5 * max(here.height, there.height):
                return []
    return run


def _search_half(
    spans: Sequence[Span], label: Label, taken: dict[Place, int], found: list[Occurrence]
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
    chain: Sequence[int],
    first: Place,
    label: Label,
    taken: dict[Place, int],
    *,
    found: Sequence[Occurrence],
) -> bool:
    """A short label (民族) inside a span is one only behind another single-line label and a short value.

    A long one may stand anywhere, unless it announces nothing and is part of a sentence (凭营业执照经营).
    """
    number, place = first
    before = [other for other in range(place) if spans[number].characters[other].text not in IGNORED]
    bare = [other for other in before if not spans[number].characters[other].text.isdigit()]
    if not bare:
        return True
    if len(label.text) >= _FREE_FROM:
        return bool(label.key) or not _is_glued(spans[number], number, place, taken)
    owners = [(other, taken[number, other]) for other in before if (number, other) in taken]
    if owners:
        last, owner = owners[-1]
        return not found[owner].label.multiline and place - last - 1 <= 8
    owner_before = _label_before(spans, chain, number, taken)
    return owner_before is not None and not found[owner_before].label.multiline and place <= 2


def _is_glued(span: Span, number: int, place: int, taken: dict[Place, int]) -> bool:
    """Whether the character belongs to the text before it: no gap, and no label there."""
    before, here = span.characters[place - 1], span.characters[place]
    pitch = (span.right - span.left) / len(span.characters)
    return (number, place - 1) not in taken and here.x - before.x < 1.6 * pitch


def _label_before(
    spans: Sequence[Span], chain: Sequence[int], number: int, taken: dict[Place, int]
) -> int | None:
    """The label that ends the span before this one on the line."""
    at = chain.index(number)
    if at == 0:
        return None
    before = chain[at - 1]
    return taken.get((before, len(spans[before].characters) - 1))


def _occurrence(spans: Sequence[Span], label: Label, run: Sequence[Place], *, exact: bool) -> Occurrence:
    tall = max(spans[number].height for number, _ in run)
    half = tall / 2
    xs = [spans[number].characters[place].x for number, place in run]
    top, low = min(spans[number].y for number, _ in run), max(spans[number].y for number, _ in run)
    return Occurrence(
        label,
        exact,
        min(xs) - half,
        max(xs) + half,
        (top + low) / 2 if low - top > tall / 3 else sum(spans[number].y for number, _ in run) / len(run),
        tall,
        spread=(low - top) / 2 if low - top > tall / 3 else 0.0,
    )


def _pieces(spans: Sequence[Span], chains: Sequence[Sequence[int]], taken: dict[Place, int]) -> list[Piece]:
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
        is_torn(span, start, end),
    )


def _drop_headings(found: list[Occurrence], pieces: Sequence[Piece]) -> None:
    """Labels that head the columns of a table announce nothing on their line."""
    for occurrence in found:
        row = [
            other
            for other in found
            if abs(other.y - occurrence.y) < 0.5 * max(other.height, occurrence.height)
        ]
        between = [
            piece
            for piece in pieces
            if abs(piece.y - occurrence.y) < 0.5 * max(piece.height, occurrence.height)
        ]
        if len(row) >= _HEADINGS and len(between) <= len(row) // 2:
            occurrence.label = replace(occurrence.label, key="")
