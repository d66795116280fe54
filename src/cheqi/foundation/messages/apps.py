"""The messages app. Its label is `messaging`, since Django has an app called messages."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages to people."""

    name = "cheqi.foundation.messages"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
