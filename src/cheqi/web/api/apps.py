"""The API's app: it has no rows, its subscriber tells webhooks."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The programs' shell."""

    name = "cheqi.web.api"
    label = "api"
