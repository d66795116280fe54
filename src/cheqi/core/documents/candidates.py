"""What a number might be instead, for a clerk to choose from. Nothing here changes a value.

Each candidate differs from what was read by one character that is often confused (and by every character
that the alphabet does not have), and says whether the number's own check passes. Several usually pass, which
is why a machine must not choose:

>>> [c.value for c in propose("LSVAU218ON2183294", lambda number: number.isalnum() and "O" not in number)][:1]
['LSVAU2180N2183294']
"""

from collections.abc import Callable
from dataclasses import dataclass

_CONFUSED = (
    "0OQD",
    "1IL7",
    "8B3",
    "5S6",
    "2Z7",
    "6G",
    "4A",
    "UV",
    "VY",
    "MN",
    "HN",
    "CG",
    "KX",
    "T7",
    "PR",
    "EF",
    "9G",
)
_AT_MOST = 8
_FORBIDDEN = {"O": "0", "I": "1", "Q": "0"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible value, and whether its check digit and shape are right."""

    value: str
    passes: bool


def propose(number: str, passes: Callable[[str], bool]) -> tuple[Candidate, ...]:
    """At most eight neighbours of `number` by confusion, those that pass first; without itself."""
    bases = [number]
    allowed = "".join(_FORBIDDEN.get(character, character) for character in number)
    if allowed != number:
        bases.append(allowed)
    seen = {number}
    proposed = []
    for base in reversed(bases):
        for value in (base, *_neighbours(base)):
            if value not in seen:
                seen.add(value)
                proposed.append(Candidate(value, passes(value)))
    return tuple(sorted(proposed, key=lambda candidate: not candidate.passes)[:_AT_MOST])


def _neighbours(number: str) -> list[str]:
    return [
        number[:place] + other + number[place + 1 :]
        for place, character in enumerate(number)
        for group in _CONFUSED
        if character in group
        for other in group
        if other != character
    ]
