"""Every address, in three parts: signing in, the API (with the Department's daily feed), the pages."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("kinfold.service.api.urls")),
    path("", include("kinfold.service.web.urls")),
]
handler400 = "kinfold.service.web.errors.bad_request"
handler403 = "kinfold.service.web.errors.forbidden"
handler404 = "kinfold.service.web.errors.not_found"
handler500 = "kinfold.service.web.errors.our_fault"
