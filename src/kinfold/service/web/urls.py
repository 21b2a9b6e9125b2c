"""The pages' addresses. Every name here has an entry in access/routes.toml (a test holds it)."""

from django.urls import path

from kinfold.service.web.views import access, child, demonstration, fact, home, search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("children/<uuid:uid>/", child.child, name="child"),
    path("children/<uuid:uid>/looks/", child.looks, name="child_looks"),
    path("children/<uuid:uid>/break-glass/", access.break_glass, name="break_glass"),
    path("break-glass/<int:number>/", access.review, name="break_glass_review"),
    path("facts/<str:word>/<uuid:uid>/", fact.fact, name="fact"),
    path("demonstration/", demonstration.personas, name="personas"),
]
