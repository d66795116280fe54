"""The ledger app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Accounts and transfers: balanced by construction."""

    name = "cheqi.records.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
