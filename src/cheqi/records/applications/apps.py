"""The applications app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Who wants which loan for which car, and what was decided."""

    name = "cheqi.records.applications"
    label = "applications"
    default_auto_field = "django.db.models.BigAutoField"
