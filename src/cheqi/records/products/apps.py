"""The products app."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """What is offered: terms, limits, fees, dated versions."""

    name = "cheqi.records.products"
    label = "products"
    default_auto_field = "django.db.models.BigAutoField"
