"""Addresses: the portal at the root, the desk under /desk/, the API under /api/."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
