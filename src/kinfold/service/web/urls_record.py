"""
The addresses of one record: its forms and letters, family, papers, bundle and rights; and of the work around them.

Their rules are in access/routes_casework.toml and access/routes_papers.toml.
"""

from django.urls import path

from kinfold.service.web.views import (
    bundle,
    casework,
    casework_approvals,
    casework_check,
    casework_hubs,
    casework_letters,
    families,
    family,
    first_contact,
    own_record,
    papers,
    rights,
    subject_access,
)

CHILD = "children/<uuid:uid>"

urlpatterns = [
    path(f"{CHILD}/record/", casework.record_something, name="record_something"),
    path(f"{CHILD}/record/<slug:name>/", casework.casework_form, name="casework_form"),
    path(f"{CHILD}/record/<slug:name>/draft/", casework.casework_draft, name="casework_draft"),
    path(f"{CHILD}/record/<slug:name>/check/", casework_check.casework_check, name="casework_check"),
    path(f"{CHILD}/record/<slug:name>/each/<uuid:other>/", casework_check.casework_each, name="casework_each"),
    path(f"{CHILD}/letters/", casework_letters.letters, name="casework_letters"),
    path(f"{CHILD}/letters/<slug:name>/", casework_letters.letter, name="casework_letter"),
    path(f"{CHILD}/family/", family.family, name="family"),
    path(f"{CHILD}/family/new/", family.tie_new, name="family_tie_new"),
    path(f"{CHILD}/family/<uuid:fact>/", family.tie, name="family_tie"),
    path(f"{CHILD}/papers/", papers.papers, name="papers"),
    path(f"{CHILD}/papers/new/", papers.upload_paper, name="upload_paper"),
    path(f"{CHILD}/papers/<uuid:fact>/", papers.paper, name="paper"),
    path(f"{CHILD}/papers/<uuid:fact>/file/", papers.paper_file, name="paper_file"),
    path(f"{CHILD}/papers/<uuid:fact>/edit/", papers.note_edit, name="note_edit"),
    path(f"{CHILD}/papers/<uuid:fact>/withdraw/", papers.paper_withdraw, name="paper_withdraw"),
    path(f"{CHILD}/papers/<uuid:fact>/release/", papers.paper_release, name="paper_release"),
    path(f"{CHILD}/notes/", papers.notes, name="notes"),
    path(f"{CHILD}/notes/new/", papers.note_new, name="note_new"),
    path(f"{CHILD}/notes/new/<str:kind>/", papers.note_write, name="note_write"),
    path(f"{CHILD}/notes/draft/", papers.note_draft, name="note_draft"),
    path(f"{CHILD}/bundle/", bundle.bundle, name="bundle"),
    path(f"{CHILD}/bundle.pdf", bundle.bundle_pdf, name="bundle_pdf"),
    path(f"{CHILD}/rights/", rights.child_rights, name="child_rights"),
    path(f"{CHILD}/rights/family/", rights.family_access, name="family_access"),
    path(f"{CHILD}/rights/hold/", rights.legal_hold, name="legal_hold"),
    path(f"{CHILD}/rights/hold/<uuid:fact>/", rights.legal_hold_end, name="legal_hold_end"),
    path(f"{CHILD}/rights/disposal/", rights.disposal, name="disposal"),
    path(f"{CHILD}/rights/erase/<str:word>/<uuid:fact>/", rights.erase_fact, name="erase_fact"),
    path(f"{CHILD}/looks/<int:seq>/hold-back/", rights.hold_back, name="hold_back"),
    path(f"{CHILD}/subject-access/", subject_access.requests, name="subject_access"),
    path(f"{CHILD}/subject-access/<uuid:fact>/", subject_access.request_page, name="subject_access_request"),
    path(f"{CHILD}/subject-access/<uuid:fact>/<str:sort>/", subject_access.file, name="subject_access_file"),
    path("contacts/new/", first_contact.first_contact, name="first_contact"),
    path("hubs/", casework_hubs.hubs, name="casework_hubs"),
    path("hubs/<uuid:uid>/", casework_hubs.hub, name="casework_hub"),
    path("approvals/", casework_approvals.approvals, name="casework_approvals"),
    path("approvals/<uuid:number>/", casework_approvals.approval, name="casework_approval"),
    path("rights/", rights.records_to_decide, name="records_to_decide"),
    path("rights/<uuid:fact>/", rights.record_to_decide, name="record_to_decide"),
    path("my-record/", own_record.my_record, name="my_record"),
    path("my-record/<uuid:uid>/ask/", own_record.ask, name="my_record_ask"),
    path("my-record/<uuid:uid>/<uuid:fact>/<str:sort>/", own_record.file, name="my_record_file"),
    path("families/<uuid:uid>/", families.one_family, name="one_family"),
    path("families/<uuid:uid>/plan/<uuid:fact>/", families.plan_correct, name="family_plan_correct"),
]
