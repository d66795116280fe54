"""The parties app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """People and companies: customers, guarantors, representatives."""

    name = "cheqi.records.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
