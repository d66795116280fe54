"""The repayment schedule, exact to the fen; the last installment pays what is left.

The level payment of 等额本息 solves P·∏(1+f) = e·Σ∏(1+f) over the periods' own interest factors f, in
integers, so a first period of any length and every day count use the same line. Interest of a period
is balance × rate × years, rounded once; principal is the rest of the payment, never negative and never
more than the balance, so no balance is ever below zero.

100,000 yuan at 6 % over 36 months: 3,042.19 a month, 500.00 interest in the first, 3,042.36 in the last.
See docs/algorithms/schedule.md for the tables.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from cheqi.core.base.money import round_to_unit
from cheqi.core.base.rates import SCALE, interest_fen, scaled
from cheqi.core.loan.terms import Method, Period, Terms, periods


@dataclass(frozen=True, slots=True)
class Installment:
    """What is due on a date, and the principal that remains after it."""

    number: int
    start_date: date
    due_date: date
    principal_fen: int
    interest_fen: int
    balance_after_fen: int

    @property
    def amount_fen(self) -> int:
        """Principal and interest together."""
        return self.principal_fen + self.interest_fen


@dataclass(frozen=True, slots=True)
class Schedule:
    """All installments of one loan, in order."""

    terms: Terms
    installments: tuple[Installment, ...]

    @property
    def total_interest_fen(self) -> int:
        """Interest over the whole term, when every installment is paid on its day."""
        return sum(row.interest_fen for row in self.installments)

    @property
    def total_fen(self) -> int:
        """All installments together."""
        return self.terms.principal_fen + self.total_interest_fen

    @property
    def installment_fen(self) -> int:
        """The installment that people call theirs: the second, which is regular, or the only one."""
        return self.installments[min(1, len(self.installments) - 1)].amount_fen


Rows = list[tuple[int, int]]


def build(terms: Terms) -> Schedule:
    """The schedule of `terms`: principal sums to the loan, the balance ends at zero."""
    spans = periods(terms)
    balance, installments = terms.principal_fen, []
    for span, (principal, interest) in zip(spans, _BUILDERS[terms.method](terms, spans), strict=True):
        balance -= principal
        installments.append(
            Installment(span.number, span.start_date, span.due_date, principal, interest, balance)
        )
    return Schedule(terms, tuple(installments))


def level_payment_fen(terms: Terms, spans: tuple[Period, ...]) -> int:
    """The equal installment: exact, rounded once to the unit. A balloon stays out of it until the end."""
    growth, annuity, base = 1, 0, 1
    for span in spans:
        above, below = _factor(terms, span.years)
        growth *= below + above
        base *= below
        annuity = annuity * (below + above) + base
    return round_to_unit(
        terms.principal_fen * growth - terms.balloon_fen * base,
        annuity,
        terms.installment_rounding,
        terms.unit_fen,
    )


def _factor(terms: Terms, years: Fraction) -> tuple[int, int]:
    """The interest factor of a period as numerator and denominator in lowest terms."""
    factor = Fraction(scaled(terms.rate) * years.numerator, SCALE * years.denominator)
    return factor.numerator, factor.denominator


def _interest(terms: Terms, balance_fen: int, years: Fraction) -> int:
    return interest_fen(balance_fen, terms.rate, years, terms.rounding)


def _level(terms: Terms, spans: tuple[Period, ...]) -> Rows:
    """Equal installments. Where interest alone is more (a very long first period), that interest is due."""
    payment, balance, rows = level_payment_fen(terms, spans), terms.principal_fen, []
    for span in spans[:-1]:
        interest = _interest(terms, balance, span.years)
        principal = max(0, min(payment - interest, balance - terms.balloon_fen))
        rows.append((principal, interest))
        balance -= principal
    return [*rows, (balance, _interest(terms, balance, spans[-1].years))]


def _principal_share(terms: Terms) -> int:
    return round_to_unit(terms.principal_fen, terms.term_months, terms.installment_rounding, terms.unit_fen)


def _equal_principal(terms: Terms, spans: tuple[Period, ...]) -> Rows:
    """The same principal each time, interest on what remains."""
    share, balance, rows = _principal_share(terms), terms.principal_fen, []
    for span in spans[:-1]:
        principal = min(share, balance)
        rows.append((principal, _interest(terms, balance, span.years)))
        balance -= principal
    return [*rows, (balance, _interest(terms, balance, spans[-1].years))]


def _flat(terms: Terms, spans: tuple[Period, ...]) -> Rows:
    """Interest on the first principal each time, with equal principal; the last row makes both sums exact."""
    total = _interest(terms, terms.principal_fen, sum((span.years for span in spans), Fraction(0)))
    share, balance, rows = _principal_share(terms), terms.principal_fen, []
    for span in spans[:-1]:
        principal = min(share, balance)
        interest = min(_interest(terms, terms.principal_fen, span.years), total)
        rows.append((principal, interest))
        balance, total = balance - principal, total - interest
    return [*rows, (balance, total)]


def _interest_only(terms: Terms, spans: tuple[Period, ...]) -> Rows:
    """Interest each time, the whole principal with the last."""
    rows = [(0, _interest(terms, terms.principal_fen, span.years)) for span in spans]
    return [*rows[:-1], (terms.principal_fen, rows[-1][1])]


_BUILDERS: dict[Method, Callable[[Terms, tuple[Period, ...]], Rows]] = {
    Method.EQUAL_INSTALLMENT: _level,
    Method.BALLOON: _level,
    Method.EQUAL_PRINCIPAL: _equal_principal,
    Method.FLAT: _flat,
    Method.INTEREST_ONLY: _interest_only,
}
