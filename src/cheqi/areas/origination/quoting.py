"""The offer while the customer still decides: calculated from the answers so far, nothing is kept.

What the law wants known before a loan is agreed (民法典 第六百八十条 with the disclosure rules of 2021 no. 3
of the central bank) is shown before the application is sent: installment, total cost, annual rate by IRR.
"""

from dataclasses import dataclass
from datetime import date

from cheqi.areas.origination.questions import Answers
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, Refused
from cheqi.core.base.rates import format_percent
from cheqi.core.base.text import Text
from cheqi.core.loan.offer import Limit, Measure, Offer, Request, calculate
from cheqi.records.applications.checks import check_share
from cheqi.records.applications.operations.offers import first_due
from cheqi.records.products.models import ProductVersion
from cheqi.records.products.queries import conditions, fees, on_offer

USUAL_TERMS = (6, 12, 18, 24, 36, 48, 60)


@dataclass(frozen=True, slots=True)
class Quote:
    """One product with the offer for these answers; without figures while an answer is missing."""

    code: str
    name: Text
    terms: tuple[int, ...]
    offer: Offer | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def annual_rate(self) -> str:
        """The annual rate as people read it."""
        return format_percent(self.offer.annual_rate) if self.offer else ""

    @property
    def amount_fen(self) -> int:
        """What is lent."""
        return self.offer.schedule.terms.principal_fen if self.offer else 0

    @property
    def total_fen(self) -> int:
        """Everything that is paid over the term."""
        return self.amount_fen + self.offer.total_cost_fen if self.offer else 0


def quotes(answers: Answers, today: date, actor: Actor) -> tuple[Quote, ...]:
    """Every product that fits customer and car, with its offer as far as the answers allow."""
    offered = on_offer(
        today,
        actor,
        customer_type=str(answers.get("customer_type", "")),
        condition=str(answers.get("condition", "")),
    )
    return tuple(_quote(version, answers, today) for version in offered)


def chosen(answers: Answers, found: tuple[Quote, ...]) -> Quote | None:
    """The quote of the product that was chosen, if any."""
    return next((quote for quote in found if quote.code == answers.get("product")), None)


def _quote(version: ProductVersion, answers: Answers, today: date) -> Quote:
    name = Text(version.product.name_zh, version.product.name_en)
    terms = tuple(term for term in USUAL_TERMS if version.min_term_months <= term <= version.max_term_months)
    bare = Quote(version.product.code, name, terms)
    price, down, term = (answers.get(key) for key in ("price_fen", "down_payment_fen", "term_months"))
    if not (isinstance(price, int) and isinstance(down, int) and isinstance(term, int)):
        return bare
    wanted = Request(
        price_fen=price,
        down_payment_fen=down,
        amount_fen=price - down,
        term_months=term,
        disbursement_date=today,
        first_due_date=first_due(today, None),
    )
    limits = conditions(
        version,
        on=today,
        is_used=answers.get("condition") == "USED",
        usage=str(answers.get("usage", "OWN")),
        energy=str(answers.get("energy", "ICE")),
    )
    made = calculate(wanted, limits, fees(version, max(price - down, 0)))
    if isinstance(made, Refused):
        return Quote(bare.code, name, terms, findings=made.findings)
    return Quote(
        bare.code, name, terms, made, _in_plain_words(made.findings, price, price - down, limits.limits)
    )


def _in_plain_words(
    findings: tuple[Finding, ...], price_fen: int, amount_fen: int, limits: tuple[Limit, ...]
) -> tuple[Finding, ...]:
    """The findings with the share of the price said as it is when the application is sent: what would fit."""
    shares = {limit.rule for limit in limits if limit.measure is Measure.LTV_MAX}
    others = [one for one in findings if one.rule not in shares]
    return (*check_share(price_fen, amount_fen, limits), *others)
