"""The demo lender: two branches, people of every role, products, dealers, processes and open books.

Everything is fictitious. Founding it again changes nothing, so `cheqi run --demo` may do it every time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind, Scope
from cheqi.core.base.findings import Refused
from cheqi.demo.people import a_company
from cheqi.foundation.staff.models import Branch, Member
from cheqi.foundation.staff.operations import add_member, install_roles
from cheqi.foundation.workflow.operations import publish_definition
from cheqi.records.applications.models import Dealer
from cheqi.records.applications.operations import record_dealer
from cheqi.records.ledger.operations import open_books
from cheqi.records.products.models import Product, ProductVersion
from cheqi.records.products.operations import add_version, create_product

PASSWORD = "cheqi-demo-2026"  # noqa: S105 (of people who do not exist, printed at every start)
LEGAL_ENTITY = "main"
BRANCHES = (("HZ", "杭州分部"), ("SH", "上海分部"))
PEOPLE: tuple[tuple[str, str, str | None, tuple[str, ...]], ...] = (
    ("chenjing", "陈静", "HZ", ("client_manager",)),
    ("limin", "李敏", "HZ", ("back_office", "registry_clerk")),
    ("wangfang", "王芳", "HZ", ("back_office",)),
    ("zhaolei", "赵磊", "HZ", ("reviewer",)),
    ("hejun", "何军", "HZ", ("reviewer",)),
    ("qianli", "钱莉", "HZ", ("senior_reviewer",)),
    ("sunhao", "孙浩", "HZ", ("disbursement",)),
    ("zhengyi", "郑毅", "SH", ("client_manager",)),
    ("fengqi", "冯琪", "SH", ("back_office", "registry_clerk", "reviewer")),
    ("tangwei", "唐薇", "SH", ("reviewer", "back_office")),
    ("luojie", "罗杰", "SH", ("senior_reviewer",)),
    ("gaoyang", "高扬", "SH", ("disbursement",)),
    ("zhouning", "周宁", None, ("operations_manager",)),
    ("hanxue", "韩雪", None, ("operations_director",)),
    ("wutong", "吴桐", None, ("auditor",)),
    ("admin", "管理员", None, ("admin",)),
)
DEALER_SEEDS = (9001, 9002, 9003)
WAN = 1_000_000
MANAGER = Actor(
    ActorKind.SYSTEM,
    "system",
    "系统",
    roles=frozenset({"operations_manager", "admin"}),
    scope=Scope(everything=True),
)


@dataclass(frozen=True, slots=True)
class DemoLender:
    """What was founded: branches by code, members by login, product versions by code, dealers."""

    branches: dict[str, Branch]
    members: dict[str, Member]
    products: dict[str, ProductVersion]
    dealers: tuple[Dealer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProduct:
    """One product of the demo."""

    code: str
    zh: str
    en: str
    rate: str
    max_ltv: str
    max_term_months: int
    conditions: tuple[str, ...]
    customer_types: tuple[str, ...] = ("EMPLOYEE", "SELF_EMPLOYED")
    is_gps_required: bool = False
    fee_fen: int = 0


PRODUCTS = (
    DemoProduct(
        code="new-car",
        zh="新车标准贷",
        en="New car standard",
        rate="0.0588",
        max_ltv="0.80",
        max_term_months=60,
        conditions=("NEW",),
    ),
    DemoProduct(
        code="used-car",
        zh="二手车贷",
        en="Used car",
        rate="0.0684",
        max_ltv="0.70",
        max_term_months=36,
        conditions=("USED",),
        is_gps_required=True,
        fee_fen=60_000,
    ),
    DemoProduct(
        code="company-car",
        zh="企业用车贷",
        en="Company car",
        rate="0.0648",
        max_ltv="0.70",
        max_term_months=36,
        conditions=("NEW", "USED"),
        customer_types=("COMPANY",),
    ),
)


@transaction.atomic
def found_lender(now: datetime) -> DemoLender:
    """Founds the lender, or finds it as it is."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    branches = {
        code: Branch.objects.get_or_create(code=code, defaults={"name": name})[0] for code, name in BRANCHES
    }
    members = {
        login: _member(login, name, branches.get(code or ""), roles, now)
        for login, name, code, roles in PEOPLE
    }
    open_books(legal_entity=LEGAL_ENTITY, open_date=today, actor=SYSTEM, now=now)
    products = {product.code: _product(product, today, now) for product in PRODUCTS}
    dealers = tuple(_dealer(seed, now) for seed in DEALER_SEEDS)
    publish_processes(now)
    return DemoLender(branches, members, products, dealers)


def publish_processes(now: datetime) -> None:
    """Publishes every process pack of the baseline; what is published already stays."""
    for pack in sorted((files("cheqi.rules") / "packs" / "processes").iterdir(), key=lambda item: item.name):
        if pack.name.endswith(".yaml"):
            done = publish_definition(source=pack.read_text(encoding="utf-8"), actor=SYSTEM, now=now)
            assert not isinstance(done, Refused), f"{pack.name}: {done}"


def _member(login: str, name: str, branch: Branch | None, roles: tuple[str, ...], now: datetime) -> Member:
    known = Member.objects.filter(login=login).first()
    if known is not None:
        return known
    member = add_member(
        login=login, name=name, password=PASSWORD, branch=branch, actor=SYSTEM, now=now, must_change=False
    )
    assert isinstance(member, Member), member
    install_roles(member, roles, branch=branch, actor=SYSTEM, now=now)
    return member


def _product(wanted: DemoProduct, today: date, now: datetime) -> ProductVersion:
    known = ProductVersion.objects.filter(product__code=wanted.code).order_by("version").last()
    if known is not None:
        return known
    product = create_product(
        code=wanted.code,
        name_zh=wanted.zh,
        name_en=wanted.en,
        legal_entity=LEGAL_ENTITY,
        actor=MANAGER,
        now=now,
    )
    assert isinstance(product, Product), product
    fee = {"code": "service", "zh": "手续费", "en": "Service fee", "timing": "AT_DISBURSEMENT"}
    version = add_version(
        product_id=product.pk,
        effective_from=today,
        method="EQUAL_INSTALLMENT",
        rate=Decimal(wanted.rate),
        min_amount_fen=2 * WAN,
        max_amount_fen=80 * WAN,
        min_term_months=6,
        max_term_months=wanted.max_term_months,
        max_ltv=Decimal(wanted.max_ltv),
        four_eyes_above_fen=20 * WAN,
        phone_check_above_fen=15 * WAN,
        is_gps_required=wanted.is_gps_required,
        fees=[{**fee, "amount_fen": wanted.fee_fen}] if wanted.fee_fen else [],
        customer_types=list(wanted.customer_types),
        conditions=list(wanted.conditions),
        actor=MANAGER,
        now=now,
    )
    assert isinstance(version, ProductVersion), version
    return version


def _dealer(seed: int, now: datetime) -> Dealer:
    company = a_company(seed)
    dealer = record_dealer(
        name=company.name,
        uscc=company.uscc,
        account=f"19045101040{seed:08d}",
        account_name=company.name,
        bank_name="示例银行杭州支行",
        bank_code="SLYH",
        actor=SYSTEM,
        now=now,
    )
    assert isinstance(dealer, Dealer), dealer
    return dealer
