"""The vehicles app."""

from django.apps import AppConfig


class VehiclesConfig(AppConfig):
    """The cars that loans are about."""

    name = "cheqi.records.vehicles"
    label = "vehicles"
    default_auto_field = "django.db.models.BigAutoField"
