"""Wires the installation when Django is ready."""

from django.apps import AppConfig

from cheqi.config.wiring import wire


class CheqiConfig(AppConfig):
    """The last app: everything else is loaded when it wires the ports."""

    name = "cheqi.config"
    label = "cheqi_config"

    def ready(self) -> None:
        """Binds ports to adapters."""
        wire()
