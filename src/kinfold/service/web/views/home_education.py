"""Consent to home education: the list, one request with its steps, a form a step, and the letter to the parent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.care.home_education import CONSENT, LEFT, REQUEST, STEP, HomeEducationState
from kinfold.service.printing import pdf_of
from kinfold.service.records.actions import home_education as actions
from kinfold.service.records.actions.services import insist_on_writing
from kinfold.service.records.reads import home_education as reads
from kinfold.service.records.reads.person import find_child, find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.services import HOME_EDUCATION, today_of
from kinfold.service.web.downloads import PDF, download
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import home_education as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.service_forms import StepForm, step_form
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.terms.errors import InputError, NotPermitted

ASK = ("school_urn", "grounds", "parents_reasons", "view_of_child")
REVIEWER = "director of children's services"


def what_if_of(request: Asked) -> date | None:
    """Return the day on which the page is asked to imagine that the law began. Raises InputError for no day."""
    text = request.GET.get("in_force", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("The day to try must be written like 2027-01-01.") from None


@page("home_education")
def requests(request: Asked) -> HttpResponseBase:
    """List the requests, what needs doing first; as CSV or a workbook for whoever may keep it."""
    if request.GET.get("child"):
        return _start(request)
    found = reads.requests(request.reader, what_if=what_if_of(request))
    form = request.GET.get("as", "")
    if form in MEDIA:
        rows = present.rows_of(present.chosen(found, request.GET))
        return file_answer(form, name="home-education", title="Home education", headings=present.HEADINGS, rows=rows)
    today = today_of(request.reader)
    law = reads.law_in_force(what_if_of(request))
    context = present.list_page(found, request.GET, law=law, today=today)
    context |= reaches(request.reader.actor, "home_education_new")
    return render(request, "pages/services/home_education.html", context)


def _start(request: Asked) -> HttpResponseBase:
    """Go to the form for the child whose number was typed."""
    try:
        uid = find_child(request.reader, request.GET["child"].strip())
    except NotPermitted:
        raise InputError("You work with nobody under that number. Check it, or ask the child's worker.") from None
    return redirect("home_education_new", uid=uid)


@page("home_education_new")
def request_new(request: Asked, uid: str) -> HttpResponseBase:
    """Record that a parent asks."""
    insist_on_writing(request.reader, find_person(str(uid)), HOME_EDUCATION, REQUEST)
    form_class = step_form(REQUEST, ASK, day="Day the request came", hints={
        "school_urn": "Six numbers.", "grounds": "What the record shows is added by itself: tick what it cannot show.",
    })  # fmt: skip
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fact = actions.record_request(request.reader, str(uid), day=form.day, said=form.said())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The request is recorded.")
            return redirect("home_education_case", uid=uid, fact=fact)
    return _form(request, form, title="Record a request to home educate", button="Record the request")


@page("home_education_case")
def case(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Show one request with its steps. `in_force` tries a day on which the law would begin."""
    what_if = what_if_of(request)
    found = reads.request_page(request.reader, str(uid), str(fact), what_if=what_if)
    return render(request, "pages/services/home_education_case.html", present.case_page(found, what_if=what_if))


Do = Callable[[Reader, reads.RequestPage, StepForm], Any]


def _grounds(reader: Reader, found: reads.RequestPage, form: StepForm) -> None:
    actions.confirm_grounds(reader, found, form.said().get("grounds", []))


# Address of a step: the title, the form, and what is done with it.
STEPS: dict[str, tuple[str, Callable[[], type[StepForm]], Do]] = {
    "grounds": (
        "Confirm the grounds", lambda: step_form(REQUEST, ["grounds"], with_day=False), _grounds,
    ),
    "decision": (
        "Decide on consent", lambda: step_form(CONSENT, ["decision", "reasons"], day="Day of the decision",
                                               required=["reasons"]),
        lambda reader, found, form: actions.decide(reader, found, day=form.day, said=form.said()),
    ),
    "told": (
        "Tell the parent", lambda: step_form(CONSENT, day="Day on which the parent was told how to ask for a review"),
        lambda reader, found, form: actions.parent_told(reader, found, day=form.day),
    ),
    "review-asked": (
        "The parent asks for a review",
        lambda: step_form(STEP, ["reviewed_by", "reasons"], day="Day on which they asked", required=["reviewed_by"],
                          labels={"reasons": "What the parent says"}),
        lambda reader, found, form: actions.ask_for_review(reader, found, day=form.day, said=form.said()),
    ),
    "review": (
        "Decide the review",
        lambda: step_form(STEP, ["reviewed_by", "outcome", "reasons"], day="Day of the decision",
                          required=["reviewed_by", "outcome", "reasons"], labels={"reviewed_by": "Who decided"},
                          hints={"reviewed_by": "Only the director decides the council's own review."}),
        lambda reader, found, form: actions.decide_review(reader, found, day=form.day, said=form.said()),
    ),
    "withdrawn": (
        "The parent withdraws the request", lambda: step_form(STEP, ["reasons"], day="Day"),
        lambda reader, found, form: actions.withdraw(reader, found, day=form.day, said=form.said()),
    ),
    "removal": (
        "The child left the school roll", lambda: step_form(LEFT, ["school_urn", "reason"], day="Day they left"),
        lambda reader, found, form: actions.record_removal(reader, found, day=form.day, said=form.said()),
    ),
}  # fmt: skip


@page("home_education_step")
def step(request: Asked, uid: str, fact: str, step: str) -> HttpResponseBase:
    """Do one step of a request."""
    found = reads.request_page(request.reader, str(uid), str(fact))
    if step not in STEPS:
        raise InputError("There is no such step. Go back to the request and choose one.")
    title, form_class, do = STEPS[step]
    form = form_class()(request.POST if request.method == "POST" else None, initial=_initial(found, step))
    if request.method == "POST" and form.is_valid():
        try:
            do(request.reader, found, form)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("home_education_case", uid=uid, fact=fact)
    return _form(request, form, title=title, button="Save", found=found)


def _initial(found: reads.RequestPage, step: str) -> dict[str, Any]:
    if step == "grounds":
        return {"grounds": [one.name for one in found.case.grounds]}
    if step == "removal":
        return {"school_urn": found.case.request.payload.get("school_urn")}
    return {"reviewed_by": REVIEWER} if step == "review" else {}


def _form(
    request: Asked, form: StepForm, *, title: str, button: str, found: reads.RequestPage | None = None
) -> HttpResponse:
    warning = ""
    if found is not None and title.startswith("The child left") and found.case.grounds:
        granted = found.case.state is HomeEducationState.GRANTED
        warning = "" if granted else "No consent is on record. What has happened is saved all the same, as a breach."
    links = [("Home education", "/home-education/")]
    context = {"form": form, "title": title, "button": button, "crumbs": crumbs(*links, (title, "")),
               "caption": found.opened.who.name if found else "", "warning": warning}  # fmt: skip
    return render(request, "pages/services/step.html", context)


@page("home_education_letter")
def letter(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Show the letter of the decision, to print or as PDF."""
    found = reads.request_page(request.reader, str(uid), str(fact))
    if found.case.decision is None:
        raise InputError("There is no decision to write of yet.")
    holder = found.opened.row.held_by.name
    context = present.letter(found, holder=holder, today=today_of(request.reader))
    return letter_answer(request, context, name="home-education-decision")


def letter_answer(request: Asked, context: dict[str, Any], *, name: str) -> HttpResponse:
    """Return a letter as a page, or as PDF where that is asked for."""
    if request.GET.get("as") != "pdf":
        return render(request, "pages/services/letter.html", context)
    return download(pdf_of("documents/service_letter.html", context), name=f"{name}.pdf", media_type=PDF)
