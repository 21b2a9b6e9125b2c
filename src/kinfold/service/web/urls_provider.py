"""The addresses of a provider's own door, and of the Department's look at signals. Their rules are in access/routes_provider.toml."""

from django.urls import path

from kinfold.service.web.views import market_signals, provider_door, provider_returns

urlpatterns = [
    path("provider/", provider_door.home, name="provider"),
    path("provider/vacancies/", provider_door.vacancies, name="provider_vacancies"),
    path("provider/notices/<uuid:case>/<str:which>/", provider_door.notice, name="provider_notice"),
    path("provider/cases/<uuid:case>/representations/", provider_door.representations, name="provider_representations"),
    path("provider/cases/<uuid:case>/plan/", provider_door.plan, name="provider_plan"),
    path("provider/returns/", provider_returns.home, name="provider_returns"),
    path("provider/returns/new/", provider_returns.send, name="provider_returns_new"),
    path("provider/returns/workbook/", provider_returns.workbook, name="provider_returns_template"),
    path("provider/returns/<int:number>/receipt/", provider_returns.receipt, name="provider_returns_receipt"),
    path("provider/returns/<int:number>/workbook/", provider_returns.file, name="provider_returns_file"),
    path("provider/returns/plans/<str:which>/", provider_returns.plan, name="provider_returns_plan"),
    path("market/signals/", market_signals.signals_list, name="market_signals"),
]
