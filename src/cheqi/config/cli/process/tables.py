"""Tables on a terminal, where a Chinese character takes two columns.

>>> print(table((("步骤", "次数"), ("审批", "12")), right={1}))
步骤  次数
审批    12
"""

from collections.abc import Collection, Sequence
from unicodedata import east_asian_width

_GAP = "  "


def width(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """The rows in columns of equal width; the columns in `right` stand to the right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        _GAP.join(
            _padded(cell, size, is_right=place in right)
            for place, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _padded(cell: str, size: int, *, is_right: bool) -> str:
    space = " " * (size - width(cell))
    return space + cell if is_right else cell + space
