"""Numbers that look random and depend on nothing but the seed and what they are for.

Every draw is the hash of the seed and a name such as (case 7, review, round 1, work). So it does not matter
in which order things happen: the same case asks for the same work however many people there are, and two
runs that differ in one assumption differ by that alone (common random numbers; A. M. Law, *Simulation
Modeling and Analysis*, 5th ed., ch. 11.2).

>>> draws = Draws(1)
>>> draws.share("case", 7) == Draws(1).share("case", 7), draws.share("case", 7) == draws.share("case", 8)
(True, False)
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b
from math import log, prod
from struct import unpack
from typing import TypeVar

from cheqi.core.base.workdays import WorkCalendar
from cheqi.core.process.simulation.assumptions import Span, Spread

T = TypeVar("T")
_LARGEST = 2.0**53


class Draws:
    """All draws of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = str(seed)

    def share(self, *name: object) -> float:
        """A number above 0 and below 1, all equally likely."""
        return self._numbers(name, 1)[0]

    def pick(self, weighted: Sequence[tuple[T, float]], *name: object) -> T:
        """One of the values, by weight."""
        reach = self.share(*name) * sum(weight for _, weight in weighted)
        for value, weight in weighted:
            reach -= weight
            if reach < 0:
                return value
        return weighted[-1][0]

    def waiting(self, mean: timedelta, *name: object) -> timedelta:
        """The time to the next of events that come independently of each other (exponential)."""
        return mean * -log(self.share(*name))

    def length(self, span: Span, calendar: WorkCalendar, *name: object) -> timedelta:
        """How long it takes this time, in the span's kind of time."""
        if span.minutes:
            place = int(self.share(*name) * len(span.minutes))
            return timedelta(minutes=span.minutes[place])
        mean = calendar.length_of(span.mean)
        if span.spread is Spread.FIXED:
            return mean
        if span.spread is Spread.WIDE:
            return self.waiting(mean, *name)
        return mean / 4 * -log(prod(self._numbers(name, 4)))

    def _numbers(self, name: tuple[object, ...], count: int) -> tuple[float, ...]:
        text = "\x1f".join((self._seed, *map(str, name)))
        digest = blake2b(text.encode(), digest_size=8 * count).digest()
        return tuple(((number >> 11) + 0.5) / _LARGEST for number in unpack(f">{count}Q", digest))
