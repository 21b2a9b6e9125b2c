"""The addresses of home education, serious incidents and corporate parenting; rules in access/routes_services.toml."""

from django.urls import path

from kinfold.service.web.views import (
    home_education,
    incidents,
    incidents_panel,
    incidents_wall,
    parenting,
    parenting_council,
)

EDUCATION = "children/<uuid:uid>/home-education"
INCIDENT = "children/<uuid:uid>/incidents"
RECEIVED = "panel/<uuid:uid>/<uuid:fact>"

urlpatterns = [
    path("home-education/", home_education.requests, name="home_education"),
    path(f"{EDUCATION}/new/", home_education.request_new, name="home_education_new"),
    path(f"{EDUCATION}/<uuid:fact>/", home_education.case, name="home_education_case"),
    path(f"{EDUCATION}/<uuid:fact>/letter/", home_education.letter, name="home_education_letter"),
    path(f"{EDUCATION}/<uuid:fact>/<str:step>/", home_education.step, name="home_education_step"),
    path("incidents/", incidents.incidents, name="incidents"),
    path(f"{INCIDENT}/new/", incidents.incident_new, name="incident_new"),
    path(f"{INCIDENT}/<uuid:fact>/", incidents.case, name="incident_case"),
    path(f"{INCIDENT}/<uuid:fact>/notice/", incidents.notice, name="incident_notice"),
    path(f"{INCIDENT}/<uuid:fact>/message/", incidents.message, name="incident_message"),
    path(f"{INCIDENT}/<uuid:fact>/reply/", incidents.reply, name="incident_reply"),
    path(
        f"{INCIDENT}/<uuid:fact>/recommendations/<uuid:recommendation>/", incidents.recommendation,
        name="incident_recommendation",
    ),
    path(f"{INCIDENT}/<uuid:fact>/<str:step>/", incidents.step, name="incident_step"),
    path("children/<uuid:uid>/death/", incidents_wall.death_notice, name="death_notice"),
    path("safety-wall/", incidents_wall.safety_wall, name="safety_wall"),
    path("learning/", incidents_wall.learning, name="learning"),
    path("learning/new/", incidents_wall.learning_new, name="learning_new"),
    path("partnership-report/", incidents_wall.partnership_report, name="partnership_report"),
    path("panel/", incidents_panel.panel, name="panel"),
    path(f"{RECEIVED}/", incidents_panel.case, name="panel_case"),
    path(f"{RECEIVED}/reply/", incidents_panel.reply, name="panel_reply"),
    path(f"{RECEIVED}/message/", incidents_panel.message, name="panel_message"),
    path("corporate-parenting/", parenting.bodies, name="parenting"),
    path("corporate-parenting/new/", parenting.body_new, name="parenting_body_new"),
    path("corporate-parenting/report/", parenting.report, name="parenting_report"),
    path("corporate-parenting/our-council/", parenting_council.council, name="parenting_council"),
    path("corporate-parenting/our-council/report/", parenting_council.report, name="parenting_council_report"),
    path("corporate-parenting/our-council/report/write/", parenting_council.write, name="parenting_council_write"),
    path("corporate-parenting/our-council/report/decide/", parenting_council.decide, name="parenting_council_decide"),
    path("corporate-parenting/our-council/<str:what>/", parenting_council.record, name="parenting_council_record"),
    path("corporate-parenting/<uuid:uid>/", parenting.body, name="parenting_body"),
    path("corporate-parenting/<uuid:uid>/<str:what>/", parenting.record, name="parenting_record"),
]  # fmt: skip
