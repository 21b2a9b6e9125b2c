"""The addresses of saying why a record is opened, of restricting one, and of where each kind is kept."""

from django.urls import path

from kinfold.service.web.views import access, restrictions, switching

urlpatterns = [
    path("children/<uuid:uid>/why/", access.say_why, name="say_why"),
    path("children/<uuid:uid>/restriction/", restrictions.restriction, name="restriction"),
    path("children/<uuid:uid>/restriction/put/", restrictions.put_on, name="restriction_put"),
    path("children/<uuid:uid>/restriction/end/", restrictions.take_off, name="restriction_end"),
    path("restrictions/", restrictions.restrictions, name="restrictions"),
    path("restrictions/requests/<uuid:request_uid>/", restrictions.answer, name="restriction_request"),
    path("kept-where/", switching.kept_where, name="kept_where"),
]
