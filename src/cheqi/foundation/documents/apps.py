"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploaded files and the fields that were read from them."""

    name = "cheqi.foundation.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
