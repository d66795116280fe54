"""Several documents on one photograph, taken apart: an ID card laid beside a driving licence.

A page is cut along a straight line that crosses no text where both sides are strongly a document of their
own: two kinds, or the same kind twice. Sides of one document (ID card, vehicle licence) stay together, since
one reading holds both. Parts keep the size and the turn of the page, so that positions stay what they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from cheqi.core.documents import kinds
from cheqi.core.documents.boxes import Page
from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.layout import Span, spans_of

_STRONG = 4.0
_TWICE = 0.75
"""Of the same kind twice, each must show this share of everything the kind can show."""
_STRAY = 0.4
"""A side may show at most this share of what the other side shows of its own kind."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Both sides of a line, how strongly they are two documents, and how wide the gap between them is."""

    first: Sequence[Span]
    second: Sequence[Span]
    gain: float
    gap: float


def parts_of(page: Page) -> tuple[Page, ...]:
    """The page, or a page for each document on it, from top to bottom and left to right."""
    spans = spans_of(page)
    parts = _parted(spans)
    if len(parts) == 1:
        return (page,)
    return tuple(_only(page, part) for part in parts)


def text_of(spans: Sequence[Span]) -> str:
    """What spans say, in reading order without spaces."""
    return "".join(span.text for span in spans)


def _parted(spans: Sequence[Span]) -> list[Sequence[Span]]:
    if not _may_be_two(text_of(spans)):
        return [spans]
    cuts = [cut for cut in _cuts(spans) if cut.gain]
    if not cuts:
        return [spans]
    best = max(cuts, key=lambda cut: (cut.gain, cut.gap))
    return [*_parted(best.first), *_parted(best.second)]


def _may_be_two(text: str) -> bool:
    evidence = kinds.scores(text)
    strong = [kind for kind in evidence if evidence[kind] >= _STRONG]
    if any(not kinds.are_sides(one, other) for one, other in combinations(strong, 2)):
        return True
    if strong and kinds.may_show_card(text):
        return True
    return any(kinds.twice(kind, text) >= _TWICE * kinds.most(kind) / 2 for kind in strong)


def _cuts(spans: Sequence[Span]) -> Iterator[_Cut]:
    """Every line across or down the page that crosses no text."""
    down = sorted(spans, key=lambda span: span.y)
    for number in range(1, len(down)):
        low = max(span.y + span.height / 4 for span in down[:number])
        top = min(span.y - span.height / 4 for span in down[number:])
        if low < top:
            yield _cut(down[:number], down[number:], top - low)
    across = sorted(spans, key=lambda span: span.left)
    right = across[0].right if across else 0.0
    for number in range(1, len(across)):
        right = max(right, across[number - 1].right)
        if right < across[number].left:
            yield _cut(across[:number], across[number:], across[number].left - right)


def _cut(first: Sequence[Span], second: Sequence[Span], gap: float) -> _Cut:
    one, other = _in_order(first), _in_order(second)
    return _Cut(one, other, _gain(one, other), gap)


def _gain(first: Sequence[Span], second: Sequence[Span]) -> float:
    """How much both sides say for being two documents; 0 where they are one."""
    ours, theirs = kinds.scores(text_of(first)), kinds.scores(text_of(second))
    (one, _), (other, _) = kinds.best_of(ours), kinds.best_of(theirs)
    if Kind.UNKNOWN in {one, other} or min(ours[one], theirs[other]) < _STRONG:
        return 0.0
    if one is other:
        whole = _TWICE * kinds.most(one)
        return ours[one] + theirs[other] if min(ours[one], theirs[other]) >= whole else 0.0
    if kinds.are_sides(one, other):
        return 0.0
    if theirs[one] > _STRAY * ours[one] or ours[other] > _STRAY * theirs[other]:
        return 0.0
    return ours[one] + theirs[other]


def _in_order(spans: Sequence[Span]) -> Sequence[Span]:
    return sorted(spans, key=lambda span: (span.y, span.left))


def _only(page: Page, spans: Sequence[Span]) -> Page:
    kept = {span.polygon for span in spans}
    return replace(page, boxes=tuple(box for box in page.boxes if box.polygon in kept))
