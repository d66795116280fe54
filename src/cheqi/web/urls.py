"""Addresses of the shells: the portal at the root, the desk under /desk/."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("desk/", include("cheqi.areas.origination.desk.urls")),
    path("desk/", include("cheqi.web.desk.urls")),
    path("", include("cheqi.areas.origination.portal.urls")),
    path("", include("cheqi.web.portal.urls")),
]
