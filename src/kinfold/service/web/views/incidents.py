"""Serious incidents: the list, one case with its steps, a form a step, letters and files, the Panel's reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.care.incidents import DELAYED, FINAL, INCIDENT, NO_REVIEW, PUBLISHED, REVIEW, SENT, suggests_notification
from kinfold.service.records.actions import incidents as actions
from kinfold.service.records.actions import incidents_messages as exchange
from kinfold.service.records.actions.services import insist_on_writing
from kinfold.service.records.reads import incidents as reads
from kinfold.service.records.reads.child_fact import version_mark
from kinfold.service.records.reads.person import find_child, find_person
from kinfold.service.records.reads.services import SAFEGUARDING, today_of
from kinfold.service.web.downloads import JSON, download
from kinfold.service.web.forms import DayField, Form, LongText, Radios, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import incidents as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.service_forms import StepForm, moment_of, step_form
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.home_education import letter_answer
from kinfold.service.web.views.papers import OneFile
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

AWARE = "When the council became aware"


class SubmitForm(Form):
    """What the director decides."""

    outcome = django_forms.ChoiceField(
        label="What do you decide?",
        choices=[("approved", "Submit it to the Panel now"), ("returned", "Send it back")],
        widget=Radios(
            hints={"approved": "The Panel and the safeguarding partners are recorded as told at this moment."}
        ),
    )
    content = django_forms.CharField(
        label="What the notification says beside the record", required=False, max_length=20_000, widget=LongText(rows=5),
        help_text="Without names.",
    )  # fmt: skip
    reasons = django_forms.CharField(label="Why", required=False, max_length=2000, widget=LongText(rows=3))


class MessageForm(Form):
    """A file of the other side."""

    file = django_forms.FileField(label="The file", help_text="As it was downloaded.", widget=OneFile(accept=".json"))
    checked = django_forms.BooleanField(
        label="I compared the fingerprint of their key with them", required=False,
        help_text="Needed for the first file of a sender only.",
    )  # fmt: skip


@page("incidents")
def incidents(request: Asked) -> HttpResponseBase:
    """List the incidents, what needs doing first; as CSV or a workbook for whoever may keep it."""
    if request.GET.get("child"):
        try:
            uid = find_child(request.reader, request.GET["child"].strip())
        except NotPermitted:
            raise InputError("You work with nobody under that number. Check it, or ask the child's worker.") from None
        return redirect("incident_new", uid=uid)
    found = reads.incidents(request.reader)
    form = request.GET.get("as", "")
    if form in MEDIA:
        rows = present.rows_of(present.chosen(found, request.GET))
        return file_answer(form, name="incidents", title="Serious incidents", headings=present.HEADINGS, rows=rows)
    context = present.list_page(found, request.GET) | reaches(request.reader.actor, "incident_new")
    return render(request, "pages/services/incidents.html", context)


@page("incident_new")
def incident_new(request: Asked, uid: str) -> HttpResponseBase:
    """Record that the council became aware of an incident."""
    insist_on_writing(request.reader, find_person(str(uid)), SAFEGUARDING, INCIDENT)
    form = step_form(INCIDENT, ["incident_date", "criteria", "what_happened"], day=AWARE)(request.POST or None)
    form.fields["time"] = django_forms.CharField(label="Time, such as 15:10", max_length=5, widget=Text(width=5))
    form.order_fields(["day", "time"])
    if request.method == "POST" and form.is_valid():
        try:
            aware = moment_of(form.day, form.cleaned_data["time"], "Time")
            fact = actions.record_incident(request.reader, str(uid), aware=aware, said=form.said())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The incident is recorded. Decide next whether it is notifiable.")
            return redirect("incident_case", uid=uid, fact=fact)
    return _form(request, form, title="Record a serious incident", button="Record it")


@page("incident_case")
def case(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Show one incident with its steps."""
    found = reads.incident_page(request.reader, str(uid), str(fact))
    return render(request, "pages/services/incident_case.html", present.case_page(found))


Do = Callable[[Any, reads.IncidentPage, StepForm], Any]


def _review_step(step: str) -> Do:
    return lambda reader, found, form: actions.review_step(reader, found, step=step, day=form.day, said=form.said())


# Address of a step: the title, the form, and what is done with it.
STEPS: dict[str, tuple[str, Callable[[], type[StepForm]], Do]] = {
    "criteria": (
        "Decide whether it is notifiable",
        lambda: step_form(INCIDENT, ["criteria", "notifiable", "reasons"], with_day=False,
                          required=["notifiable", "reasons"]),
        lambda reader, found, form: actions.decide_criteria(reader, found, form.said()),
    ),
    "partners": (
        "Tell the safeguarding partners", lambda: step_form("notification", ["channel"], day="Day they were told"),
        lambda reader, found, form: actions.tell_partners(reader, found, day=form.day, said=form.said()),
    ),
    "rapid-review": (
        "Send the rapid review",
        lambda: step_form("rapid_review", ["recommends_review", "national_review_suggested", "immediate_actions",
                                           "learning"], day="Day it was sent to the Panel",
                          required=["recommends_review"]),
        lambda reader, found, form: actions.send_rapid_review(reader, found, day=form.day, said=form.said()),
    ),
    "decision": (
        "Decide on a local practice review",
        lambda: step_form("decision", ["choice", "maker", "reasons"], day="Day of the decision",
                          required=["reasons", "maker"], choices={"choice": (REVIEW, NO_REVIEW)},
                          hints={"maker": "The safeguarding partners who decided."}),
        lambda reader, found, form: actions.decide_review(reader, found, day=form.day, said=form.said()),
    ),
    "practice-review": (
        "Begin the practice review", lambda: step_form("practice_review", ["terms_of_reference"], day="Day it began"),
        lambda reader, found, form: actions.start_review(reader, found, day=form.day, said=form.said()),
    ),
    "planned": (
        "Plan the day of publication",
        lambda: step_form("practice_review", ["planned_publication_date"], with_day=False,
                          required=["planned_publication_date"],
                          hints={"planned_publication_date": "The Panel and the Secretary of State have the report "
                                                             "seven working days before. That day is counted back from this one."}),
        lambda reader, found, form: actions.plan_publication(reader, found, form.said()),
    ),
    "final": (
        "The report is final", lambda: step_form("practice_review_step", day="Day"), _review_step(FINAL),
    ),
    "sent": (
        "The report was sent to the Panel and the Secretary of State",
        lambda: step_form("practice_review_step", day="Day it was sent"), _review_step(SENT),
    ),
    "published": (
        "The report was published", lambda: step_form("practice_review_step", day="Day of publication"),
        _review_step(PUBLISHED),
    ),
    "delayed": (
        "The Panel was told why it takes longer",
        lambda: step_form("practice_review_step", ["reply"], labels={"reply": "The reasons, as they were given"},
                          required=["reply"], day="Day"),
        _review_step(DELAYED),
    ),
    "recommendation": (
        "Record a recommendation",
        lambda: step_form("recommendation", ["number", "words", "theme", "due_date"], day="Day it was made",
                          required=["words", "theme"]),
        lambda reader, found, form: actions.recommend(reader, found, day=form.day, said=form.said()),
    ),
}  # fmt: skip


@page("incident_step")
def step(request: Asked, uid: str, fact: str, step: str) -> HttpResponseBase:
    """Do one step of an incident."""
    found = reads.incident_page(request.reader, str(uid), str(fact))
    if step == "submission":
        return _submission(request, found)
    if step not in STEPS:
        raise InputError("There is no such step. Go back to the incident and choose one.")
    title, form_class, do = STEPS[step]
    insist_on_writing(request.reader, found.opened.row, SAFEGUARDING, INCIDENT)
    incident = found.case.incident.payload
    start = {"criteria": incident.get("criteria"), "reasons": incident.get("reasons")} if step == "criteria" else {}
    form = form_class()(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            do(request.reader, found, form)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request, found)
    words = suggests_notification(incident.get("criteria") or ())[1] if step == "criteria" else ""
    return _form(request, form, title=title, button="Save", found=found, words=words)


def _submission(request: Asked, found: reads.IncidentPage) -> HttpResponseBase:
    if not found.may_submit:
        raise NotPermitted("There is nothing here that you can open.")
    form = SubmitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(request.reader, found, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request, found)
    return _form(request, form, title="Submit the notification", button="Save", found=found)


def _saved(request: Asked, found: reads.IncidentPage) -> HttpResponseBase:
    messages.success(request, "Saved.")
    return redirect("incident_case", uid=found.opened.who.uid, fact=found.fact)


def _form(
    request: Asked, form: Form, *, title: str, button: str, found: reads.IncidentPage | None = None, words: str = "",
    upload: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "title": title, "button": button, "words": words, "upload": upload,
               "caption": found.opened.who.name if found else "",
               "crumbs": crumbs(("Serious incidents", "/incidents/"), (title, ""))}  # fmt: skip
    return render(request, "pages/services/step.html", context)


@page("incident_recommendation")
def recommendation(request: Asked, uid: str, fact: str, recommendation: str) -> HttpResponseBase:
    """Follow one recommendation: the answer, what changed, and the day it was done."""
    found = reads.incident_page(request.reader, str(uid), str(fact))
    one: Any = found.recommendation(str(recommendation))
    insist_on_writing(request.reader, found.opened.row, SAFEGUARDING, "recommendation")
    form_class = step_form("recommendation", ["answer", "what_changed", "due_date"], with_day=False)
    form = form_class(request.POST if request.method == "POST" else None,
                      initial={**one.fact.payload, "due_date": one.due})  # fmt: skip
    form.fields["done_on"] = DayField(label="Day it was done", required=False, help_text="Only when all of it is done.")
    form.fields["made_from"] = django_forms.CharField(
        widget=django_forms.HiddenInput(), initial=version_mark("spell", one.fact.id)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.follow_recommendation(
                request.reader, found, str(recommendation), made_from=form.cleaned_data["made_from"], said=form.said(),
                done_on=form.cleaned_data["done_on"],
            )  # fmt: skip
        except EditConflict:
            raise  # what somebody else wrote is looked at first, not written over
        except InputError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request, found)
    return _form(request, form, title=f"Recommendation {one.number or ''}".strip(), button="Save", found=found,
                 words=one.words)  # fmt: skip


@page("incident_notice")
def notice(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Show the notification as a letter, to print or as PDF."""
    found = reads.incident_page(request.reader, str(uid), str(fact))
    context = present.notice(found, holder=found.opened.row.held_by.name, today=today_of(request.reader))
    return letter_answer(request, context, name="serious-incident-notification")


@page("incident_message")
def message(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Hand over the case as a signed file for the Panel; the export is a View."""
    found = reads.incident_page(request.reader, str(uid), str(fact))
    if not (found.may_write or found.may_submit):
        raise NotPermitted("There is nothing here that you can open.")
    message = exchange.message_to_panel(request.reader, found)
    return download(message, name=f"notification-{found.fact[:8]}.json", media_type=JSON)


@page("incident_reply")
def reply(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Read in the Panel's reply."""
    found = reads.incident_page(request.reader, str(uid), str(fact))
    insist_on_writing(request.reader, found.opened.row, SAFEGUARDING, "practice_review_step")
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = exchange.receive_reply(
                request.reader, found, form.cleaned_data["file"].read(), checked=form.cleaned_data["checked"]
            )
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The reply is read in: {new} new." if new else "This reply was read in before.")
            return redirect("incident_case", uid=uid, fact=fact)
    words = f"Our own key's fingerprint: {exchange.fingerprint_of(found.opened.row.held_by_id)}"
    return _form(request, form, title="Read in the Panel's reply", button="Read it in", found=found, words=words,
                 upload=True)  # fmt: skip
