"""The addresses of multi-agency child protection teams and their decisions. Their rules are in access/routes_teams.toml."""

from django.urls import path

from kinfold.service.web.views import child_protection_teams as teams

TEAM = "multi-agency-teams/<uuid:uid>"
DECISION = "children/<uuid:uid>/team-decisions/<uuid:fact>"

urlpatterns = [
    path("multi-agency-teams/", teams.teams, name="protection_teams"),
    path("multi-agency-teams/new/", teams.team_new, name="protection_team_new"),
    path(f"{TEAM}/", teams.team, name="protection_team"),
    path(f"{TEAM}/members/new/", teams.member_new, name="protection_team_member_new"),
    path(f"{TEAM}/members/<uuid:fact>/end/", teams.member_end, name="protection_team_member_end"),
    path(f"{DECISION}/", teams.decision, name="team_decision"),
    path(f"{DECISION}/view/", teams.decision_view, name="team_decision_view"),
]
