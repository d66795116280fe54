"""The component library as an app: templates, static files, checks and the compiled catalogue."""

from django.apps import AppConfig
from django.core import checks

from cheqi.locale.catalogue import compile_when_stale
from cheqi.ui.assets import check_build


class UiConfig(AppConfig):
    """Makes the library ready before the first page."""

    name = "cheqi.ui"
    label = "ui"

    def ready(self) -> None:
        """Compiles the English catalogue when its source is newer, and registers the build check."""
        compile_when_stale()
        checks.register(check_build, "ui")
