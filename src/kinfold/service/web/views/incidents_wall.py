"""The director's safety wall, deaths and their notices, learning, and the partnership's yearly report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.care.corporate_parenting import Year, year_of
from kinfold.care.partnership_report import REPORT
from kinfold.service.records.actions import incidents as actions
from kinfold.service.records.reads import incidents_learning as reads
from kinfold.service.records.reads import incidents_wall
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.services import SAFEGUARDING, may_write, open_case, today_of
from kinfold.service.web.components import Link
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import incidents_wall as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.service_forms import step_form
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.terms.errors import InputError, NotPermitted

NOTICES = ("death of a looked-after child", "death of a care leaver", "child death review partners")


@page("safety_wall")
def safety_wall(request: Asked) -> HttpResponse:
    """Show incidents, deaths and the clocks of children at risk for the whole council."""
    context = present.wall_page(incidents_wall.wall(request.reader))
    context |= reaches(request.reader.actor, "partnership_report")
    return render(request, "pages/services/safety_wall.html", context)


@page("death_notice")
def death_notice(request: Asked, uid: str) -> HttpResponseBase:
    """Show the duties that a death started, and record that it was notified."""
    opened = open_case(request.reader, str(uid), SAFEGUARDING, ["death"], action="death")
    found = next((one for one in incidents_wall.deaths(request.reader) if one.who.uid == opened.who.uid), None)
    if found is None:
        raise NotPermitted("There is nothing here that you can open.")
    form_class = step_form("notification", ["notification_type", "channel"], day="Day it was sent",
                           choices={"notification_type": NOTICES})  # fmt: skip
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.notify_death(request.reader, str(uid), day=form.day, said=form.said())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The notice is recorded.")
            return redirect("death_notice", uid=uid)
    may = may_write(request.reader, find_person(str(uid)), SAFEGUARDING)
    return render(request, "pages/services/death.html", {**present.death_page(found), "form": form if may else None})


@page("learning")
def learning(request: Asked) -> HttpResponse:
    """Search what was learned and recommended; as CSV or a workbook without anybody's name."""
    asked = request.GET
    everything = reads.learned(request.reader)
    found = reads.chosen(everything, asked.get("q", ""), theme=asked.get("theme", ""), state=asked.get("state", ""))
    form = asked.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="learning", title="Learning", headings=present.LEARNING_HEADINGS,
                           rows=present.learning_rows(found))  # fmt: skip
    themes = sorted({one.theme for one in everything if one.theme})
    context = present.learning_page(found, asked, themes)
    context |= reaches(request.reader.actor, "learning_new", "partnership_report")
    return render(request, "pages/services/learning.html", context)


@page("learning_new")
def learning_new(request: Asked) -> HttpResponseBase:
    """Record something learned."""
    form = step_form("learning_point", ["words", "theme", "came_from"], required=["words", "theme", "came_from"],
                     hints={"words": "One sentence, without names."})(request.POST or None)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_learning(request.reader, day=form.day, said=form.said())
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "It is recorded, and others can find it.")
            return redirect("learning")
    context = {"form": form, "title": "Record what was learned", "button": "Record it",
               "crumbs": crumbs(("Learning", "/learning/"), ("Record", ""))}  # fmt: skip
    return render(request, "pages/services/step.html", context)


def year_asked(request: Asked) -> Year:
    """Return the year a page is asked for; this one where it is not said. Raises InputError for no year."""
    text = request.GET.get("year", "")
    if not text:
        return year_of(today_of(request.reader))
    if not (text[:4].isascii() and text[:4].isdigit() and 1990 <= int(text[:4]) <= 2100):
        raise InputError("The year must be written like 2025-26.")
    return Year(int(text[:4]))


def years_to_choose(now: Year, this: Year) -> list[Link]:
    """Return links to this year and the four before it, the one shown marked."""
    return [Link(one.name, f"?year={one.name}", current=one == now) for one in
            (Year(this.first - back) for back in range(5))]  # fmt: skip


@page("partnership_report")
def partnership_report(request: Asked) -> HttpResponseBase:
    """Show the partnership's yearly report, built from the record; as CSV; and record that it was published."""
    year = year_asked(request)
    if request.method == "POST":
        return _publish(request, year)
    report = reads.yearly_report(request.reader, year)
    if request.GET.get("as") in MEDIA:
        return file_answer(request.GET["as"], name=f"partnership-{year.name}", title="Yearly report",
                           headings=present.REPORT_HEADINGS, rows=present.report_rows(report))  # fmt: skip
    years = years_to_choose(year, year_of(today_of(request.reader)))
    context: dict[str, Any] = {**present.report_page(report, years), "form": _publish_form()()}
    return render(request, "pages/services/partnership_report.html", context)


def _publish_form() -> Any:
    return step_form("published_report", ["address"], day="Day of publication")


def _publish(request: Asked, year: Year) -> HttpResponseBase:
    form = _publish_form()(request.POST)
    if not form.is_valid():
        raise InputError("Enter the day on which the report was published, and where it can be read.")
    address = form.said().get("address", "")
    actions.publish_report(request.reader, report_type=REPORT, period=year.name, day=form.day, address=address)
    messages.success(request, f"The report of {year.name} is recorded as published.")
    return redirect(f"/partnership-report/?year={year.name}")
