"""The access app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Customers, API clients, throttles, idempotency, webhooks."""

    name = "cheqi.foundation.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
