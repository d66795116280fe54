"""Addresses of the portal."""

from django.urls import path

from cheqi.web.portal import installable

app_name = "portal"
urlpatterns = [
    path("", installable.offline, name="home"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("worker.js", installable.worker, name="worker"),
    path("offline/", installable.offline, name="offline"),
]
