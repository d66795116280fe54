"""The offer a customer decides on: schedule, installment, what it costs in all, the annual rate, the shares.

Limits come in as data, each with the rule and clause that sets it (the product, a rule pack); a limit
that is passed is a finding of the offer, all of them at once, and the figures are shown all the same.
Only a request that no loan can come from (a negative price, an impossible date) is refused.

>>> request = Request(price_fen=15_000_000, down_payment_fen=5_000_000, amount_fen=10_000_000,
...     term_months=36, disbursement_date=date(2026, 1, 15), first_due_date=date(2026, 2, 15))
>>> offer = calculate(request, Conditions(rate=Decimal("0.06")), ())
>>> offer.installment_fen, offer.loan_to_value
(304219, Decimal('0.6666666667'))
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cheqi.core.base.dates import DayCount, MonthEnd
from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.money import Rounding, format_yuan
from cheqi.core.base.rates import format_percent, from_ratio
from cheqi.core.base.text import Text
from cheqi.core.loan.fees import Fee, fee_at_fen, fee_total_fen
from cheqi.core.loan.rate import NoAnnualRate, effective_annual, irr_annual
from cheqi.core.loan.schedule import Schedule, build
from cheqi.core.loan.terms import LARGEST_PRINCIPAL_FEN, LONGEST_TERM_MONTHS, Method, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the customer wants, and the dates that the calculation assumes."""

    price_fen: int
    down_payment_fen: int
    amount_fen: int
    term_months: int
    disbursement_date: date
    first_due_date: date
    due_day: int | None = None
    balloon_fen: int = 0


class Measure(StrEnum):
    """What a limit bounds: fen for amounts, months for terms, a fraction for shares and rates."""

    AMOUNT_MIN = "AMOUNT_MIN"
    AMOUNT_MAX = "AMOUNT_MAX"
    TERM_MIN = "TERM_MIN"
    TERM_MAX = "TERM_MAX"
    LTV_MAX = "LTV_MAX"
    ANNUAL_RATE_MAX = "ANNUAL_RATE_MAX"


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound, with the rule that sets it and the clause that it comes from."""

    measure: Measure
    value: Decimal
    rule: str
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the product says: rate, method, conventions and limits."""

    rate: Decimal
    method: Method = Method.EQUAL_INSTALLMENT
    day_count: DayCount = DayCount.THIRTY_360
    rounding: Rounding = Rounding.HALF_UP
    installment_rounding: Rounding = Rounding.HALF_UP
    unit_fen: int = 1
    month_end: MonthEnd = MonthEnd.CLAMP
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The calculated offer; `findings` is empty where every limit is kept."""

    schedule: Schedule
    fees: tuple[Fee, ...]
    installment_fen: int
    total_interest_fen: int
    total_fees_fen: int
    annual_rate: Decimal
    effective_rate: Decimal
    loan_to_value: Decimal
    down_payment_share: Decimal
    findings: tuple[Finding, ...]

    @property
    def total_cost_fen(self) -> int:
        """What the loan costs beyond its principal: interest and every fee."""
        return self.total_interest_fen + self.total_fees_fen


def calculate(request: Request, conditions: Conditions, fees: Sequence[Fee] = ()) -> Offer | Refused:
    """The offer for a request, or a refusal that names everything impossible in it."""
    impossible = (*_impossible_amounts(request, conditions), *_impossible_dates(request))
    if not impossible and fee_at_fen(fees, 0, request.term_months) >= request.amount_fen:
        impossible = (_finding("offer.fees", "amount_fen", "费用不能超过贷款金额", "Fees exceed the loan"),)
    if impossible:
        return Refused(RefusalKind.INVALID, impossible)
    schedule = build(_terms(request, conditions))
    try:
        annual_rate, effective = irr_annual(schedule, fees), effective_annual(schedule, fees)
    except NoAnnualRate:
        finding = _finding(
            "offer.annual_rate", "", "无法计算年化利率,请核对费用和日期", "These figures have no annual rate"
        )
        return Refused(RefusalKind.INVALID, (finding,))
    loan_to_value = from_ratio(request.amount_fen, request.price_fen)
    return Offer(
        schedule=schedule,
        fees=tuple(fees),
        installment_fen=schedule.installment_fen,
        total_interest_fen=schedule.total_interest_fen,
        total_fees_fen=fee_total_fen(fees, request.term_months),
        annual_rate=annual_rate,
        effective_rate=effective,
        loan_to_value=loan_to_value,
        down_payment_share=from_ratio(request.down_payment_fen, request.price_fen),
        findings=tuple(
            _passed(limit, value)
            for limit in conditions.limits
            if _is_passed(limit, value := _measured(limit.measure, request, annual_rate, loan_to_value))
        ),
    )


def _terms(request: Request, conditions: Conditions) -> Terms:
    return Terms(
        principal_fen=request.amount_fen,
        rate=conditions.rate,
        term_months=request.term_months,
        disbursement_date=request.disbursement_date,
        first_due_date=request.first_due_date,
        method=conditions.method,
        day_count=conditions.day_count,
        rounding=conditions.rounding,
        installment_rounding=conditions.installment_rounding,
        unit_fen=conditions.unit_fen,
        balloon_fen=request.balloon_fen,
        due_day=request.due_day,
        month_end=conditions.month_end,
    )


def _finding(rule: str, field: str, zh: str, en: str) -> Finding:
    return Finding(rule, Text(zh, en), field=field)


def _impossible_amounts(request: Request, conditions: Conditions) -> tuple[Finding, ...]:
    """Amounts and terms that no loan can have."""
    found = []
    if request.price_fen <= 0:
        found.append(_finding("offer.price", "price_fen", "车价须大于零", "The price must be above zero"))
    if request.down_payment_fen < 0:
        found.append(
            _finding(
                "offer.down_payment", "down_payment_fen", "首付不能为负数", "A down payment is not negative"
            )
        )
    if not 0 < request.amount_fen <= LARGEST_PRINCIPAL_FEN:
        found.append(
            _finding("offer.amount", "amount_fen", "贷款金额须大于零", "The amount must be above zero")
        )
    elif request.amount_fen + request.down_payment_fen > request.price_fen > 0:
        found.append(
            _finding(
                "offer.amount_over_rest",
                "amount_fen",
                "贷款金额与首付之和不能超过车价",
                "Loan and down payment together are more than the price",
            )
        )
    if not 0 < request.term_months <= LONGEST_TERM_MONTHS:
        found.append(_finding("offer.term", "term_months", "期限须为1至360个月", "A term is 1 to 360 months"))
    highest = request.amount_fen if conditions.method is Method.BALLOON else 1
    if not 0 <= request.balloon_fen < max(highest, 1):
        found.append(
            _finding("offer.balloon", "balloon_fen", "尾款须小于贷款金额", "A balloon is less than the loan")
        )
    return tuple(found)


def _impossible_dates(request: Request) -> tuple[Finding, ...]:
    """Due dates that no schedule can have."""
    found = []
    if request.first_due_date <= request.disbursement_date:
        found.append(
            _finding(
                "offer.first_due",
                "first_due_date",
                "首期还款日须晚于放款日",
                "The first due date follows the payout",
            )
        )
    if request.due_day is not None and not 1 <= request.due_day <= 31:
        found.append(_finding("offer.due_day", "due_day", "还款日须为1至31日", "A due day is 1 to 31"))
    return tuple(found)


def _measured(measure: Measure, request: Request, annual_rate: Decimal, loan_to_value: Decimal) -> Decimal:
    """The figure that a limit bounds."""
    if measure in {Measure.AMOUNT_MIN, Measure.AMOUNT_MAX}:
        return Decimal(request.amount_fen)
    if measure in {Measure.TERM_MIN, Measure.TERM_MAX}:
        return Decimal(request.term_months)
    return loan_to_value if measure is Measure.LTV_MAX else annual_rate


def _is_passed(limit: Limit, value: Decimal) -> bool:
    if limit.measure in {Measure.AMOUNT_MIN, Measure.TERM_MIN}:
        return value < limit.value
    return value > limit.value


_SENTENCES = {
    Measure.AMOUNT_MIN: Text(
        "贷款金额{value}低于下限{limit}", "The amount {value} is below the minimum {limit}"
    ),
    Measure.AMOUNT_MAX: Text(
        "贷款金额{value}超过上限{limit}", "The amount {value} is above the maximum {limit}"
    ),
    Measure.TERM_MIN: Text("期限{value}短于下限{limit}", "The term {value} is shorter than {limit}"),
    Measure.TERM_MAX: Text("期限{value}超过上限{limit}", "The term {value} is longer than {limit}"),
    Measure.LTV_MAX: Text(
        "贷款成数{value}超过上限{limit}", "The loan-to-value {value} is above the maximum {limit}"
    ),
    Measure.ANNUAL_RATE_MAX: Text(
        "年化利率{value}超过上限{limit}", "The annual rate {value} is above the maximum {limit}"
    ),
}
_FIELDS = {
    Measure.AMOUNT_MIN: "amount_fen",
    Measure.AMOUNT_MAX: "amount_fen",
    Measure.TERM_MIN: "term_months",
    Measure.TERM_MAX: "term_months",
    Measure.LTV_MAX: "amount_fen",
    Measure.ANNUAL_RATE_MAX: "",
}


def _passed(limit: Limit, value: Decimal) -> Finding:
    """The objection of one limit, with both figures in the sentence and as data."""
    sentence, shown, bound = (
        _SENTENCES[limit.measure],
        _shown(limit.measure, value),
        _shown(limit.measure, limit.value),
    )
    return Finding(
        limit.rule,
        Text(
            sentence.zh.format(value=shown.zh, limit=bound.zh),
            sentence.en.format(value=shown.en, limit=bound.en),
        ),
        field=_FIELDS[limit.measure],
        clause=limit.clause,
        data=(("limit", format(limit.value, "f")), ("value", format(value, "f"))),
    )


def _shown(measure: Measure, value: Decimal) -> Text:
    if measure in {Measure.AMOUNT_MIN, Measure.AMOUNT_MAX}:
        return Text(format_yuan(int(value)), format_yuan(int(value)))
    if measure in {Measure.TERM_MIN, Measure.TERM_MAX}:
        return Text(f"{int(value)}个月", f"{int(value)} months")
    return Text(format_percent(value), format_percent(value))
