"""How long a step still takes, from how long it took others.

History is a set of spells in working minutes: finished ones, and open ones that have lasted so long and
go on. Leaving the open ones out makes slow steps look fast (on long processes an 80 % range then covers
43 % of the cases), so the share still unfinished after each duration is the product-limit estimate
(Kaplan and Meier, J. Am. Stat. Assoc. 53, 1958), which counts an open spell for as long as it was seen.

The remaining time at a quantile q, given that the step has already lasted e minutes, is the first
duration t with S(t) ≤ (1 - q)·S(e), less e. Nothing is said from fewer than 30 finished spells, from
fewer than 10 that lasted longer than e, or where too many are open for the quantile to be reached:

>>> finished = [Spell(minutes, is_finished=True) for minutes in range(1, 101)]
>>> remaining(finished, elapsed_minutes=0)
Forecast(p50_minutes=50, p80_minutes=80, finished=100, open=0)
>>> remaining(finished, elapsed_minutes=60).p50_minutes
20
>>> remaining(finished[:29], elapsed_minutes=0)
NotEnoughHistory(finished=29, reason=<Shortage.FEW_FINISHED: 'FEW_FINISHED'>)
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MIN_FINISHED = 30
MIN_LONGER = 10
HALF = Fraction(1, 2)
FOUR_FIFTHS = Fraction(4, 5)
ONE_FIFTH = Fraction(1, 5)


@dataclass(frozen=True, slots=True)
class Spell:
    """One time that somebody was in the step: working minutes, and whether they are out of it."""

    minutes: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """Remaining working minutes: half of such cases are done by p50, four in five by p80."""

    p50_minutes: int
    p80_minutes: int
    finished: int
    open: int


class Shortage(StrEnum):
    """Why nothing can be said."""

    FEW_FINISHED = "FEW_FINISHED"
    FEW_LASTED_SO_LONG = "FEW_LASTED_SO_LONG"
    TOO_MANY_OPEN = "TOO_MANY_OPEN"


@dataclass(frozen=True, slots=True)
class NotEnoughHistory:
    """An honest answer: how many finished cases there are, and what is lacking."""

    finished: int
    reason: Shortage

    def __bool__(self) -> bool:
        """False, so that `if not forecast:` reads as it should."""
        return False


@dataclass(frozen=True, slots=True)
class Usual:
    """What the step usually takes from its start, in working minutes: the middle three fifths."""

    p20_minutes: int
    p80_minutes: int
    finished: int


def remaining(spells: Iterable[Spell], elapsed_minutes: int) -> Forecast | NotEnoughHistory:
    """The remaining working minutes of a step that has lasted `elapsed_minutes`; both are at least 1."""
    history = list(spells)
    finished = sum(spell.is_finished for spell in history)
    if finished < MIN_FINISHED:
        return NotEnoughHistory(finished, Shortage.FEW_FINISHED)
    if sum(spell.minutes > elapsed_minutes for spell in history) < MIN_LONGER:
        return NotEnoughHistory(finished, Shortage.FEW_LASTED_SO_LONG)
    curve = survival(history)
    half = first_duration(curve, elapsed_minutes, HALF)
    most = first_duration(curve, elapsed_minutes, FOUR_FIFTHS)
    if half is None or most is None:
        return NotEnoughHistory(finished, Shortage.TOO_MANY_OPEN)
    return Forecast(
        max(1, half - elapsed_minutes), max(1, most - elapsed_minutes), finished, len(history) - finished
    )


def usual(spells: Iterable[Spell]) -> Usual | NotEnoughHistory:
    """What the step usually takes, for the customer's list of what comes next."""
    history = list(spells)
    forecast = remaining(history, 0)
    if isinstance(forecast, NotEnoughHistory):
        return forecast
    low = first_duration(survival(history), 0, ONE_FIFTH)
    return Usual(max(1, low or 1), forecast.p80_minutes, forecast.finished)


def survival(spells: Sequence[Spell]) -> list[tuple[int, Fraction]]:
    """The product-limit curve: (duration, share still unfinished after it), at each duration that ended one.

    An open spell of the same length as a finished one is taken to have lasted longer, by convention.
    """
    ended = Counter(spell.minutes for spell in spells if spell.is_finished)
    left = Counter(spell.minutes for spell in spells)
    at_risk, share, curve = len(spells), Fraction(1), []
    for minutes in sorted(left):
        if ended[minutes]:
            share *= Fraction(at_risk - ended[minutes], at_risk)
            curve.append((minutes, share))
        at_risk -= left[minutes]
    return curve


def first_duration(
    curve: Sequence[tuple[int, Fraction]], elapsed_minutes: int, quantile: Fraction
) -> int | None:
    """The first duration by which `quantile` of those that lasted longer than `elapsed_minutes` ended."""
    before = [share for minutes, share in curve if minutes <= elapsed_minutes]
    level = (1 - quantile) * (before[-1] if before else Fraction(1))
    return next((minutes for minutes, share in curve if minutes > elapsed_minutes and share <= level), None)
