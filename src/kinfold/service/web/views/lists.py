"""Lists over declared kinds: saved ones, a builder, what it finds, and the file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from kinfold.service.records.actions.saved_lists import delete_list, save_list
from kinfold.service.records.reads import lists as read
from kinfold.service.web.components import Link
from kinfold.service.web.list_forms import KindForm, ListForm, SaveForm, address_of, kind_asked, question_from
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import lists as present
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.terms.errors import InputError


@page("lists")
def lists(request: Asked) -> HttpResponse:
    """Show the saved lists and where to begin a new one."""
    table = present.saved_table(read.saved_lists(request.reader))
    context = {"table": table, "starts": present.start_links(), "form": KindForm()}
    return render(request, "pages/lists.html", context)


@page("list_build")
def build(request: Asked) -> HttpResponseBase:
    """Show the form of a list and, once something is asked, what it finds; keep it under a name when posted."""
    kind = kind_asked(request.GET)
    if kind is None:
        return redirect("lists")
    asked = len(request.GET) > 1
    form = ListForm(kind, request.GET if asked else None, initial={"kind": kind.name, "open": "today"})
    save = SaveForm(request.POST or None, initial=request.session.pop("deleted_list", None))
    saved_as = read.saved_list(request.reader, uid) if (uid := request.GET.get("saved", "")) else None
    context = {"form": form, "kind": kind, "save": save, "answer": None, "crumbs": _crumbs(), "saved": saved_as}
    if not asked or not form.is_valid():
        return render(request, "pages/list_build.html", context)
    try:
        question = question_from(form)
    except InputError as error:
        form.add_error(None, str(error))
        return render(request, "pages/list_build.html", context)
    if request.method == "POST" and save.is_valid():
        said = save.cleaned_data
        uid = save_list(request.reader, name=said["name"], question=question, shared=said["shared"])
        messages.success(request, "The list is saved.")
        return redirect("list_saved", uid=uid)
    return _answered(request, read.answer(request.reader, question), context)


def _crumbs() -> list[Link]:
    return [Link("Lists", reverse("lists")), Link("Build a list")]


def _answered(request: Asked, found: read.Answer, context: dict[str, object]) -> HttpResponseBase:
    found.hits = present.ordered(found.hits, request.GET)
    if request.GET.get("file") in MEDIA:
        return _file(request, found)
    part, number = present.shown_part(found.hits, request.GET)
    read.say_shown(request.reader, found, part)
    exports = read.may_export(request.reader)
    shown = present.page_of(found, part, number, request.GET, exports=exports)
    return render(request, "pages/list_build.html", {**context, **shown})


def _file(request: Asked, found: read.Answer) -> HttpResponse:
    leaving = read.for_export(request.reader, found)
    headings, rows = present.file_rows(found, leaving.hits, named=leaving.named)
    form = request.GET["file"]
    read.say_shown(request.reader, found, leaving.hits, action=f"list exported ({form})")
    name = f"list-{found.question.kind.replace('_', '-')}-{found.day.isoformat()}"
    return file_answer(form, name=name, title="List", headings=headings, rows=rows, note=found.asked)


@page("list_saved")
def saved(request: Asked, uid: str) -> HttpResponseBase:
    """Open a saved list, which shows it in the builder; drop one of one's own when posted."""
    found = read.saved_list(request.reader, str(uid))
    if request.method == "POST":
        delete_list(request.reader, str(uid))
        request.session["deleted_list"] = {
            "name": found.name,
            "shared": found.shared,
        }  # a name is no part of an address
        messages.success(request, _deleted(found))
        return redirect("lists")
    if found.question is None:
        raise InputError(found.asked)
    return redirect(f"{reverse('list_build')}?{address_of(found.question)}&saved={uid}")


def _deleted(found: read.Saved) -> str:
    """Say that a list is deleted, with the way to have it back: it is a question, and opens again to be saved."""
    done = f"The list “{found.name}” is deleted."
    if found.question is None:
        return done
    back = f"{reverse('list_build')}?{address_of(found.question)}#save"
    return format_html('{} <a class="govuk-notification-banner__link" href="{}">Undo</a>', done, back)
