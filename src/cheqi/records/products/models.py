"""Products and their dated versions. A version that has taken effect never changes: a change is a new one."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from cheqi.records.products.choices import DayCountChoice, RepaymentMethod, RoundingChoice


class Product(models.Model):
    """What is offered under one name, by one legal entity of the lender."""

    code = models.CharField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    legal_entity = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name_zh


class ProductVersion(models.Model):
    """The terms, limits and fees from a day on. Amounts in fen, rates a fraction a year.

    `fees` is a list of {code, zh, en, amount_fen or rate (of the loan), timing}. Empty
    `customer_types` or `conditions` mean all of them.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    effective_until = models.DateField(null=True)
    method = models.CharField(max_length=20, choices=RepaymentMethod.choices)
    rate = models.DecimalField(max_digits=12, decimal_places=10)
    penalty_multiple = models.DecimalField(max_digits=5, decimal_places=3, default=Decimal("1.5"))
    day_count = models.CharField(max_length=12, choices=DayCountChoice.choices, default="THIRTY_360")
    rounding = models.CharField(max_length=10, choices=RoundingChoice.choices, default="HALF_UP")
    installment_rounding = models.CharField(max_length=10, choices=RoundingChoice.choices, default="HALF_UP")
    unit_fen = models.PositiveIntegerField(default=1)
    min_amount_fen = models.BigIntegerField()
    max_amount_fen = models.BigIntegerField()
    min_term_months = models.PositiveIntegerField(default=1)
    max_term_months = models.PositiveIntegerField()
    max_ltv = models.DecimalField(max_digits=12, decimal_places=10)
    max_annual_rate = models.DecimalField(max_digits=12, decimal_places=10, null=True)
    max_balloon_share = models.DecimalField(max_digits=12, decimal_places=10, default=Decimal(0))
    four_eyes_above_fen = models.BigIntegerField()
    phone_check_above_fen = models.BigIntegerField(default=0)
    is_gps_required = models.BooleanField(default=False)
    fees = models.JSONField(default=list)
    customer_types = models.JSONField(default=list)
    conditions = models.JSONField(default=list)

    class Meta:
        """Bounds are in order, and a version takes effect once."""

        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="product_version_once"),
            models.UniqueConstraint(fields=["product", "effective_from"], name="product_version_one_a_day"),
            models.CheckConstraint(
                name="product_version_amounts",
                condition=Q(min_amount_fen__gt=0, max_amount_fen__gte=F("min_amount_fen")),
            ),
            models.CheckConstraint(
                name="product_version_terms",
                condition=Q(min_term_months__gt=0, max_term_months__gte=F("min_term_months")),
            ),
            models.CheckConstraint(
                name="product_version_rate", condition=Q(rate__gte=0, max_ltv__gt=0, max_ltv__lte=1)
            ),
            models.CheckConstraint(
                name="product_version_dates",
                condition=Q(effective_until__isnull=True) | Q(effective_until__gt=F("effective_from")),
            ),
            models.CheckConstraint(
                name="product_version_thresholds",
                condition=Q(four_eyes_above_fen__gte=0, phone_check_above_fen__gte=0, unit_fen__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} v{self.version}"
