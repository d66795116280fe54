"""Products: dated versions, and conditions with the law's limits."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cheqi.core.base.actors import SYSTEM, Actor, ActorKind
from cheqi.core.loan.offer import Measure
from cheqi.records.products.models import Product, ProductVersion
from cheqi.records.products.operations import add_version, create_product
from cheqi.records.products.queries import conditions, fees, in_force, on_offer
from cheqi.records.tests.scenarios import NOW, TODAY, a_branch, a_manager, a_product, done, rules

pytestmark = pytest.mark.django_db
USED_OWN: dict[str, Any] = {"is_used": True, "usage": "OWN", "energy": "ICE"}


def limits(version: ProductVersion, on: date = TODAY, **car: Any) -> list[tuple[str, Decimal]]:
    """The loan-to-value and term limits of a version, with the rules that set them."""
    found = conditions(version, on=on, **car).limits
    return [(each.rule, each.value) for each in found if each.measure in {Measure.LTV_MAX, Measure.TERM_MAX}]


def test_a_used_car_is_bound_by_the_law_and_the_product() -> None:
    assert limits(a_product(), **USED_OWN) == [
        ("product.term_max", Decimal(60)),
        ("product.ltv_max", Decimal("0.8")),
        ("auto_loan_term.max_term.used", Decimal(36)),
        ("auto_loan_ltv.max_ltv.used", Decimal("0.70")),
    ]


def test_for_a_new_car_of_one_s_own_the_lender_sets_the_share() -> None:
    found = limits(a_product(), is_used=False, usage="OWN", energy="NEV")
    assert [rule for rule, _ in found] == [
        "product.term_max",
        "product.ltv_max",
        "auto_loan_term.max_term.new",
    ]


def test_the_courts_rate_is_four_times_the_lpr_of_the_day() -> None:
    found = conditions(a_product(), on=TODAY, **USED_OWN).limits
    assert [each.value for each in found if each.rule == "judicial_rate_cap"] == [Decimal("0.12")]


def test_the_version_in_force_changes_on_its_day() -> None:
    first = a_product()
    later = done(
        add_version(
            product_id=first.product_id,
            effective_from=TODAY + timedelta(days=10),
            actor=SYSTEM,
            now=NOW,
            method="EQUAL_PRINCIPAL",
            rate=Decimal("0.05"),
            min_amount_fen=1,
            max_amount_fen=2,
            max_term_months=36,
            max_ltv=Decimal("0.7"),
            four_eyes_above_fen=1,
        )
    )
    assert later.version == 2
    assert [each.pk for each in in_force(TODAY + timedelta(days=9))] == [first.pk]
    assert [each.pk for each in in_force(TODAY + timedelta(days=10))] == [later.pk]
    assert list(in_force(TODAY - timedelta(days=1))) == []


def test_what_is_on_offer_depends_on_customer_and_car() -> None:
    a_product("STD")
    used = a_product("USED", conditions=["USED"], customer_types=["EMPLOYEE"])
    assert [each.product.code for each in on_offer(TODAY, SYSTEM)] == ["STD", "USED"]
    assert [each.product.code for each in on_offer(TODAY, SYSTEM, condition="NEW")] == ["STD"]
    found = on_offer(TODAY, SYSTEM, condition="USED", customer_type="EMPLOYEE")
    assert used in found
    assert used not in on_offer(TODAY, SYSTEM, customer_type="COMPANY")


def test_fees_are_fixed_or_a_rate_of_the_loan() -> None:
    version = a_product(
        fees=[
            {
                "code": "gps",
                "zh": "GPS 服务费",
                "en": "GPS",
                "amount_fen": 120_000,
                "timing": "AT_DISBURSEMENT",
            },
            {
                "code": "service",
                "zh": "服务费",
                "en": "Service",
                "rate": "0.015",
                "timing": "AT_DISBURSEMENT",
            },
        ]
    )
    assert [fee.amount_fen for fee in fees(version, 10_000_033)] == [120_000, 150_000]


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ({"min_amount_fen": 0}, "product.number"),
        ({"max_amount_fen": 10}, "product.amounts"),
        ({"max_term_months": 6}, "product.terms"),
        ({"rate": Decimal("-0.1")}, "product.rate"),
        ({"max_ltv": Decimal("1.1")}, "product.rate"),
        ({"method": "GUESS"}, "product.method"),
        ({"rounding": "NEAREST"}, "product.rounding"),
        ({"fees": [{"code": "x"}]}, "product.fee"),
        (
            {"fees": [{"code": "x", "zh": "费", "en": "Fee", "timing": "AT_DISBURSEMENT", "amount_fen": -1}]},
            "product.fee",
        ),
    ],
)
def test_terms_that_no_product_can_have_are_refused(terms: dict[str, Any], rule: str) -> None:
    product = a_product().product
    values = {
        "method": "FLAT",
        "rate": Decimal("0.1"),
        "min_amount_fen": 100,
        "max_amount_fen": 200,
        "min_term_months": 12,
        "max_term_months": 24,
        "max_ltv": Decimal(1),
        "four_eyes_above_fen": 0,
        **terms,
    }
    day = TODAY + timedelta(days=1)
    assert rules(add_version(product_id=product.pk, effective_from=day, actor=SYSTEM, now=NOW, **values)) == [
        rule
    ]
    assert ProductVersion.objects.count() == 1


def test_the_past_and_a_day_that_is_taken_are_refused() -> None:
    first = a_product()
    for day, rule in ((TODAY - timedelta(days=1), "product.past"), (TODAY, "product.same_day")):
        result = add_version(product_id=first.product_id, effective_from=day, actor=SYSTEM, now=NOW)
        assert rules(result) == [rule]
    assert ProductVersion.objects.count() == 1


def test_a_client_manager_keeps_no_products() -> None:
    manager = a_manager(a_branch())
    names: dict[str, Any] = {"code": "X", "name_zh": "甲", "name_en": "A", "legal_entity": "甲", "now": NOW}
    assert rules(create_product(actor=manager, **names)) == ["product.role"]
    customer = Actor(ActorKind.CUSTOMER, "1", "汪鑫")
    assert rules(create_product(actor=customer, **names)) == ["product.role"]
    assert Product.objects.count() == 0


@pytest.mark.parametrize(
    "values", [{"max_ltv": Decimal("1.2")}, {"max_amount_fen": 1}, {"rate": Decimal(-1)}]
)
def test_the_database_refuses_a_version_out_of_bounds(values: dict[str, Any]) -> None:
    row = a_product()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductVersion.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    assert (row.max_ltv, row.max_amount_fen, row.rate) == (Decimal("0.8"), 50_000_000, Decimal("0.06"))
