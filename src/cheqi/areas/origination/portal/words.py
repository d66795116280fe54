"""What a customer's pages call things."""

from django.utils.translation import get_language

from cheqi.core.base.money import format_yuan
from cheqi.records.applications.models import Application


def headline(application: Application | None) -> str:
    """Product, car and amount; empty before an application was sent."""
    if application is None:
        return ""
    product, car = application.product_version.product, application.vehicle
    name = product.name_en if (get_language() or "").startswith("en") else product.name_zh
    return f"{name} · {car.brand} {car.model} · {format_yuan(application.amount_fen)}"
