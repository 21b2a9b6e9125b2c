"""The addresses of what is due."""

from django.urls import path

from kinfold.service.web.views import due

urlpatterns = [
    path("due/", due.wall, name="wall"),
    path("due/team/", due.wall, {"which": "team"}, name="team_wall"),
    path("children/<uuid:uid>/due/", due.child_clocks, name="child_clocks"),
    path("duties/", due.duties, name="duties"),
    path("duties/<str:duty_id>/", due.duty, name="duty"),
]
