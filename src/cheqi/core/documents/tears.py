"""Room for a character that was not read: a value that lost one looks sure of all the others.

A recogniser says where along the box each character lies. A box that goes on after the last character, or a
wider step between two Chinese characters than between the others, has something there that it could not read:
a stamp, glare, another text printed over it. Measured on 11,559 boxes, 99.5 % leave 0.77 heights or less
after the last character and 0.75 before the first; those that leave more than a character had lost one.
"""

from itertools import pairwise
from statistics import median

from cheqi.core.documents.layout import Span

_LEAD, _TRAIL = 1.25, 0.9
"""The most room before and after, in heights of the box."""
_STEP = 1.7
"""The widest step between two Chinese characters, in middle steps."""
_STEPS = 3


def is_torn(span: Span, start: int, end: int) -> bool:
    """Whether a character may be missing at the ends of the box or between `start` and `end`."""
    lead, trail = span.margins
    if (start == 0 and lead > _LEAD) or (end == len(span.characters) and trail > _TRAIL):
        return True
    steps = [
        there.x - here.x
        for here, there in pairwise(span.characters[start:end])
        if _is_chinese(here.text) and _is_chinese(there.text)
    ]
    return len(steps) >= _STEPS and max(steps) > _STEP * median(steps)


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
