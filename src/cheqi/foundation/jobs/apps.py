"""The jobs app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Wake-ups, the worker and its sweeps."""

    name = "cheqi.foundation.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Loads every app's tasks."""
        autodiscover_modules("tasks")
