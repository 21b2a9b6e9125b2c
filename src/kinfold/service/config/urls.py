"""Every address, in three parts: signing in, the API (with the Department's daily feed), the pages."""

from django.urls import include, path

from kinfold.service.web.sign_in import directory

urlpatterns = [
    # ours stand before the package's own, which check less of what a directory says
    path("accounts/oidc/<slug:provider_id>/login/", directory.begin, name="openid_connect_login"),
    path("accounts/oidc/<slug:provider_id>/login/callback/", directory.answered, name="openid_connect_callback"),
    path("accounts/oidc/<slug:provider_id>/ended/", directory.ended, name="openid_connect_ended"),
    path("accounts/", include("allauth.urls")),
    path("", include("kinfold.service.api.urls")),
    path("", include("kinfold.service.web.urls")),
]
handler400 = "kinfold.service.web.errors.bad_request"
handler403 = "kinfold.service.web.errors.forbidden"
handler404 = "kinfold.service.web.errors.not_found"
handler500 = "kinfold.service.web.errors.our_fault"
