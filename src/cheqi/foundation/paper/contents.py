"""What goes into each paper, typed, so that a missing fact is noticed before anything is printed.

Money is integer fen, rates are exact decimals a year. `as_data` turns a content into what the template reads:
amounts as numbers, rates as text, dates in ISO; the template writes them as text and never as markup.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from cheqi.foundation.paper.places import Place
from cheqi.foundation.paper.wording import capital_yuan, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """The lender as a contract names it."""

    name: str
    uscc: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer's side: `role` is printed (借款人（抵押人）, 共同借款人, 保证人)."""

    role: str
    name: str
    id_number: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """The mortgaged car; a new one has no plate yet."""

    model: str
    vin: str
    kind: str
    price_fen: int
    engine_number: str = ""
    plate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installment:
    """One line of the repayment schedule; `balance_fen` is the principal left after it."""

    number: int
    due_date: date
    principal_fen: int
    interest_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A cost of the loan beside interest."""

    name: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanContract:
    """Everything a loan contract says. `annual_rate` is the internal rate of return over all costs."""

    TEMPLATE: ClassVar[str] = "loan_contract"

    number: str
    drawn_at: datetime
    place: str
    lender: Lender
    persons: tuple[Person, ...]
    vehicle: Vehicle
    dealer: str
    down_payment_fen: int
    principal_fen: int
    nominal_rate: Decimal
    annual_rate: Decimal
    method: str
    due_day: int
    installments: tuple[Installment, ...]
    fees: tuple[Fee, ...]
    penalty_rate: Decimal
    prepayment: str
    account: str
    court: str
    has_gps: bool
    has_guarantor: bool

    def __post_init__(self) -> None:
        _check_schedule(self.principal_fen, self.installments)

    def as_data(self, places: Sequence[Place]) -> dict[str, Any]:
        """For the template, with the sums that are printed and the boxes to sign in."""
        interest_fen = sum(each.interest_fen for each in self.installments)
        fees_fen = sum(each.amount_fen for each in self.fees)
        return {
            **asdict(self),
            "principal_words": "人民币" + capital_yuan(self.principal_fen),
            "nominal_rate": percent(self.nominal_rate),
            "annual_rate": percent(self.annual_rate),
            "penalty_rate": f"年利率 {percent(self.penalty_rate)}（单利）",
            "interest_fen": interest_fen,
            "fees_fen": fees_fen,
            "total_fen": self.principal_fen + interest_fen + fees_fen,
            "places": [place.as_data() for place in places],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentSchedule:
    """A schedule on its own, for download."""

    TEMPLATE: ClassVar[str] = "repayment_schedule"

    number: str
    drawn_at: datetime
    lender: Lender
    borrower: Person
    principal_fen: int
    nominal_rate: Decimal
    annual_rate: Decimal
    method: str
    account: str
    installments: tuple[Installment, ...]

    def __post_init__(self) -> None:
        _check_schedule(self.principal_fen, self.installments)

    def as_data(self, places: Sequence[Place]) -> dict[str, Any]:
        """For the template; nobody signs it."""
        rates = {"nominal_rate": percent(self.nominal_rate), "annual_rate": percent(self.annual_rate)}
        return {**asdict(self), **rates}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAuthorisation:
    """What a customer was shown and agreed to before the credit bureau is asked.

    `shown_at`, `agreed_at` and `method` are sentences as they are printed; `paragraphs` is the text shown.
    """

    TEMPLATE: ClassVar[str] = "credit_authorisation"

    number: str
    drawn_at: datetime
    lender: Lender
    person: Person
    purpose: str
    valid_from: date
    valid_until: date
    paragraphs: tuple[str, ...]
    shown_at: str
    agreed_at: str
    method: str
    text_sha256: str

    def as_data(self, places: Sequence[Place]) -> dict[str, Any]:
        """For the template."""
        return asdict(self)


Content = LoanContract | RepaymentSchedule | CreditAuthorisation


def to_json(data: dict[str, Any]) -> str:
    """The data as the template reads it: dates in ISO, decimals as text."""
    return json.dumps(data, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a paper cannot show {type(value).__name__}")


def _check_schedule(principal_fen: int, installments: Sequence[Installment]) -> None:
    """A contract whose schedule does not repay the principal is never printed."""
    if not installments or sum(each.principal_fen for each in installments) != principal_fen:
        raise ValueError("the installments do not add up to the principal")
