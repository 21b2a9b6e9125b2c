"""The addresses of forms, approvals, letters and packs. Their rules are in access/routes_casework.toml."""

from django.urls import path

from kinfold.service.web.views import casework, casework_approvals, casework_hubs, casework_letters, first_contact

CHILD = "children/<uuid:uid>"

urlpatterns = [
    path(f"{CHILD}/record/", casework.record_something, name="record_something"),
    path(f"{CHILD}/record/<slug:name>/", casework.casework_form, name="casework_form"),
    path(f"{CHILD}/record/<slug:name>/draft/", casework.casework_draft, name="casework_draft"),
    path(f"{CHILD}/record/<slug:name>/check/", casework.casework_check, name="casework_check"),
    path(f"{CHILD}/letters/", casework_letters.letters, name="casework_letters"),
    path(f"{CHILD}/letters/<slug:name>/", casework_letters.letter, name="casework_letter"),
    path("contacts/new/", first_contact.first_contact, name="first_contact"),
    path("hubs/", casework_hubs.hubs, name="casework_hubs"),
    path("hubs/<uuid:uid>/", casework_hubs.hub, name="casework_hub"),
    path("approvals/", casework_approvals.approvals, name="casework_approvals"),
    path("approvals/<uuid:number>/", casework_approvals.approval, name="casework_approval"),
]
