"""Multi-agency child protection teams: setting up, who is in it, and each agency's view of what the team decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.care.child_protection_team import DISAGREES, MEMBER, VIEWS, View, seats
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import child_protection_teams as actions
from kinfold.service.records.reads import child_protection_teams as reads
from kinfold.service.records.reads.services import may_write, today_of
from kinfold.service.web.forms import DayField, Form, LongText, Radios, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child_protection_teams as present
from kinfold.service.web.presenters.services import crumbs, reaches
from kinfold.service.web.service_forms import StepForm, step_form
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.terms.errors import InputError

T = TypeVar("T")
AGENCIES = KINDS[MEMBER].fields["agency"].choices


class TeamForm(Form):
    """A new team."""

    name = django_forms.CharField(label="Name of the team", max_length=120, widget=Text())
    since = DayField(label="When was it set up?", initial=timezone.localdate, today_latest=timezone.localdate)


class EndForm(Form):
    """The end of somebody's time in a team."""

    last = DayField(
        label="What is their last day in the team?", initial=timezone.localdate, today_latest=timezone.localdate
    )
    reason = django_forms.CharField(label="Why do they leave?", max_length=400, required=False, widget=Text())


class ViewForm(Form):
    """One agency's view of a decision."""

    agency = django_forms.ChoiceField(
        label="Which agency?", widget=Radios(), choices=[(one, one.capitalize()) for one in AGENCIES]
    )
    organisation = django_forms.CharField(
        label="Which organisation?", help_text="Name the school.", max_length=160, required=False, widget=Text()
    )
    practitioner = django_forms.CharField(label="Who spoke for it?", max_length=120, widget=Text())
    view = django_forms.ChoiceField(
        label="What is their view?", widget=Radios(), choices=[(one, one.capitalize()) for one in VIEWS]
    )
    reasons = django_forms.CharField(
        label="Why?", help_text="Needed where they disagree. In their words where you can.", max_length=20_000,
        required=False, widget=LongText(rows=5),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask whoever disagrees for the reasons: dissent without them helps nobody."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("view") == DISAGREES and not (said.get("reasons") or "").strip():
            self.add_error("reasons", "Say why they disagree")
        return said


def _commenced(request: Asked) -> bool:
    day = reads.in_force()
    return day is not None and day <= today_of(request.reader)


@page("protection_teams")
def teams(request: Asked) -> HttpResponseBase:
    """List the teams, those with somebody missing first; as CSV or a workbook, a row a member."""
    found = reads.teams(request.reader)
    if request.GET.get("as") in MEDIA:
        return file_answer(request.GET["as"], name="multi-agency-teams", title="Multi-agency teams",
                           headings=present.HEADINGS, rows=present.file_rows(found))  # fmt: skip
    may = reads.may_keep(request.reader) and _keeps(request)
    context = present.list_page(found, commenced=_commenced(request), may_keep=may)
    return render(request, "pages/casework/protection_teams.html", context)


def _keeps(request: Asked) -> bool:
    return reaches(request.reader.actor, "protection_team_new")["may_protection_team_new"]


@page("protection_team_new")
def team_new(request: Asked) -> HttpResponseBase:
    """Set up a team."""
    form = TeamForm(request.POST or None)
    made = _done(form, lambda said: actions.set_up(request.reader, name=said["name"], since=said["since"]))
    if made:
        messages.success(request, "The team is set up. Add who is in it.")
        return redirect("protection_team", uid=made)
    return _form(request, form, title="Set up a team", button="Set up the team")


@page("protection_team")
def team(request: Asked, uid: str) -> HttpResponse:
    """Show one team: who must be in it and who is, whom it supports, what it decided."""
    row, found = reads.team(request.reader, str(uid))
    may = reads.may_keep(request.reader) and _keeps(request)
    context = present.team_page(
        found, reads.decisions(request.reader, row.pk), reads.supported(request.reader),
        commenced=_commenced(request), may_keep=may,
    )  # fmt: skip
    return render(request, "pages/casework/protection_team.html", context)


@page("protection_team_member_new")
def member_new(request: Asked, uid: str) -> HttpResponseBase:
    """Add a practitioner whom an agency nominated."""
    _, found = reads.team(request.reader, str(uid))
    agency = request.GET.get("agency", "")
    seat = next((one for one in seats() if one.agency == agency), None)
    asked = step_form(
        MEMBER, ["agency", "practitioner", "organisation", "nominated_by", "qualification"], day="In the team since",
        required=["agency", "practitioner"], labels={"agency": "Which agency do they stand for?"},
    )  # fmt: skip
    start = {"agency": agency, "nominated_by": seat.nominated_by, "day": today_of(request.reader)} if seat else {}
    form: StepForm = asked(request.POST or None, initial=start)
    made = _done(form, lambda _: actions.add_member(request.reader, str(uid), since=form.day, said=form.said()))
    if made:
        messages.success(request, "They are in the team.")
        return redirect("protection_team", uid=uid)
    words = f"{seat.who[:1].upper()}{seat.who[1:]}, nominated by {seat.nominated_by}." if seat else ""
    return _form(request, form, title="Add a member", button="Add to the team", team=found, words=words)


@page("protection_team_member_end")
def member_end(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """End somebody's time in the team; who was in it on an earlier day is not lost."""
    _, found = reads.team(request.reader, str(uid))
    member = next((one for one in found.members.members if str(one.fact) == str(fact)), None)
    if member is None:
        raise InputError("They are not in the team now. Go back to the team and choose somebody who is.")
    form = EndForm(request.POST or None)

    def end(said: dict[str, Any]) -> bool:
        actions.end_member(request.reader, str(uid), str(fact), last=said["last"], reason=said["reason"])
        return True

    if _done(form, end):
        messages.success(request, "Their time in the team is ended.")
        return redirect("protection_team", uid=uid)
    return _form(request, form, title=f"End the membership of {member.payload.get('practitioner')}",
                 button="End the membership", team=found)  # fmt: skip


@page("team_decision")
def decision(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Show one decision with the view of each agency, those who disagreed first."""
    found = reads.decision(request.reader, str(uid), str(fact))
    may = may_write(request.reader, found.opened.row, reads.SLICE) and _speaks(request)
    return render(request, "pages/casework/team_decision.html", present.decision_page(found, may_write=may))


def _speaks(request: Asked) -> bool:
    return reaches(request.reader.actor, "team_decision_view")["may_team_decision_view"]


@page("team_decision_view")
def decision_view(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Keep one agency's view of a decision."""
    found = reads.decision(request.reader, str(uid), str(fact))
    member = next((one for one in found.members.members if str(one.fact) == request.GET.get("of")), None)
    start = (
        {name: member.payload.get(name) or "" for name in ("agency", "organisation", "practitioner")} if member else {}
    )
    form = ViewForm(request.POST or None, initial=start)

    def give(said: dict[str, Any]) -> bool:
        actions.give_view(request.reader, str(uid), str(fact), view=View(**said))
        return True

    if _done(form, give):
        messages.success(request, "The view is kept with the decision.")
        return redirect("team_decision", uid=uid, fact=fact)
    context = {"form": form, "title": "An agency’s view", "button": "Keep the view",
               "caption": f"{found.opened.who.name}: {found.decision.payload.get('matter') or 'decision of the team'}",
               "crumbs": crumbs(("Decision of the team", reverse("team_decision", args=[uid, fact])), ("View", ""))}  # fmt: skip
    return render(request, "pages/services/step.html", context)


def _done(form: Form, act: Callable[[dict[str, Any]], T]) -> T | None:
    """Return what was done with a form that was sent whole; None where it must be shown (again)."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except InputError as error:
        form.add_error(None, str(error))
        return None


def _form(request: Asked, form: Form, *, title: str, button: str, team: reads.Team | None = None,
          words: str = "") -> HttpResponse:  # fmt: skip
    links = [(present.TITLE, reverse("protection_teams"))]
    links += [(team.name, reverse("protection_team", args=[team.uid]))] if team else []
    context = {"form": form, "title": title, "button": button, "caption": team.name if team else "", "words": words,
               "crumbs": crumbs(*links, (title, ""))}  # fmt: skip
    return render(request, "pages/services/step.html", context)
