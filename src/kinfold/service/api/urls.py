"""The API's addresses: version 1, and the Department's daily feed at the address its contract gives."""

from django.urls import URLPattern, path

from kinfold.service.api.v1 import api

_v1 = api.urls
_feed = next(p.callback for p in _v1[0] if isinstance(p, URLPattern) and p.name == "receive_children")

urlpatterns = [
    path("api/v1/", _v1),
    path("children_social_care_data/<la_code>/children", _feed, name="department_daily_feed"),
]
