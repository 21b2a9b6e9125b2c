"""The addresses of the public register of providers."""

from django.urls import path

from kinfold.service.web.views import market, market_ownership

urlpatterns = [
    path("market/", market.overview, name="market"),
    path("market/settings/", market.settings_list, name="market_settings"),
    path("market/settings/<str:urn>/", market.setting, name="market_setting"),
    path("market/diversity/", market.diversity, name="market_diversity"),
    path("market/ownership/", market_ownership.ownership, name="market_ownership"),
    path("market/groups/", market.groups, name="market_groups"),
    path("market/groups/<str:key>/owner/", market_ownership.owner_match, name="market_owner_match"),
    path("market/groups/<str:key>/", market.group, name="market_group"),
]
