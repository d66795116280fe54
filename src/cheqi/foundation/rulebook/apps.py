"""The rulebook app."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """Versions of rule packs, published by two people over the baseline."""

    name = "cheqi.foundation.rulebook"
    label = "rulebook"
    default_auto_field = "django.db.models.BigAutoField"
