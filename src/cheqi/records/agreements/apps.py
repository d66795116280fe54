"""The agreements app."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Contracts: frozen terms, documents, signatures."""

    name = "cheqi.records.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
