"""The app that looks after files; each app says which of them its rows name."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FilesConfig(AppConfig):
    """Housekeeping of the file store."""

    name = "cheqi.foundation.files"
    label = "files"

    def ready(self) -> None:
        """Loads what every app says about its files."""
        autodiscover_modules("file_references")
