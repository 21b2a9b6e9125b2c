"""The addresses of records that may be the same child."""

from django.urls import path

from kinfold.service.web.views import identity, register, register_rounds

urlpatterns = [
    path("same-child/", identity.pairs, name="pairs"),
    path("same-child/look/", identity.pairs_find, name="pairs_find"),
    path("same-child/rounds/", register_rounds.rounds, name="register_rounds"),
    path("same-child/<uuid:uid>/", identity.pair, name="pair"),
    path("same-child/<uuid:uid>/undo/", identity.pair_undo, name="pair_undo"),
    path("child/<uuid:uid>/register/", register.register, name="register"),
]
