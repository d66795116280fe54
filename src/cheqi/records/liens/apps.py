"""The liens app."""

from django.apps import AppConfig


class LiensConfig(AppConfig):
    """Liens, title custody, insurance and GPS contracts."""

    name = "cheqi.records.liens"
    label = "liens"
    default_auto_field = "django.db.models.BigAutoField"
