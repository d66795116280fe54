"""The origination app: what it registers is loaded when the apps are ready."""

from importlib import import_module

from django.apps import AppConfig


class OriginationConfig(AppConfig):
    """Applications for auto loans."""

    name = "cheqi.areas.origination"
    label = "origination"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers predicates, steps, guards and the handlers of answers and documents."""
        modules = (
            "predicates",
            "steps",
            "guards",
            "answers",
            "subscribers",
            "tasks",
            "endings",
            "desk.panels",
            "portal.face",
            "portal.taking_part",
        )
        for module in modules:
            import_module(f"{self.name}.{module}")
