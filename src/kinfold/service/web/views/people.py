"""Teams, workers, allocation, cover and leavers."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from kinfold.access.things import day_of
from kinfold.access.words import Verb
from kinfold.service.records.actions import staff as act
from kinfold.service.records.actions.allocation_undo import undo_allocation, undoable
from kinfold.service.records.actions.people import Allocated
from kinfold.service.records.reads import staff as read
from kinfold.service.records.reads.office import council_of
from kinfold.service.web.forms import Checkboxes, DayField, Form, LongText, Radios, Select
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import staff as present
from kinfold.service.web.presenters.services import reaches
from kinfold.terms.codes import code_set
from kinfold.terms.errors import InputError

COVER_REASONS = (("leave", "Leave"), ("sickness", "Sickness"), ("vacancy", "Vacancy"), ("leaving", "Leaving"))


def _roles() -> list[tuple[str, str]]:
    codes = code_set("allocation_role")
    return [(code, codes.label(code)) for code in codes.codes()]


class AllocateForm(Form):
    """Children, a worker, a role and a reason."""

    children = django_forms.MultipleChoiceField(label="Which children?", widget=Checkboxes(small=True))
    worker = django_forms.ChoiceField(label="To whom?", widget=Select())
    role = django_forms.ChoiceField(label="In which role?", widget=Select(), initial="SOCIAL_WORKER")
    because = django_forms.CharField(label="Why?", widget=LongText(rows=2), max_length=200)

    def __init__(
        self, *args: Any, children: list[tuple[str, str]], workers: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = children  # type: ignore[attr-defined]
        self.fields["worker"].choices = [("", "Choose a worker"), *workers]  # type: ignore[attr-defined]
        self.fields["role"].choices = _roles()  # type: ignore[attr-defined]


class CoverForm(Form):
    """Who stands in, from when until when, and why."""

    stands_in = django_forms.ChoiceField(label="Who stands in?", widget=Select())
    first = DayField(label="First day of cover")
    end = DayField(label="First day back", help_text="Cover ends the evening before")
    reason = django_forms.ChoiceField(label="Why?", choices=COVER_REASONS, widget=Radios())

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stands_in"].choices = [("", "Choose a worker"), *workers]  # type: ignore[attr-defined]


class LeaverForm(Form):
    """Who takes each of a leaver's children; one choice for all, and another for any of them."""

    mark_optional = False
    to = django_forms.ChoiceField(
        label="Who takes their children?", required=False, widget=Select(),
        help_text="For every child below for whom you choose nobody else",
    )  # fmt: skip
    because = django_forms.CharField(label="Why?", widget=LongText(rows=2), max_length=200, initial="The worker leaves")

    def __init__(
        self, *args: Any, children: list[tuple[str, str]], workers: list[tuple[str, str]], near: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "Nobody yet"), *workers]  # type: ignore[attr-defined]
        choices = [("", "As above"), *near, (act.NOBODY, "Nobody yet")]
        for uid, name in children:
            self.fields[f"w_{uid}"] = django_forms.ChoiceField(
                label=name, required=False, choices=choices, widget=Select()
            )
        if not children:
            del self.fields["to"]

    @property
    def each(self) -> dict[str, str]:
        """Return what was chosen for each child."""
        return {name[2:]: value for name, value in self.cleaned_data.items() if name.startswith("w_")}


@page("people")
def people(request: Asked) -> HttpResponse:
    """Show the children without a worker first, then every team with its workers and caseloads."""
    reader = request.reader
    found = read.people(reader)
    read.say_shown(reader, found.unallocated[: present.SHOWN], "children without a worker")
    shown = present.people_page(
        found, may_allocate=read.has_power(reader, Verb.ALLOCATE),
        administers=read.has_power(reader, Verb.GRANT),
    )  # fmt: skip
    return render(request, "pages/people.html", {**shown, **reaches(reader.actor, "protection_teams")})


@page("team")
def team(request: Asked, uid: str) -> HttpResponse:
    """Show one team."""
    found = read.team(request.reader, str(uid))
    return render(request, "pages/team.html", present.team_page(found, counts=read.lists_children(request.reader)))


@page("worker")
def worker(request: Asked, uid: str) -> HttpResponse:
    """Show one worker with the children the reader may see."""
    found = read.worker_page(request.reader, str(uid))
    may_leave = found.may_allocate or read.has_power(request.reader, Verb.GRANT)
    today = day_of(request.reader.now)
    return render(request, "pages/worker.html", present.worker_page(found, today=today, may_leave=may_leave))


@page("allocate")
def allocate(request: Asked) -> HttpResponseBase:
    """Allocate children, one or many at once."""
    reader = request.reader
    children = present.child_choices(_children_asked(request))
    form = AllocateForm(
        request.POST or None, children=children, workers=read.workers_to_choose(reader, council_of(reader)),
        initial={"children": request.GET.getlist("child"), "role": request.GET.get("role", "SOCIAL_WORKER")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = act.allocate_children(reader, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _allocated(made))
            return redirect("worker", uid=form.cleaned_data["worker"])
    return render(request, "pages/allocate.html", {"form": form, "children": children})


def _allocated(made: Allocated) -> str:
    done = f"{made.changed} {'child is' if made.changed == 1 else 'children are'} allocated from today."
    if not made.changed:
        return done
    return format_html(
        '{} <a class="govuk-notification-banner__link" href="{}">Undo</a>',
        done, reverse("allocation_undo", args=[made.change]),
    )  # fmt: skip


@page("allocation_undo")
def allocation_undo(request: Asked, number: int) -> HttpResponseBase:
    """Say what undoing an allocation of today takes back; do it when posted."""
    if request.method == "POST":
        undone = undo_allocation(request.reader, number)
        messages.success(request, "The allocation is undone: each child is with whom they were before.")
        return redirect("worker", uid=undone.worker_uid)
    found = undoable(request.reader, number)
    return render(request, "pages/allocation_undo.html", {"found": found, "many": len(found.children)})


def _children_asked(request: Asked) -> list[Any]:
    """Return the children to choose from: those an address names, a worker's, or those without a worker."""
    if of := request.GET.get("of", ""):
        found = read.worker_page(request.reader, of, action="a worker's children to allocate")
        return read.children_to_allocate(request.reader, [case.uid for case in (*found.cases, *found.others)])
    if named := request.GET.getlist("child"):
        return read.children_to_allocate(request.reader, named)
    waiting = read.unallocated(request.reader)
    read.say_shown(request.reader, waiting, "children without a worker")
    return waiting


@page("cover")
def cover(request: Asked, uid: str) -> HttpResponseBase:
    """Arrange that one worker stands in for another."""
    reader = request.reader
    absent = read.find_worker(reader, str(uid))
    workers = [one for one in read.workers_to_choose(reader, absent.held_by) if one[0] != absent.uid]
    form = CoverForm(request.POST or None, workers=workers)
    if request.method == "POST" and form.is_valid():
        try:
            act.arrange_cover(reader, absent=absent.uid, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Cover is arranged.")
            return redirect("worker", uid=absent.uid)
    return render(request, "pages/cover.html", {"form": form, "worker": absent})


@page("leaver")
def leaver(request: Asked, uid: str) -> HttpResponseBase:
    """Record that a worker leaves and allocate their children, in one step."""
    reader = request.reader
    found = read.worker_page(reader, str(uid), action="a leaver's children")
    every = [*found.cases, *found.others]
    mine = read.children_to_allocate(reader, [case.uid for case in every]) if found.may_allocate else []
    workers = [one for one in read.workers_to_choose(reader, found.worker.held_by) if one[0] != found.worker.uid]
    near = [one for one in workers if found.team_name and one[1].endswith(f"({found.team_name})")][:30]
    form = LeaverForm(request.POST or None, children=present.child_choices(mine), workers=workers, near=near)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            moved = act.leave_and_allocate(
                reader, worker=found.worker.uid, to=said.get("to", ""), each=form.each, because=said["because"]
            )
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"{found.worker.name} has left. {moved} of their children are allocated to others."
            )
            return redirect("people")
    return render(request, "pages/leaver.html", {"form": form, "worker": found.worker, "children": mine})
