"""The addresses of the night, of lists, and of people, teams and settings."""

from django.urls import path

from kinfold.service.web.views import allocations, lists, organisations, people, staff_accounts, tonight

urlpatterns = [
    path("tonight/", tonight.tonight, name="tonight"),
    path("tonight/handover/", tonight.handover, name="handover"),
    path("lists/", lists.lists, name="lists"),
    path("lists/build/", lists.build, name="list_build"),
    path("lists/<uuid:uid>/", lists.saved, name="list_saved"),
    path("people/", people.people, name="people"),
    path("people/teams/<uuid:uid>/", people.team, name="team"),
    path("people/workers/<uuid:uid>/", people.worker, name="worker"),
    path("people/workers/<uuid:uid>/cover/", people.cover, name="cover"),
    path("people/workers/<uuid:uid>/leaver/", people.leaver, name="leaver"),
    path("people/allocate/", people.allocate, name="allocate"),
    path("people/allocate/<int:number>/undo/", people.allocation_undo, name="allocation_undo"),
    path("children/<uuid:uid>/allocations/", allocations.child_allocations, name="child_allocations"),
    path("children/<uuid:uid>/allocations/<uuid:fact>/end/", allocations.allocation_end, name="allocation_end"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<uuid:uid>/", organisations.organisation, name="organisation"),
    path("people/accounts/", staff_accounts.accounts, name="accounts"),
    path("people/accounts/<uuid:uid>/", staff_accounts.account, name="account"),
]
