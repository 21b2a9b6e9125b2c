"""The addresses of saying why a record is opened, and of where each kind is kept."""

from django.urls import path

from kinfold.service.web.views import access, switching

urlpatterns = [
    path("children/<uuid:uid>/why/", access.say_why, name="say_why"),
    path("kept-where/", switching.kept_where, name="kept_where"),
]
