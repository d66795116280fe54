"""Products on offer, and a version's conditions together with the law's limits on the day."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from cheqi.core.base.actors import Actor
from cheqi.core.base.dates import DayCount
from cheqi.core.base.money import Rounding
from cheqi.core.base.rates import interest_fen
from cheqi.core.base.text import Text
from cheqi.core.loan.fees import Fee, FeeTiming
from cheqi.core.loan.offer import Conditions, Limit, Measure
from cheqi.core.loan.terms import Method
from cheqi.foundation.rulebook.queries import pack
from cheqi.records.products.models import ProductVersion
from cheqi.rules import evaluate

WHOLE = Fraction(1)


def in_force(on: date) -> QuerySet[ProductVersion]:
    """The version of every product that counts on a day."""
    until = Q(effective_until__isnull=True) | Q(effective_until__gt=on)
    rows = ProductVersion.objects.filter(until, effective_from__lte=on).select_related("product")
    newest = rows.order_by("product_id", "-effective_from")
    ids: dict[int, int] = {}
    for product_id, pk in newest.values_list("product_id", "pk"):
        ids.setdefault(product_id, pk)
    return (
        ProductVersion.objects.filter(pk__in=ids.values()).select_related("product").order_by("product__code")
    )


def on_offer(
    on: date, actor: Actor, *, customer_type: str = "", condition: str = ""
) -> tuple[ProductVersion, ...]:
    """What may be applied for on a day; products are public, so every actor sees the same."""
    return tuple(
        version
        for version in in_force(on)
        if (not customer_type or customer_type in (version.customer_types or [customer_type]))
        and (not condition or condition in (version.conditions or [condition]))
    )


def version(version_id: int, actor: Actor) -> ProductVersion | None:
    """One version by its id; public."""
    return ProductVersion.objects.select_related("product").filter(pk=version_id).first()


def all_versions(actor: Actor) -> tuple[ProductVersion, ...]:
    """Every version of every product, the newest of each first; for colleagues. One statement."""
    if not (actor.is_staff or actor.scope.everything):
        return ()
    rows = ProductVersion.objects.select_related("product").order_by("product__code", "-version", "pk")
    return tuple(rows)


def conditions(row: ProductVersion, *, on: date, is_used: bool, usage: str, energy: str) -> Conditions:
    """The conditions of a version with every limit: the product's own, and those of law on the day."""
    return Conditions(
        rate=row.rate,
        method=Method(row.method),
        day_count=DayCount(row.day_count),
        rounding=Rounding(row.rounding),
        installment_rounding=Rounding(row.installment_rounding),
        unit_fen=row.unit_fen,
        limits=(*_own_limits(row), *_law_limits(on, is_used=is_used, usage=usage, energy=energy)),
    )


def fees(row: ProductVersion, amount_fen: int) -> tuple[Fee, ...]:
    """The fees of a version for a loan: fixed amounts, or a rate of the loan rounded half up."""
    return tuple(
        Fee(
            code=each["code"],
            title=Text(each["zh"], each["en"]),
            amount_fen=_fee_fen(each, amount_fen),
            timing=FeeTiming(each["timing"]),
        )
        for each in row.fees
    )


def _fee_fen(fee: dict[str, Any], amount_fen: int) -> int:
    if "amount_fen" in fee:
        return int(fee["amount_fen"])
    return interest_fen(amount_fen, Decimal(fee["rate"]), WHOLE, Rounding.HALF_UP)


def _own_limits(row: ProductVersion) -> tuple[Limit, ...]:
    bounds = {
        Measure.AMOUNT_MIN: row.min_amount_fen,
        Measure.AMOUNT_MAX: row.max_amount_fen,
        Measure.TERM_MIN: row.min_term_months,
        Measure.TERM_MAX: row.max_term_months,
        Measure.LTV_MAX: row.max_ltv,
        Measure.ANNUAL_RATE_MAX: row.max_annual_rate,
    }
    clause = f"{row.product.name_zh} v{row.version}"
    return tuple(
        Limit(measure, Decimal(str(value)), f"product.{measure.value.lower()}", clause)
        for measure, value in bounds.items()
        if value is not None
    )


def _law_limits(on: date, *, is_used: bool, usage: str, energy: str) -> tuple[Limit, ...]:
    """Loan-to-value and term of the law, and the courts' rate as a warning line."""
    share = evaluate(pack("auto_loan_ltv", on), {"is_used": is_used, "usage": usage, "energy": energy})
    term = evaluate(pack("auto_loan_term", on), {"is_used": is_used})
    found = [Limit(Measure.TERM_MAX, Decimal(str(term.value["max_term_months"])), term.rule, term.clause)]
    if share.value["max_ltv"] is not None:
        found.append(Limit(Measure.LTV_MAX, Decimal(str(share.value["max_ltv"])), share.rule, share.clause))
    cap = pack("judicial_rate_cap", on)
    highest = Decimal(cap.value("multiple_of_lpr", on)) * Decimal(cap.value("lpr_1y", on))
    clause = f"{cap.source.title} {cap.source.clause}"
    found.append(Limit(Measure.ANNUAL_RATE_MAX, highest, "judicial_rate_cap", clause))
    return tuple(found)
