"""The privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Sealed columns, masking and the record of unmaskings."""

    name = "cheqi.foundation.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
