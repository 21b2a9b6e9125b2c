"""The addresses of the regulator's cases about providers. Their rules are in access/routes_cases.toml."""

from django.urls import path

from kinfold.service.web.views import market_lists, market_oversight, market_penalties, market_unregistered

urlpatterns = [
    path("oversight/", market_lists.oversight, name="oversight"),
    path("oversight/groups/<str:key>/", market_oversight.start, name="oversight_open"),
    path("oversight/cases/<uuid:case>/", market_oversight.case, name="oversight_case"),
    path("oversight/cases/<uuid:case>/notice/", market_oversight.notice, name="oversight_notice"),
    path("oversight/cases/<uuid:case>/disclosure/", market_oversight.disclosure, name="oversight_disclosure"),
    path("oversight/cases/<uuid:case>/exhibits/<int:number>/", market_oversight.exhibit, name="oversight_exhibit"),
    path("oversight/cases/<uuid:case>/<str:step>/", market_oversight.step, name="oversight_step"),
    path("unregistered/", market_lists.unregistered, name="unregistered"),
    path("unregistered/new/", market_unregistered.start, name="unregistered_open"),
    path("unregistered/cases/<uuid:case>/", market_unregistered.case, name="unregistered_case"),
    path("unregistered/cases/<uuid:case>/disclosure/", market_unregistered.disclosure, name="unregistered_disclosure"),
    path(
        "unregistered/cases/<uuid:case>/exhibits/<int:number>/",
        market_unregistered.exhibit,
        name="unregistered_exhibit",
    ),
    path("unregistered/cases/<uuid:case>/<str:step>/", market_unregistered.step, name="unregistered_step"),
    path("penalties/", market_lists.penalties, name="penalties"),
    path("penalties/new/", market_penalties.start, name="penalty_open"),
    path("penalties/cases/<uuid:case>/", market_penalties.case, name="penalty_case"),
    path("penalties/cases/<uuid:case>/notices/<str:which>/", market_penalties.notice, name="penalty_notice"),
    path("penalties/cases/<uuid:case>/disclosure/", market_penalties.disclosure, name="penalty_disclosure"),
    path("penalties/cases/<uuid:case>/exhibits/<int:number>/", market_penalties.exhibit, name="penalty_exhibit"),
    path("penalties/cases/<uuid:case>/<str:step>/", market_penalties.step, name="penalty_step"),
]
