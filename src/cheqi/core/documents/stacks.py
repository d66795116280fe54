"""Labels printed on several lines of one cell: 增值税 over 税额, 身份证号码/ over 组织机构代码.

The parts stand right below each other, flush left or centred, each whole. Between them and around them other
text may stand on the same lines.
"""

from collections.abc import Container, Iterator, Sequence

from cheqi.core.documents.layout import Span

IGNORED = frozenset("。“”‘’'`~… :：.．·/／、()（）-_*|｜，,;；=")
"""Characters that neither make nor break a label."""
_SHORTEST_PART = 2
_NEAREST, _FARTHEST = 0.45, 1.8
"""Distance of two lines of one label, in heights of their boxes (which are taller than the letters)."""

Run = list[tuple[int, int]]


def significant(text: str) -> list[str]:
    """The characters of a label that must be found."""
    return [character for character in text if character not in IGNORED]


def stacked(
    spans: Sequence[Span], wanted: Sequence[str], taken: Container[tuple[int, int]], *, wrong: int = 0
) -> Iterator[Run]:
    """Every place where `wanted` stands on two or more lines, at most `wrong` wrong characters on each.

    `taken` places belong to other labels.
    """
    used: set[tuple[int, int]] = set()
    for number in range(len(spans)):
        for run in _parts(spans, number, wanted, taken, wrong):
            if len(run) == len(wanted):
                continue
            whole = _continued(spans, run, wanted[len(run) :], taken, wrong)
            if whole and used.isdisjoint(whole):
                used.update(whole)
                yield whole


def _parts(
    spans: Sequence[Span],
    number: int,
    wanted: Sequence[str],
    taken: Container[tuple[int, int]],
    wrong: int,
) -> Iterator[Run]:
    """The longest beginnings of `wanted` in one span."""
    places = [
        (number, place)
        for place, character in enumerate(spans[number].characters)
        if character.text not in IGNORED
    ]
    for start in range(len(places)):
        run: Run = []
        spare = wrong
        for place, character in zip(places[start:], wanted, strict=False):
            is_right = spans[number].characters[place[1]].text == character
            if place in taken or (not is_right and not spare):
                break
            spare -= not is_right
            run.append(place)
        if len(run) >= _SHORTEST_PART + wrong - spare:
            yield run


def _continued(
    spans: Sequence[Span], upper: Run, rest: Sequence[str], taken: Container[tuple[int, int]], wrong: int
) -> Run | None:
    """`upper` with the lines below it that say the rest."""
    for number, span in enumerate(spans):
        above = spans[upper[-1][0]]
        drop = (span.y - above.y) / max(span.height, above.height)
        if not _NEAREST < drop < _FARTHEST:
            continue
        for run in _parts(spans, number, rest, taken, wrong):
            if not _is_below(spans, upper, run):
                continue
            if len(run) == len(rest):
                return upper + run
            whole = _continued(spans, run, rest[len(run) :], taken, wrong)
            if whole:
                return upper + whole
    return None


def _is_below(spans: Sequence[Span], upper: Run, lower: Run) -> bool:
    tall = max(spans[upper[0][0]].height, spans[lower[0][0]].height)
    first, last = _ends(spans, upper)
    left, right = _ends(spans, lower)
    return abs(first - left) < 0.8 * tall or abs(first + last - left - right) < 1.6 * tall


def _ends(spans: Sequence[Span], run: Run) -> tuple[float, float]:
    (number, first), (_, last) = run[0], run[-1]
    return spans[number].characters[first].x, spans[number].characters[last].x
