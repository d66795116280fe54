"""Writing products: a version is added, never changed once it has taken effect."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding, RefusalKind, Refused, refuse
from cheqi.core.base.rates import scaled
from cheqi.core.base.text import Text
from cheqi.core.loan.fees import FeeTiming
from cheqi.records.common import conflict, finding, invalid, lender_date, not_found
from cheqi.records.products.choices import DayCountChoice, RepaymentMethod, RoundingChoice
from cheqi.records.products.models import Product, ProductVersion

ROLES = ("operations_manager", "admin")
_CHOICES = {
    "method": RepaymentMethod.values,
    "day_count": DayCountChoice.values,
    "rounding": RoundingChoice.values,
    "installment_rounding": RoundingChoice.values,
}
NUMBERS = ("min_amount_fen", "max_amount_fen", "min_term_months", "max_term_months")


def create_product(
    *, code: str, name_zh: str, name_en: str, legal_entity: str, actor: Actor, now: datetime
) -> Product | Refused:
    """A product without versions yet; the same code gives the same product. Refused to who may not."""
    if not _may(actor):
        return _not_allowed()
    if not all(text.strip() for text in (code, name_zh, name_en, legal_entity)):
        empty = finding(
            "product.names", "code", "请填写代码、名称和法人主体", "Give code, names and legal entity"
        )
        return Refused(RefusalKind.INVALID, (empty,))
    row, _ = Product.objects.get_or_create(
        code=code, defaults={"name_zh": name_zh, "name_en": name_en, "legal_entity": legal_entity}
    )
    return row


def add_version(
    *, product_id: int, effective_from: date, actor: Actor, now: datetime, **terms: Any
) -> ProductVersion | Refused:
    """The next version from a day on; `terms` are the columns of `ProductVersion`.

    Refused with every limit or fee that is wrong, where the day is past, and where one takes effect that day.
    """
    if not _may(actor):
        return _not_allowed()
    findings = check_version(terms)
    if effective_from < lender_date(now):
        findings.append(
            finding(
                "product.past", "effective_from", "生效日不能早于今天", "It cannot take effect in the past"
            )
        )
    if (refused := invalid(findings)) is not None:
        return refused
    with transaction.atomic():
        product = Product.objects.select_for_update().filter(pk=product_id).first()
        if product is None:
            return not_found("product.missing", "没有这个产品", "There is no such product")
        versions = ProductVersion.objects.filter(product=product)
        if versions.filter(effective_from=effective_from).exists():
            return conflict("product.same_day", "当天已有版本生效", "A version already takes effect that day")
        number = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
        row = ProductVersion(product=product, version=number, effective_from=effective_from, **terms)
        row.save(force_insert=True)
    return row


def check_version(terms: dict[str, Any]) -> list[Finding]:
    """Everything that is wrong with the terms of a version."""
    found = [
        finding("product.number", name, "须为大于零的整数", "Must be a whole number above zero")
        for name in NUMBERS
        if name in terms and not (isinstance(terms[name], int) and terms[name] > 0)
    ]
    if not found:
        found += _check_order(terms)
    for name, allowed in _CHOICES.items():
        if name in terms and terms[name] not in allowed:
            found.append(finding(f"product.{name}", name, "请从列表中选择", "Choose one of the list"))
    found += [
        finding("product.rate", name, "须为比率,如 0.0399", "Must be a rate such as 0.0399")
        for name in ("rate", "max_ltv", "max_annual_rate")
        if terms.get(name) is not None and not _is_rate(terms[name], at_most_one=name == "max_ltv")
    ]
    return found + _check_fees(terms.get("fees", []))


def _check_order(terms: dict[str, Any]) -> list[Finding]:
    found = []
    if terms.get("min_amount_fen", 1) > terms.get("max_amount_fen", 1):
        found.append(
            finding("product.amounts", "max_amount_fen", "上限低于下限", "The maximum is below the minimum")
        )
    if terms.get("min_term_months", 1) > terms.get("max_term_months", 1):
        found.append(
            finding("product.terms", "max_term_months", "上限低于下限", "The maximum is below the minimum")
        )
    return found


def _is_rate(value: Any, *, at_most_one: bool) -> bool:
    try:
        number = scaled(Decimal(str(value)))
    except (ValueError, ArithmeticError):
        return False
    return number >= 0 and (not at_most_one or 0 < number <= scaled(Decimal(1)))


def _check_fees(fees: list[dict[str, Any]]) -> list[Finding]:
    found = []
    for fee in fees:
        complete = {"code", "zh", "en", "timing"} <= set(fee) and (("amount_fen" in fee) != ("rate" in fee))
        fits = complete and fee["timing"] in list(FeeTiming)
        if fits and "amount_fen" in fee:
            fits = isinstance(fee["amount_fen"], int) and fee["amount_fen"] >= 0
        if fits and "rate" in fee:
            fits = isinstance(fee["rate"], str) and _is_rate(fee["rate"], at_most_one=True)
        if not fits:
            found.append(
                finding(
                    "product.fee",
                    "fees",
                    "费用须有代码、名称、时点和金额或比率",
                    "A fee needs code, names, timing, amount or rate",
                )
            )
    return found


def _may(actor: Actor) -> bool:
    return (actor.scope.everything and not actor.is_staff) or (actor.is_staff and actor.has_role(*ROLES))


def _not_allowed() -> Refused:
    return refuse(
        RefusalKind.NOT_ALLOWED,
        "product.role",
        Text(
            "只有运营经理或系统管理员可以维护产品",
            "Only operations managers and administrators keep products",
        ),
    )
