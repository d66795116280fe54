"""The exchanges app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ExchangesConfig(AppConfig):
    """Requests to and pushes from outside systems."""

    name = "cheqi.foundation.exchanges"
    label = "exchanges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Loads every app's answers: the `answers.py` where handlers are registered."""
        autodiscover_modules("answers")
