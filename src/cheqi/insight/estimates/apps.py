"""The estimates app."""

from django.apps import AppConfig


class EstimatesConfig(AppConfig):
    """Promises of time, from the lender's own history."""

    name = "cheqi.insight.estimates"
    label = "estimates"
    default_auto_field = "django.db.models.BigAutoField"
