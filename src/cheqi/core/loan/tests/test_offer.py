"""The offer: figures, shares, and every limit that is passed."""

from datetime import date
from decimal import Decimal

from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.core.base.text import Text
from cheqi.core.loan.fees import Fee
from cheqi.core.loan.offer import Conditions, Limit, Measure, Offer, Request, calculate

CONDITIONS = Conditions(rate=Decimal("0.06"))


def request(**changes: object) -> Request:
    """A car of 150,000 yuan with 100,000 financed over 36 months, with what a test changes."""
    wish: dict[str, object] = {
        "price_fen": 15_000_000,
        "down_payment_fen": 5_000_000,
        "amount_fen": 10_000_000,
        "term_months": 36,
        "disbursement_date": date(2026, 1, 15),
        "first_due_date": date(2026, 2, 15),
    }
    return Request(**{**wish, **changes})  # type: ignore[arg-type]


def test_an_offer_shows_what_the_loan_costs() -> None:
    offer = calculate(request(), CONDITIONS, (Fee("service", Text("服务费", "Service fee"), 200_000),))
    assert isinstance(offer, Offer)
    assert offer.installment_fen == 304_219
    assert offer.total_interest_fen == 951_901
    assert offer.total_fees_fen == 200_000
    assert offer.total_cost_fen == 1_151_901
    assert round(offer.annual_rate, 4) == Decimal("0.0736")
    assert offer.loan_to_value == Decimal("0.6666666667")
    assert offer.down_payment_share == Decimal("0.3333333333")
    assert offer.findings == ()


def test_every_limit_that_is_passed_is_named_with_its_clause() -> None:
    limits = (
        Limit(Measure.AMOUNT_MIN, Decimal(10_000_001), "product.min_amount"),
        Limit(Measure.AMOUNT_MAX, Decimal(9_999_999), "product.max_amount"),
        Limit(Measure.TERM_MAX, Decimal(35), "law.term", "第十四条"),
        Limit(Measure.TERM_MIN, Decimal(37), "product.min_term"),
        Limit(Measure.LTV_MAX, Decimal("0.6"), "law.ltv", "第一条"),
        Limit(Measure.ANNUAL_RATE_MAX, Decimal("0.05"), "law.rate"),
    )
    offer = calculate(request(), Conditions(rate=Decimal("0.06"), limits=limits))
    assert isinstance(offer, Offer)
    assert [finding.rule for finding in offer.findings] == [limit.rule for limit in limits]
    assert offer.findings[4].message.zh == "贷款成数66.67%超过上限60.00%"
    assert offer.findings[4].clause == "第一条"
    assert offer.findings[2].message.en == "The term 36 months is longer than 35 months"
    assert offer.findings[1].data == (("limit", "9999999"), ("value", "10000000"))


def test_a_limit_that_is_just_reached_is_kept() -> None:
    limits = (
        Limit(Measure.AMOUNT_MIN, Decimal(10_000_000), "a"),
        Limit(Measure.AMOUNT_MAX, Decimal(10_000_000), "b"),
        Limit(Measure.TERM_MAX, Decimal(36), "c"),
        Limit(Measure.LTV_MAX, Decimal("0.8"), "d"),
    )
    offer = calculate(
        request(price_fen=12_500_000, down_payment_fen=2_500_000), Conditions(rate=Decimal(0), limits=limits)
    )
    assert isinstance(offer, Offer)
    assert offer.loan_to_value == Decimal("0.8")
    assert offer.findings == ()


def test_everything_impossible_in_a_request_is_named_at_once() -> None:
    refused = calculate(
        request(
            price_fen=-1,
            down_payment_fen=-1,
            amount_fen=0,
            term_months=0,
            first_due_date=date(2026, 1, 15),
            due_day=40,
            balloon_fen=-5,
        ),
        CONDITIONS,
    )
    assert isinstance(refused, Refused)
    assert refused.kind is RefusalKind.INVALID
    assert [finding.field for finding in refused.findings] == [
        "price_fen",
        "down_payment_fen",
        "amount_fen",
        "term_months",
        "balloon_fen",
        "first_due_date",
        "due_day",
    ]


def test_more_than_the_rest_of_the_price_is_refused() -> None:
    refused = calculate(request(amount_fen=10_000_001), CONDITIONS)
    assert isinstance(refused, Refused)
    assert [finding.rule for finding in refused.findings] == ["offer.amount_over_rest"]


def test_fees_above_the_loan_are_refused() -> None:
    refused = calculate(request(), CONDITIONS, (Fee("service", Text("费", "Fee"), 10_000_000),))
    assert isinstance(refused, Refused)
    assert refused.findings[0].rule == "offer.fees"
