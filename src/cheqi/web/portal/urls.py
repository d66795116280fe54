"""Addresses of the portal."""

from django.urls import path

from cheqi.areas.origination.portal import documents, loan
from cheqi.web.portal import installable, log_in, notices, tracker, views

app_name = "portal"
urlpatterns = [
    path("", tracker.home, name="home"),
    path("", tracker.home, name="progress"),
    path("cases/<str:number>/", tracker.case, name="case"),
    path("cases/<str:number>/part/", tracker.part, name="part"),
    path("cases/<str:number>/live/", tracker.live, name="live"),
    path("cases/<str:number>/history/", tracker.history, name="history"),
    path("cases/<str:number>/events/<int:event_id>/", tracker.proof, name="proof"),
    path("cases/<str:number>/evidence/", tracker.evidence, name="evidence"),
    path("documents/", documents.newest, name="documents"),
    path("repayment/", loan.repayment, name="repayment"),
    path("me/", views.me, name="me"),
    path("me/messages/", views.inbox_page, name="messages"),
    path("me/notices/", notices.settings_page, name="notices"),
    path("unsubscribe/<str:token>/", notices.unsubscribe_page, name="unsubscribe"),
    path("log-in/", log_in.log_in, name="log_in"),
    path("log-in/code/", log_in.enter_code, name="code"),
    path("track/", log_in.track, name="track"),
    path("log-out/", log_in.log_out, name="log_out"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("worker.js", installable.worker, name="worker"),
    path("offline/", installable.offline, name="offline"),
]
