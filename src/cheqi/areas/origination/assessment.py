"""What the credit policy is asked about an application: pure figures from report, offer and person.

Every figure here appears among the inputs that are kept with the answer, so a decision can be redone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cheqi.core.base.dates import add_months, age_on
from cheqi.core.base.rates import from_ratio
from cheqi.ports.credit_bureau import AccountStatus, CreditReport

MONTHS_LOOKED_BACK = 24
DAYS_OF_THREE_MONTHS = 90

Figures = Mapping[str, int | str | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of applicant, car and loan when the policy is asked."""

    customer_type: str
    birth_date: date | None
    monthly_income_fen: int | None
    installment_fen: int
    term_months: int
    car_registered_date: date | None


def figures_of(report: CreditReport) -> dict[str, int | str | bool | None]:
    """The figures of a bureau's report that the policy and the reviewer look at."""
    first = report.produced_at.date()
    since = add_months(first, -MONTHS_LOOKED_BACK)
    recent = [one for one in report.overdue if one.month >= f"{since:%Y-%m}"]
    return {
        "report_number": report.report_number,
        "has_bureau_file": report.is_subject_known,
        "bureau_score": report.score,
        "accounts": len(report.accounts),
        "current_overdue": sum(one.status is AccountStatus.OVERDUE for one in report.accounts),
        "worst_overdue_months_24m": max((one.months_overdue for one in recent), default=0),
        "monthly_payments_fen": report.monthly_payments_fen,
        "enquiries_3m": sum(
            (first - one.enquired_date).days <= DAYS_OF_THREE_MONTHS for one in report.enquiries
        ),
    }


def policy_inputs(
    situation: Situation, figures: Figures, today: date
) -> dict[str, int | str | bool | Decimal | None]:
    """The inputs of the pack `credit_policy`. Without a report every count is zero and there is no file."""
    burden = situation.installment_fen + _whole(figures, "monthly_payments_fen")
    income = situation.monthly_income_fen
    matures = add_months(today, situation.term_months)
    inputs = bureau_inputs(situation.customer_type, figures)
    if situation.birth_date is not None and situation.customer_type != "COMPANY":
        inputs["age"] = age_on(situation.birth_date, today)
        inputs["age_at_maturity"] = age_on(situation.birth_date, matures)
    if income is not None and burden > 0:
        inputs["income_coverage"] = from_ratio(income, burden)
    if situation.car_registered_date is not None:
        age = (today.year - situation.car_registered_date.year) * 12
        age += today.month - situation.car_registered_date.month
        inputs["vehicle_age_plus_term_months"] = max(age, 0) + situation.term_months
    return inputs


def bureau_inputs(customer_type: str, figures: Figures) -> dict[str, int | str | bool | Decimal | None]:
    """What the pack is asked about one person's file alone: for who is liable beside the applicant."""
    inputs: dict[str, int | str | bool | Decimal | None] = {
        "customer_type": customer_type,
        "has_bureau_file": figures.get("has_bureau_file") is True,
        "current_overdue": _whole(figures, "current_overdue"),
        "worst_overdue_months_24m": _whole(figures, "worst_overdue_months_24m"),
        "enquiries_3m": _whole(figures, "enquiries_3m"),
    }
    if figures.get("bureau_score") is not None:
        inputs["bureau_score"] = _whole(figures, "bureau_score")
    return inputs


def _whole(figures: Figures, name: str) -> int:
    value = figures.get(name)
    return value if isinstance(value, int) else 0
