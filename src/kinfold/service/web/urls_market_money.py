"""The addresses of groups' finances, exits, profits and prices. Their rules are in access/routes_market_money.toml."""

from django.urls import path

from kinfold.service.web.views import market_exit, market_finance, market_price, market_warnings

urlpatterns = [
    path("market/groups/<str:key>/exit/", market_exit.exit_of, name="market_exit"),
    path("finance/", market_finance.groups, name="finance"),
    path("finance/return/", market_finance.workbook, name="finance_template"),
    path("finance/groups/<str:key>/", market_finance.start, name="finance_open"),
    path("finance/cases/<uuid:case>/", market_finance.case, name="finance_case"),
    path("finance/cases/<uuid:case>/returns/new/", market_finance.take_in, name="finance_return"),
    path("finance/cases/<uuid:case>/ratios/", market_finance.ratios, name="finance_ratios"),
    path("finance/cases/<uuid:case>/stress/", market_finance.stress, name="finance_stress"),
    path("finance/cases/<uuid:case>/disclosure/", market_finance.disclosure, name="finance_disclosure"),
    path("finance/cases/<uuid:case>/exhibits/<int:number>/", market_finance.exhibit, name="finance_exhibit"),
    path("finance/cases/<uuid:case>/<str:step>/", market_finance.step, name="finance_step"),
    path("warnings/", market_warnings.warnings, name="market_warnings"),
    path("warnings/<uuid:case>/<int:number>/", market_warnings.warning, name="market_warning"),
    path("prices/", market_price.prices, name="market_price"),
]
