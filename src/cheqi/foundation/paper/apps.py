"""The paper app."""

import importlib

from django.apps import AppConfig


class PaperConfig(AppConfig):
    """Contracts, schedules, authorisations and their signatures."""

    name = "cheqi.foundation.paper"
    label = "paper"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the check for fonts."""
        importlib.import_module("cheqi.foundation.paper.checks")
