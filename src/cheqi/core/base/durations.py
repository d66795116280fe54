"""How long something may take, written as people write it in a process pack.

`min`, `h` and `d` count working time of a calendar (one `d` is one working day of it, not 24 hours);
`cmin`, `ch` and `cd` count the time on the wall. Which instant that is, a `WorkCalendar` says.

>>> parse("4h")
Duration(amount=4, unit=<Unit.HOUR: 'h'>)
>>> parse("1cd").is_working, parse("soon")
(False, None)
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_FORM = re.compile(r"([1-9]\d{0,4})(min|h|d|cmin|ch|cd)")


class Unit(StrEnum):
    """Three units of working time and the same three on the wall."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    CALENDAR_MINUTE = "cmin"
    CALENDAR_HOUR = "ch"
    CALENDAR_DAY = "cd"


_WORKING = frozenset({Unit.MINUTE, Unit.HOUR, Unit.DAY})


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole, positive number of one unit."""

    amount: int
    unit: Unit

    @property
    def is_working(self) -> bool:
        """Whether it counts working time of a calendar rather than the time on the wall."""
        return self.unit in _WORKING

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


def parse(text: str) -> Duration | None:
    """The duration written as a positive number and a unit, or None for anything else."""
    found = _FORM.fullmatch(text.strip())
    return Duration(int(found[1]), Unit(found[2])) if found else None
