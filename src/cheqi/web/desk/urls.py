"""Addresses of the desk."""

from django.conf import settings
from django.urls import URLPattern, path

from cheqi.web.desk import styleguide, views

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("account/", views.home, name="account"),
    path("log-out/", views.home, name="log_out"),
]
if settings.DEBUG:
    urlpatterns += [
        path("_styleguide/", styleguide.page, name="styleguide"),
        path("_styleguide/live/", styleguide.ticking, name="styleguide_live"),
        path("_styleguide/upload/", styleguide.receive, name="styleguide_upload"),
        path("_styleguide/portal/", styleguide.portal, name="styleguide_portal"),
    ]
