"""The loans app."""

from django.apps import AppConfig


class LoansConfig(AppConfig):
    """Loan accounts and their installments."""

    name = "cheqi.records.loans"
    label = "loans"
    default_auto_field = "django.db.models.BigAutoField"
