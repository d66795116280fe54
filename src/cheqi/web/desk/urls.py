"""Addresses of the desk."""

from django.urls import path

from cheqi.web.desk import case, handing, log_in, pictures, queue, styleguide, views

app_name = "desk"
urlpatterns = [
    path("", queue.page, name="queue"),
    path("", queue.page, name="home"),
    path("queue.csv", queue.export, name="queue_export"),
    path("views/", queue.keep_view, name="keep_view"),
    path("next/", handing.next_item, name="next"),
    path("reassign/", handing.reassign, name="reassign"),
    path("cases/<str:number>/", case.page, name="case"),
    path("cases/<str:number>/facts/", case.facts, name="case_facts"),
    path("cases/<str:number>/work/", case.work_column, name="case_work"),
    path("cases/<str:number>/past/", case.past, name="case_past"),
    path("cases/<str:number>/presence/", case.presence, name="presence"),
    path("cases/<str:number>/evidence/", case.evidence, name="evidence"),
    path("cases/<str:number>/unmask/", case.unmask, name="unmask"),
    path("cases/<str:number>/claim/", handing.claim, name="claim"),
    path("documents/<int:document_id>/<int:number>/", pictures.page, name="document_page"),
    path("documents/<int:document_id>/small/", pictures.thumbnail, name="document_thumbnail"),
    path("documents/<int:document_id>/crop/<slug:field>/", pictures.crop, name="document_crop"),
    path("papers/<int:paper_id>/", pictures.paper, name="paper"),
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
