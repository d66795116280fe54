"""The staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """People, branches, roles and delegation."""

    name = "cheqi.foundation.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"
