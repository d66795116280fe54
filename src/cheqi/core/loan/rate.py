"""The annual rate for disclosure: the monthly internal rate of return of all that is paid, times twelve.

PBC announcement 2021 No. 3 wants every lender to show an annual rate that weighs all costs against the
principal really in use; the compound way is the internal rate of return. The rate i solves

    received at disbursement = Σ (installment + fees)_k · (1 + i)^(-t_k)

with t_k in months: t_1 from the disbursement to the first due date by 30/360, then one month each.
Ten places, half up. See docs/algorithms/annual_rate.md for the method, its sources and its tables.

A loan without fees and without a broken first period gives its own nominal rate back; with 2,000 yuan
of fees on 100,000 at 6 % over 36 months it is 7.36 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from cheqi.core.base.dates import DayCount, year_fraction
from cheqi.core.base.rates import PLACES
from cheqi.core.loan.fees import Fee, fee_at_fen
from cheqi.core.loan.schedule import Schedule
from cheqi.core.loan.terms import periods

PRECISION = 50
QUANTUM = Decimal(1).scaleb(-PLACES)
CLOSE = Decimal(1).scaleb(-PLACES - 8)
MOST_STEPS = 400


class NoAnnualRate(ValueError):
    """No rate makes these payments worth what was received (nothing received, or nothing paid)."""


@dataclass(frozen=True, slots=True)
class CashFlow:
    """What the customer receives now and pays later; `first_months` is the time to the first payment."""

    received_fen: int
    payments_fen: tuple[int, ...]
    first_months: Decimal


def irr_annual(schedule: Schedule, costs: Sequence[Fee] = ()) -> Decimal:
    """The disclosed annual rate: monthly internal rate of return × 12, all `costs` included.

    Negative where the customer pays back less than was received (a subsidised loan). Raises
    NoAnnualRate where fees at disbursement take everything.
    """
    monthly = monthly_irr(cash_flow(schedule, costs))
    with localcontext() as context:
        context.prec = PRECISION
        return (monthly * 12).quantize(QUANTUM, ROUND_HALF_UP)


def effective_annual(schedule: Schedule, costs: Sequence[Fee] = ()) -> Decimal:
    """The same monthly rate compounded over a year, (1 + i)^12 − 1, for comparison with other disclosures."""
    monthly = monthly_irr(cash_flow(schedule, costs))
    with localcontext() as context:
        context.prec = PRECISION
        return ((1 + monthly) ** 12 - 1).quantize(QUANTUM, ROUND_HALF_UP)


def cash_flow(schedule: Schedule, costs: Sequence[Fee] = ()) -> CashFlow:
    """The customer's side of the loan, fees included."""
    count, first = len(schedule.installments), periods(schedule.terms)[0]
    payments = tuple(row.amount_fen + fee_at_fen(costs, row.number, count) for row in schedule.installments)
    years = year_fraction(first.start_date, first.due_date, DayCount.THIRTY_360)
    if schedule.terms.day_count is DayCount.THIRTY_360:
        years = first.years
    with localcontext() as context:
        context.prec = PRECISION
        months = Decimal(years.numerator * 12) / Decimal(years.denominator)
    return CashFlow(schedule.terms.principal_fen - fee_at_fen(costs, 0, count), payments, months)


def monthly_irr(flow: CashFlow) -> Decimal:
    """The monthly rate at which the payments are worth what was received.

    Value falls and is convex in the rate, so Newton's steps from the left of the root go towards it
    without ever passing it.
    """
    if flow.received_fen <= 0 or not any(flow.payments_fen) or min(flow.payments_fen) < 0:
        raise NoAnnualRate("something must be received, and something paid back")
    with localcontext() as context:
        context.prec = PRECISION
        rate = _left_of_the_root(flow)
        for _ in range(MOST_STEPS):
            value, slope = _value_and_slope(flow, rate)
            step = -value / slope
            rate += step
            if abs(step) < CLOSE:
                return rate
    raise NoAnnualRate("no rate found")


def _left_of_the_root(flow: CashFlow) -> Decimal:
    """A rate at which the payments are worth at least what was received."""
    rate = Decimal(0)
    while _value_and_slope(flow, rate)[0] < 0:
        rate = (rate - 1) / 2
    return rate


def _value_and_slope(flow: CashFlow, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Present value less what was received, and its derivative by the rate."""
    discount = 1 / (1 + rate)
    factor = discount**flow.first_months
    value, slope, months = Decimal(-flow.received_fen), Decimal(0), flow.first_months
    for payment in flow.payments_fen:
        value += payment * factor
        slope -= payment * months * factor
        factor *= discount
        months += 1
    return value, slope * discount
