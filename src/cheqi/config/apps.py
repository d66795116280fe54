"""Wires the installation when Django is ready."""

from importlib import import_module

from django.apps import AppConfig


class CheqiConfig(AppConfig):
    """The last app: everything else is loaded when it wires the ports."""

    name = "cheqi.config"
    label = "cheqi_config"

    def ready(self) -> None:
        """Binds ports to adapters; wiring sees models, so it is imported only now."""
        import_module("cheqi.config.wiring").wire()
