"""Addresses: the portal at the root, the desk under /desk/, the API under /api/."""

from django.urls import URLPattern, URLResolver, include, path

from cheqi.foundation.exchanges.views import push

handler400 = "cheqi.ui.errors.bad_request"
handler403 = "cheqi.ui.errors.forbidden"
handler404 = "cheqi.ui.errors.not_found"
handler500 = "cheqi.ui.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/pushes/<slug:source>", push, name="push"),
    path("api/v1/", include("cheqi.web.api.urls")),
    path("", include("cheqi.web.urls")),
]
