"""
The pages' addresses: the child's here, each other group of pages in its own urls_*.py.

Every name has an entry in access/routes*.toml (a test holds it).
"""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path

from kinfold.service.web.views import access, child, demonstration, fact, home, search

GROUPS = (
    "access",
    "adoption",
    "record",
    "due",
    "loads",
    "lists",
    "documents",
    "operations",
    "services",
    "identity",
    "sharing",
    "market",
    "market_money",
    "supply",
    "cases",
    "provider",
    "teams",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("children/<uuid:uid>/", child.child, name="child"),
    path("children/<uuid:uid>/looks/", child.looks, name="child_looks"),
    path("children/<uuid:uid>/break-glass/", access.break_glass, name="break_glass"),
    path("break-glass/<int:number>/", access.review, name="break_glass_review"),
    path("facts/<str:word>/<uuid:uid>/", fact.fact, name="fact"),
    path("demonstration/", demonstration.personas, name="personas"),
]
for group in GROUPS:
    if find_spec(f"kinfold.service.web.urls_{group}"):
        urlpatterns += import_module(f"kinfold.service.web.urls_{group}").urlpatterns
