"""The addresses of sealed adoption records. Their rules are in access/routes_adoption.toml."""

from django.urls import path

from kinfold.service.web.views import adoption

urlpatterns = [
    path("adoption/", adoption.sealed_records, name="sealed_records"),
    path("adoption/new-record/", adoption.adopted_record, name="adopted_record"),
    path("adoption/requests/<uuid:request_uid>/", adoption.seal_request, name="seal_request"),
    path("children/<uuid:uid>/seal/", adoption.seal, name="seal"),
    path("children/<uuid:uid>/unseal/", adoption.unseal, name="unseal"),
]
