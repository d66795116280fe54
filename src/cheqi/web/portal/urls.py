"""Addresses of the portal."""

from django.urls import path

from cheqi.web.portal import installable, log_in, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("log-in/", log_in.log_in, name="log_in"),
    path("log-in/code/", log_in.enter_code, name="code"),
    path("track/", log_in.track, name="track"),
    path("log-out/", log_in.log_out, name="log_out"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("worker.js", installable.worker, name="worker"),
    path("offline/", installable.offline, name="offline"),
]
