"""The annual rate for disclosure."""

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cheqi.core.base.text import Text
from cheqi.core.loan.fees import Fee, FeeTiming, fee_at_fen, fee_total_fen
from cheqi.core.loan.rate import CashFlow, NoAnnualRate, effective_annual, irr_annual, monthly_irr
from cheqi.core.loan.schedule import build
from cheqi.core.loan.terms import Method, Terms

SERVICE = Text("服务费", "Service fee")


def schedule_of(**changes: object):  # type: ignore[no-untyped-def]
    """100,000 yuan at 6 % over 36 months, with what a test changes."""
    terms: dict[str, object] = {
        "principal_fen": 10_000_000,
        "rate": Decimal("0.06"),
        "term_months": 36,
        "disbursement_date": date(2026, 1, 15),
        "first_due_date": date(2026, 2, 15),
    }
    return build(Terms(**{**terms, **changes}))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", [Method.EQUAL_INSTALLMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY])
def test_without_fees_the_disclosed_rate_is_the_nominal_one(method: Method) -> None:
    assert irr_annual(schedule_of(method=method)) == pytest.approx(Decimal("0.06"), abs=Decimal("0.000001"))


def test_flat_interest_costs_almost_twice_its_name() -> None:
    """等本等息 at 6 % a year over 36 months: the rate that is disclosed is 11.08 %."""
    assert round(irr_annual(schedule_of(method=Method.FLAT)), 4) == Decimal("0.1108")


def test_fees_at_disbursement_raise_the_rate() -> None:
    fees = (Fee("service", SERVICE, 200_000),)
    assert round(irr_annual(schedule_of(), fees), 4) == Decimal("0.0736")


def test_the_same_fees_cost_less_when_they_come_later() -> None:
    early = (Fee("service", SERVICE, 200_000),)
    late = (Fee("service", SERVICE, 200_000, FeeTiming.LAST_INSTALLMENT),)
    spread = (Fee("service", SERVICE, 5_556, FeeTiming.EACH_INSTALLMENT),)
    schedule = schedule_of()
    rates = [irr_annual(schedule, fees) for fees in (late, spread, early)]
    assert rates == sorted(rates)
    assert len(set(rates)) == 3


def test_the_effective_rate_compounds_the_monthly_one() -> None:
    assert round(effective_annual(schedule_of()), 6) == Decimal("0.061678")


def test_a_subsidised_loan_has_a_negative_rate() -> None:
    assert monthly_irr(CashFlow(10_000, (4_900, 4_900), Decimal(1))) < 0


def test_two_payments_have_the_root_of_their_quadratic() -> None:
    """1000 = 600 v + 600 v²: v = (√(1 + 20/3) − 1) / 2."""
    with localcontext() as context:
        context.prec = 50
        v = ((1 + Decimal(20) / 3).sqrt() - 1) / 2
        expected = 1 / v - 1
    found = monthly_irr(CashFlow(1000, (600, 600), Decimal(1)))
    assert abs(found - expected) < Decimal("1e-16")


@settings(max_examples=40)
@given(
    st.integers(1_000, 10**9),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=72).filter(any),
    st.integers(15, 300),
)
def test_at_the_rate_found_payments_are_worth_what_was_received(
    received: int, payments: list[int], first_days: int
) -> None:
    flow = CashFlow(received, tuple(payments), Decimal(first_days) / 30)
    if sum(payments) * 2 < received or sum(payments) > received * 5:
        return
    with localcontext() as context:
        context.prec = 50
        rate = monthly_irr(flow)
        worth = (payment / (1 + rate) ** (flow.first_months + at) for at, payment in enumerate(payments))
        value = sum(worth, Decimal(0))
        assert abs(value - received) < Decimal("0.001")


def test_fees_that_take_everything_leave_no_rate() -> None:
    with pytest.raises(NoAnnualRate):
        irr_annual(schedule_of(), (Fee("service", SERVICE, 10_000_000),))


def test_fees_are_counted_where_they_are_paid() -> None:
    fees = (
        Fee("open", SERVICE, 100),
        Fee("month", SERVICE, 10, FeeTiming.EACH_INSTALLMENT),
        Fee("close", SERVICE, 1, FeeTiming.LAST_INSTALLMENT),
    )
    assert [fee_at_fen(fees, number, 3) for number in range(4)] == [100, 10, 10, 11]
    assert fee_total_fen(fees, 3) == 131
    with pytest.raises(ValueError, match="not negative"):
        Fee("bad", SERVICE, -1)
