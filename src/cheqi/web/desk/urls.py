"""Addresses of the desk."""

from django.urls import path

from cheqi.web.desk import log_in, styleguide, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("account/", views.account, name="account"),
    path("log-in/", log_in.log_in, name="log_in"),
    path("log-in/code/", log_in.pass_second_factor, name="second_factor"),
    path("log-in/enrol/", log_in.enrol, name="enrol"),
    path("step-up/", log_in.step_up, name="step_up"),
    path("log-out/", log_in.log_out, name="log_out"),
    path("_styleguide/", styleguide.page, name="styleguide"),
    path("_styleguide/live/", styleguide.ticking, name="styleguide_live"),
    path("_styleguide/upload/", styleguide.receive, name="styleguide_upload"),
    path("_styleguide/act/", styleguide.act, name="styleguide_act"),
    path("_styleguide/portal/", styleguide.portal, name="styleguide_portal"),
]
