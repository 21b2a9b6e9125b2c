"""The addresses of the supply of homes: capital programme, applications to register, those who work in homes. Rules: access/routes_supply.toml."""

from django.urls import path

from kinfold.service.web.views import market_capital, market_policy, market_registration, market_workforce

urlpatterns = [
    path("capital/", market_capital.programme, name="capital"),
    path("capital/barriers/", market_capital.barriers, name="capital_barriers"),
    path("capital/new/", market_capital.start, name="capital_open"),
    path("capital/import/", market_capital.take_in, name="capital_import"),
    path("capital/template/", market_capital.workbook, name="capital_template"),
    path("capital/cases/<uuid:case>/", market_capital.case, name="capital_case"),
    path("capital/cases/<uuid:case>/disclosure/", market_capital.disclosure, name="capital_disclosure"),
    path("capital/cases/<uuid:case>/exhibits/<int:number>/", market_capital.exhibit, name="capital_exhibit"),
    path("capital/cases/<uuid:case>/<str:step>/", market_capital.step, name="capital_step"),
    path("registrations/", market_registration.queue, name="registrations"),
    path("registrations/new/", market_registration.start, name="registration_open"),
    path("registrations/cases/<uuid:case>/", market_registration.case, name="registration_case"),
    path("registrations/cases/<uuid:case>/disclosure/", market_registration.disclosure, name="registration_disclosure"),
    path(
        "registrations/cases/<uuid:case>/exhibits/<int:number>/",
        market_registration.exhibit,
        name="registration_exhibit",
    ),
    path("registrations/cases/<uuid:case>/<str:step>/", market_registration.step, name="registration_step"),
    path("workforce/", market_workforce.everybody, name="workforce"),
    path("workforce/import/", market_workforce.take_in, name="workforce_import"),
    path("workforce/template/", market_workforce.workbook, name="workforce_template"),
    path("workforce/groups/<str:key>/", market_workforce.group, name="workforce_group"),
    path("market/policy/", market_policy.rules, name="market_policy"),
    path("market/workforce/", market_workforce.published, name="market_workforce"),
    path("provider/workforce/", market_workforce.send, name="provider_workforce"),
    path("provider/workforce/homes/<str:urn>/", market_workforce.answer, name="provider_workforce_home"),
    path("provider/workforce/template/", market_workforce.own_workbook, name="provider_workforce_template"),
]
