"""The workflow app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowConfig(AppConfig):
    """Cases, their steps and clocks."""

    name = "cheqi.foundation.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Loads what the apps register for process packs: predicates, operations, materials, guards."""
        autodiscover_modules("predicates", "processes")
