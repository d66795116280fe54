"""Addresses of the application's own pages at the desk."""

from django.urls import path

from cheqi.areas.origination.desk import views

app_name = "application_desk"
urlpatterns = [
    path("applications/new/", views.new, name="new"),
    path("cases/<str:number>/application/", views.application, name="application"),
    path("cases/<str:number>/contract/<int:party_id>/", views.contract, name="contract"),
    path("cases/<str:number>/documents/<slug:slot>/", views.upload, name="upload"),
    path("cases/<str:number>/documents/<slug:slot>/state/", views.slot_state, name="slot_state"),
]
