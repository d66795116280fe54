"""What can be wrong with an application; everything at once, in the words of who fills it in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cheqi.core.base.findings import Finding
from cheqi.core.base.money import format_yuan
from cheqi.core.base.text import Text
from cheqi.core.loan.offer import Limit, Measure
from cheqi.records.applications.choices import CustomerType, PartyRole, SourceChannel
from cheqi.records.common import finding
from cheqi.records.parties.choices import PartyKind
from cheqi.records.parties.models import Party
from cheqi.records.products.models import ProductVersion

LARGEST_FEN = 10**13


@dataclass(frozen=True, slots=True)
class RoleOf:
    """A party and what it is to be in an application."""

    party_id: int
    role: str


def check_figures(values: Mapping[str, Any], product: ProductVersion) -> list[Finding]:
    """Findings about price, down payment, amount, term and choices, limits of the product included."""
    found = [
        finding(f"application.{name}", name, zh, en)
        for name, lowest, zh, en in (
            ("price_fen", 1, "车价须大于零", "The price must be above zero"),
            ("down_payment_fen", 0, "首付不能为负数", "A down payment is not negative"),
            ("amount_fen", 1, "贷款金额须大于零", "The amount must be above zero"),
            ("term_months", 1, "期限须大于零", "The term must be above zero"),
            ("balloon_fen", 0, "尾款不能为负数", "A balloon is not negative"),
        )
        if not _is_whole(values.get(name, 0), lowest)
    ]
    if not found:
        found += _check_limits(values, product)
    income, due_day = values.get("monthly_income_fen"), values.get("due_day")
    if income is not None and not _is_whole(income, 0):
        found.append(
            finding("application.income", "monthly_income_fen", "收入不能为负数", "Income is not negative")
        )
    if due_day is not None and not (_is_whole(due_day, 1) and due_day <= 31):
        found.append(finding("application.due_day", "due_day", "还款日须为1至31日", "A due day is 1 to 31"))
    if values.get("customer_type") not in CustomerType.values:
        found.append(
            finding("application.customer_type", "customer_type", "请选择客户类型", "Choose a customer type")
        )
    if values.get("source_channel") not in SourceChannel.values:
        found.append(finding("application.channel", "source_channel", "请选择来源渠道", "Choose a channel"))
    return found


def _is_whole(value: Any, lowest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= LARGEST_FEN


def _check_limits(values: Mapping[str, Any], product: ProductVersion) -> list[Finding]:
    price, down, amount, term = (
        values[name] for name in ("price_fen", "down_payment_fen", "amount_fen", "term_months")
    )
    found = []
    if amount + down > price:
        rest = format_yuan(max(price - down, 0))
        found.append(
            finding(
                "application.amount_over_rest",
                "amount_fen",
                f"贷款金额不能超过车价减首付后的 {rest}",
                f"The loan cannot be more than the rest of the price, {rest}",
            )
        )
    if not product.min_amount_fen <= amount <= product.max_amount_fen:
        low, high = format_yuan(product.min_amount_fen), format_yuan(product.max_amount_fen)
        found.append(
            finding(
                "product.amount",
                "amount_fen",
                f"该产品可贷 {low} 至 {high}，请调整首付或换产品",
                f"This product lends {low} to {high}; change the down payment or the product",
            )
        )
    if not product.min_term_months <= term <= product.max_term_months:
        low, high = str(product.min_term_months), str(product.max_term_months)
        found.append(
            finding(
                "product.term",
                "term_months",
                f"该产品期限为 {low} 至 {high} 个月，请重选期限",
                f"This product runs for {low} to {high} months; choose another term",
            )
        )
    if values.get("balloon_fen", 0) > int(amount * product.max_balloon_share):
        found.append(
            finding(
                "product.balloon",
                "balloon_fen",
                "尾款超过该产品允许的比例，请调低尾款",
                "The balloon is above the product's share; lower it",
            )
        )
    if product.customer_types and values.get("customer_type") not in product.customer_types:
        found.append(
            finding(
                "product.customer_type",
                "customer_type",
                "该产品不面向此类客户",
                "This product is not for this customer type",
            )
        )
    return found


def check_share(price_fen: int, amount_fen: int, limits: Iterable[Limit]) -> list[Finding]:
    """The loan over the price against the lowest share of product and law, with what would fit.

    The finding names the limit that binds; the highest loan is whole fen, the down payment whole yuan.
    """
    shares = [limit for limit in limits if limit.measure is Measure.LTV_MAX]
    lowest = min(shares, key=lambda limit: limit.value, default=None)
    if lowest is None or amount_fen <= price_fen * lowest.value:
        return []
    most_fen = int(price_fen * lowest.value)
    down_fen = -(-(price_fen - most_fen) // 100) * 100
    share = f"{(lowest.value * 100).normalize():f}%"
    most, down = format_yuan(most_fen), format_yuan(down_fen)
    message = Text(
        f"最多可贷车价的 {share}，即 {most}；首付至少 {down}，请提高首付",
        f"At most {share} of the price can be lent, {most}: the down payment is at least {down}",
    )
    return [Finding(lowest.rule, message, field="down_payment_fen", clause=lowest.clause)]


def check_roles(roles: Sequence[RoleOf], parties: Mapping[int, Party], customer_type: str) -> list[Finding]:
    """Findings about who takes part: one borrower, nobody twice, a company with its representative."""
    found = []
    counts = Counter(each.role for each in roles)
    if counts[PartyRole.BORROWER] != 1:
        found.append(
            finding("application.borrower", "roles", "须有且只有一位借款人", "There is exactly one borrower")
        )
    if set(counts) - set(PartyRole.values):
        found.append(finding("application.role", "roles", "未知的角色", "An unknown role"))
    if any(count > 1 for count in Counter(each.party_id for each in roles).values()):
        found.append(finding("application.twice", "roles", "同一人只能有一个角色", "Nobody has two roles"))
    if any(each.party_id not in parties for each in roles):
        found.append(finding("application.party", "roles", "没有这个客户", "There is no such customer"))
        return found
    borrowers = [parties[each.party_id] for each in roles if each.role == PartyRole.BORROWER]
    is_company = any(party.kind == PartyKind.COMPANY for party in borrowers)
    if is_company != (customer_type == CustomerType.COMPANY):
        found.append(
            finding(
                "application.kind",
                "customer_type",
                "客户类型与借款人不符",
                "Customer type and borrower differ",
            )
        )
    if is_company and not counts[PartyRole.REPRESENTATIVE]:
        found.append(
            finding(
                "application.representative", "roles", "公司须有授权代表", "A company needs a representative"
            )
        )
    return found
