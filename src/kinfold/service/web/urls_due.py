"""The addresses of what is due."""

from django.urls import path

from kinfold.service.web.views import due, due_calendar, due_council, due_own, due_proof, due_what_if

urlpatterns = [
    path("due/", due.wall, name="wall"),
    path("due/team/", due.wall, {"which": "team"}, name="team_wall"),
    path("due/service/", due.wall, {"which": "service"}, name="service_wall"),
    path("due/council/<slug:what>/", due_council.record, name="council_record"),
    path("due/timeliness/", due_proof.timeliness, name="timeliness"),
    path("due/calendar/", due_calendar.settings, name="due_calendar"),
    path("calendar/<str:token>.ics", due_calendar.feed, name="calendar_feed"),
    path("my-record/next-dates/", due_own.my_dates, name="my_dates"),
    path("children/<uuid:uid>/due/", due.child_clocks, name="child_clocks"),
    path("children/<uuid:uid>/due/proof/", due_proof.proof, name="clock_proof"),
    path("children/<uuid:uid>/due/reason/", due_proof.reason, name="clock_reason"),
    path("duties/", due.duties, name="duties"),
    path("duties/what-if/", due_what_if.try_dates, name="what_if"),
    path("duties/<str:duty_id>/", due.duty, name="duty"),
]
