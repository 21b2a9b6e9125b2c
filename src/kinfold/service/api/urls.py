"""The API's addresses: version 1, and the Department's daily feed at the address its contract gives."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from kinfold.service.api.v1 import api
from kinfold.service.api.v1.problems import answer, nothing_here

_v1 = api.urls
_feed = next(p.callback for p in _v1[0] if isinstance(p, URLPattern) and p.name == "receive_children")


@csrf_exempt  # programs bring no cookie: without this they are told of a page that was open for too long
def _nothing(request: HttpRequest) -> HttpResponse:
    """Answer programs that ask for an address that there is not as the API answers, not with a page."""
    return answer(request, nothing_here())


urlpatterns = [
    path("api/v1/", _v1),
    re_path(r"^api/", _nothing),
    path("children_social_care_data/<la_code>/children", _feed, name="department_daily_feed"),
]
