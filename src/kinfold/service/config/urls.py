"""Every address, in three parts: signing in, the API, the pages."""

from django.urls import include, path

from kinfold.service.api.v1 import api

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("", include("kinfold.service.web.urls")),
]
handler400 = "kinfold.service.web.errors.bad_request"
handler403 = "kinfold.service.web.errors.forbidden"
handler404 = "kinfold.service.web.errors.not_found"
handler500 = "kinfold.service.web.errors.our_fault"
