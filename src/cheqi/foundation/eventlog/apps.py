"""The event log app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventlogConfig(AppConfig):
    """Events, their seals and their subscribers."""

    name = "cheqi.foundation.eventlog"
    label = "eventlog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Loads every app's subscribers."""
        autodiscover_modules("subscribers")
