"""Addresses of the customer's pages of an application, at the root beside the portal's own."""

from django.urls import path

from cheqi.areas.origination.portal import apply, consent, contract, documents, loan

app_name = "apply"
urlpatterns = [
    path("apply/", apply.begin, name="start"),
    path("apply/<str:number>/review/", apply.review, name="review"),
    path("apply/<str:number>/send/", apply.send, name="send"),
    path("apply/<str:number>/<slug:screen>/", apply.screen, name="screen"),
    path("apply/<str:number>/<slug:screen>/save/", apply.save, name="save"),
    path("cases/<str:number>/withdraw/", apply.give_up, name="withdraw"),
    path("cases/<str:number>/documents/", documents.page, name="documents"),
    path("cases/<str:number>/documents/<slug:slot>/", documents.slot, name="slot"),
    path("cases/<str:number>/documents/<slug:slot>/upload/", documents.send, name="upload"),
    path("cases/<str:number>/pictures/<int:document_id>/small/", documents.small, name="thumbnail"),
    path("cases/<str:number>/pictures/<int:document_id>/", documents.large, name="image"),
    path("cases/<str:number>/consent/", consent.page, name="consent"),
    path("cases/<str:number>/consent/decline/", consent.say_no, name="decline_consent"),
    path("cases/<str:number>/contract/", contract.page, name="contract"),
    path("cases/<str:number>/contract/decline/", contract.say_no, name="decline_contract"),
    path("cases/<str:number>/contract/pdf/", contract.pdf, name="contract_pdf"),
    path("cases/<str:number>/contract/schedule/", contract.schedule_file, name="schedule_pdf"),
    path("loans/<str:number>/", loan.page, name="loan"),
]
