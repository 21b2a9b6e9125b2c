"""What the pages of every case of the regulator share: the case, a step as a form, evidence as a file, the disclosure schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.market.cases.journal import AGREED
from kinfold.market.cases.journal import disclosure as schedule
from kinfold.service.records.actions import market_cases as actions
from kinfold.service.records.actions.market_notices import with_notice
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.downloads import download
from kinfold.service.web.market_forms import CaseForm, Step, form_of
from kinfold.service.web.page import Asked, View, page
from kinfold.service.web.presenters import market_cases as present
from kinfold.service.web.table_files import CSV, MEDIA, file_answer
from kinfold.terms.errors import InputError

FORM = "pages/market/case_step.html"
StepsOf = Callable[[CasePage], Mapping[str, Step]]


def show_step(request: Asked, sort: str, uid: str, place: str, steps: StepsOf) -> HttpResponseBase:
    """Show a step of a case as a form; when it is answered, write its line and go back to the case."""
    found = reads.case(request.reader, sort, uid)
    step = steps(found).get(place)
    if step is None:
        raise InputError("This cannot be done in the case as it stands, or is not yours to do. Go back to the case.")
    form = form_of(step.asks)(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_step(request, found, step, form)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{step.title}: recorded.")
            return redirect(f"{present.ROUTES[sort]}_case", uid)
    context = {
        "form": form, "title": step.title, "words": step.words, "button": step.button, "upload": step.has_file,
        "cancel": present.address(found.row), "crumbs": present.crumbs_of(found, step.title),
    }  # fmt: skip
    return render(request, FORM, context)


def write_step(request: Asked, found: CasePage, step: Step, form: CaseForm) -> None:
    """Write the line that the answers of a step make."""
    said = {**step.made(form.answers()), **step.also}
    sort = said.pop("answer", step.sort)
    if sort == AGREED:
        said = with_notice(found, said)
    actions.write(request.reader, found.row, sort=sort, said=said, reasons=form.reasons, file=form.file())


def show_exhibit(request: Asked, sort: str, uid: str, number: int) -> HttpResponse:
    """Send the file of an item of evidence, as it was kept."""
    kept, pieces = reads.exhibit(request.reader, sort, uid, number)
    return download(b"".join(pieces), name=f"exhibit-{number}-{kept.name}", media_type=kept.media_type)


def show_disclosure(request: Asked, sort: str, uid: str) -> HttpResponse:
    """Send the schedule of used and unused material as CSV, or as a workbook."""
    found = reads.case(request.reader, sort, uid)
    rows = [
        [one["exhibit"], part, one["what"], one["power"], one["obtained_on"], one["obtained_by"], one["file"], one["sha256"],
         one["seal"]]
        for part, items in schedule(found.journal).items()
        for one in items
    ]  # fmt: skip
    form = request.GET.get("as", CSV)
    return file_answer(
        form if form in MEDIA else CSV, name=f"disclosure-{found.row.reference}", title="Disclosure schedule",
        headings=("Exhibit", "Used or unused", "What", "Power", "Obtained on", "Obtained by", "File", "SHA-256", "Seal"),
        rows=rows,
    )  # fmt: skip


def show_case(request: Asked, sort: str, uid: str, steps: StepsOf, sections: Callable[[CasePage], Any]) -> HttpResponse:
    """Show a case: what waits, what can be done, what it has come to, its evidence and its journal."""
    found = reads.case(request.reader, sort, uid)
    context = present.case_page(found, steps(found), sections(found), reads.related(request.reader, found.row))
    return render(request, "pages/market/case.html", context)


def open_form(request: Asked, form: CaseForm, act: Callable[[], Any], sort: str) -> HttpResponseBase | None:
    """Open a case from a form that is answered, and go to it; None where the form is to be shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        row = act()
    except InputError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, f"Case {row.reference} is open.")
    return redirect(f"{present.ROUTES[sort]}_case", row.uid)


def pages_of_cases(sort: str, steps: StepsOf) -> tuple[View, View, View]:
    """Return the pages that cases of every sort have: a step as a form, evidence as a file, and the schedule of it."""
    route = present.ROUTES[sort]

    @page(f"{route}_step")
    def step(request: Asked, case: str, step: str) -> HttpResponseBase:
        return show_step(request, sort, str(case), step, steps)

    @page(f"{route}_exhibit")
    def exhibit(request: Asked, case: str, number: int) -> HttpResponse:
        return show_exhibit(request, sort, str(case), number)

    @page(f"{route}_disclosure")
    def disclosure(request: Asked, case: str) -> HttpResponse:
        return show_disclosure(request, sort, str(case))

    return step, exhibit, disclosure
