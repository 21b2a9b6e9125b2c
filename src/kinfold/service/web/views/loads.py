"""The Files pages: what came in, sending files, a load's report, and putting rows right."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from kinfold.service.records.actions import corrections, uploads
from kinfold.service.records.reads import loads as reads
from kinfold.service.records.reads import quarantine
from kinfold.service.web.load_forms import RowForm, TakeBackForm, UploadForm, refused_words
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import loads as present
from kinfold.service.web.table_files import file_answer
from kinfold.terms.errors import EditConflict, NotPermitted

# What is too large to take in is still read to its end, a piece at a time and kept nowhere, because a browser shows
# no answer before it has sent everything; but not for longer than this.
MOST_DISCARDED, LONGEST_DISCARDING = 4_000_000_000, 60.0
_PIECE = 1_000_000


@csrf_exempt  # checked in `_send`: the check reads the whole request, and one that is too large is not to be kept
@page("loads")
def loads(request: Asked) -> HttpResponseBase:
    """Show what came in and the form to send files; take in what was sent."""
    if request.method != "POST":
        return _loads_page(request, UploadForm(councils=uploads.councils_of(request.reader)))
    announced = _announced(request)
    if announced > settings.MAX_UPLOAD_BYTES:
        _discard(request, announced)
        form = UploadForm({}, councils=uploads.councils_of(request.reader))
        form.errors.clear()
        form.add_error("sent", refused_words(announced))
        return _loads_page(request, form, status=413)
    return csrf_protect(_send)(request)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _discard(request: HttpRequest, announced: int) -> None:
    until = time.monotonic() + LONGEST_DISCARDING
    left = min(announced, MOST_DISCARDED)
    while left > 0 and time.monotonic() < until:
        piece = request.read(min(_PIECE, left))
        if not piece:
            return
        left -= len(piece)


def _send(request: Any) -> HttpResponseBase:
    form = UploadForm(request.POST, request.FILES, councils=uploads.councils_of(request.reader))
    if not form.is_valid():
        return _loads_page(request, form)
    sent = [uploads.Sent(one.name or "file", one.chunks()) for one in form.cleaned_data["sent"]]
    taken = uploads.take_in(request.reader, sent, **form.said)
    for text in present.taken_in(taken):
        messages.success(request, text)
    if taken.refused:
        for text in present.refusals(taken.refused):
            form.add_error("sent", text)
        return _loads_page(request, form)
    every = [*taken.loads, *taken.again]
    return redirect("load", number=every[0].pk) if len(every) == 1 else redirect("loads")


def _loads_page(request: Asked, form: UploadForm, *, status: int = 200) -> HttpResponse:
    number = present.page_number(request.GET.get("page"))
    rows, total = reads.history(request.reader, page=number)
    context = present.history(rows, total=total, page=number) | {"form": form}
    return render(request, "pages/loads.html", context, status=status)


@page("load")
def load(request: Asked, number: int) -> HttpResponse:
    """Show one load: how far it is, what its rows became, what it withdrew, what is to be done."""
    report = reads.report_of(request.reader, number)
    if report.going is None:
        uploads.seen(request.reader, number)
    return render(request, "pages/loads_report.html", present.report(report))


@require_POST
@page("load_go_on")
def go_on(request: Asked, number: int) -> HttpResponseBase:
    """Go on with a load that was interrupted."""
    uploads.go_on(request.reader, number)
    messages.success(request, "The load goes on from where it stopped.")
    return redirect("load", number=number)


@require_POST
@page("load_confirm")
def confirm(request: Asked, number: int) -> HttpResponseBase:
    """Let a full return withdraw as much as it would."""
    uploads.confirm(request.reader, number)
    messages.success(request, "You confirmed the withdrawal. It is being done.")
    return redirect("load", number=number)


@require_POST
@page("load_again")
def again(request: Asked, number: int) -> HttpResponseBase:
    """Load the same files again, with what has been put right."""
    made = corrections.load_again(request.reader, number)
    messages.success(request, "The files are being loaded again with what was put right.")
    return redirect("load", number=made.pk)


@page("load_take_back")
def take_back(request: Asked, number: int) -> HttpResponseBase:
    """Ask whether a load is really to be taken back, and do it."""
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrections.ask_to_take_back(request.reader, number, because=form.cleaned_data["because"])
        messages.success(request, "The load is being taken back.")
        return redirect("load", number=number)
    found, kinds, kept = reads.would_take_back(request.reader, number)
    context = present.taking_back(found.pk, kinds, kept) | {"form": form}
    return render(request, "pages/loads_take_back.html", context)


@page("load_rows")
def rows(request: Asked, number: int) -> HttpResponse:
    """Show the rows of a load that could not be used."""
    asked, at = present.asked(request.GET), present.page_number(request.GET.get("page"))
    found, shown, total, choices = quarantine.quarantine(request.reader, number, asked, page=at)
    context = present.rows(found.pk, shown, choices, asked, total=total, page=at)
    return render(request, "pages/loads_rows.html", context)


@page("load_rows_file")
def rows_file(request: Asked, number: int, form: str) -> HttpResponse:
    """Return the rows of a load that could not be used, as CSV or a workbook."""
    if form not in ("csv", "xlsx"):
        raise NotPermitted("There is nothing here that you can open.")
    asked = present.asked(request.GET)
    _, shown = quarantine.every_row(request.reader, number, asked, action=f"rows of a load as {form}")
    return file_answer(
        form, name=f"load-{number}-rows", title="Rows to put right", headings=present.COLUMNS_OF_FILE,
        rows=present.lines_of_file(shown),
    )  # fmt: skip


@page("load_row")
def row(request: Asked, number: int, row: int) -> HttpResponseBase:
    """Show one row as it was received, and put it right."""
    _, shown, fields, corrected = quarantine.row_with_fields(request.reader, number, row)
    form = RowForm(request.POST or None, row=shown, fields=fields, corrected=corrected)
    if request.method == "POST" and form.is_valid():
        try:
            corrections.correct(request.reader, number, row, **form.said)
        except EditConflict:
            form.show_again(corrected)
            context = present.row(number, shown, corrected) | {"form": form, "conflict": corrected}
            return render(request, "pages/loads_row.html", context, status=409)
        return _after(request, number, row, form.do)
    context = present.row(number, shown, corrected) | {"form": form}
    return render(request, "pages/loads_row.html", context)


def _after(request: Asked, number: int, row: int, do: str) -> HttpResponseBase:
    if do == "again":
        made = corrections.load_again(request.reader, number)
        messages.success(request, "The row is put right. The files are being loaded again.")
        return redirect("load", number=made.pk)
    following = quarantine.next_open_row(request.reader, number, row)
    if following is not None:
        messages.success(request, "The row is put right. This is the next one.")
        return redirect("load_row", number=number, row=following)
    messages.success(request, "Every row you can open is put right. Load the files again for it to take effect.")
    return redirect("load", number=number)
