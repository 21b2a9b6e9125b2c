"""Where our children are tonight, and what the night team is told."""

from __future__ import annotations

from datetime import date

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.access.things import day_of
from kinfold.service.records.actions import handover as act
from kinfold.service.records.reads import exports
from kinfold.service.records.reads import handover as read_handover
from kinfold.service.records.reads import tonight as read
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.forms import Form, LongText, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import handover as present_handover
from kinfold.service.web.presenters import tonight as present
from kinfold.service.web.table_files import MEDIA, file_answer


class NightForm(Form):
    """Which night, and which children of it."""

    mark_optional = False
    on = django_forms.DateField(label="On the night of", required=False, widget=Text(width=10, attrs={"type": "date"}))
    known_on = django_forms.DateField(
        label="As known at the end of", required=False, widget=Text(width=10, attrs={"type": "date"}),
        help_text="Leave empty for what is known now",
    )  # fmt: skip
    q = django_forms.CharField(label="Name, number, home or area", required=False, max_length=80, widget=Text(width=20))
    home = django_forms.ChoiceField(
        label="Kind of home", required=False, widget=Select(),
        choices=[("", "Any"), *((name, label) for name, label in present.HOME_LABELS.items())],
    )  # fmt: skip
    where = django_forms.ChoiceField(
        label="Area", required=False, widget=Select(),
        choices=[("", "Any"), ("inside", "Inside the council’s area"), ("outside", "Outside it"), ("not_known", "Not known")],
    )  # fmt: skip
    far = django_forms.BooleanField(label="20 miles or more from home", required=False)

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date | None:
        """Return the night asked about, which has begun."""
        return self._past("on")

    def clean_known_on(self) -> date | None:
        """Return the day as known at whose end the night is shown."""
        return self._past("known_on")

    def _past(self, name: str) -> date | None:
        day: date | None = self.cleaned_data.get(name)
        if day is not None and day > self.today:
            raise django_forms.ValidationError(f"{self.fields[name].label} must be today or in the past")
        return day


class NoteForm(Form):
    """What the night team must know about one child."""

    child = django_forms.ChoiceField(label="Which child?", widget=Select())
    words = django_forms.CharField(
        label="What must the night team know?", widget=LongText(longest=2000), max_length=2000,
        help_text="It is kept in the child’s record as a case note. Write as if the child will read it one day.",
    )  # fmt: skip


@page("tonight")
def tonight(request: Asked) -> HttpResponseBase:
    """Show where every child in care is whom the reader may list; as a file for those who may take it away."""
    today = day_of(request.reader.now)
    form = NightForm(request.GET if request.GET else None, today=today)
    days = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = read.tonight(request.reader, day=days.get("on") or today, known_on=days.get("known_on"))
    asked = present.asked_of(request.GET)
    rows = present.chosen(found.sure, asked)
    if request.GET.get("file") in MEDIA:
        return _file(request, found, rows)
    part = present.shown_part(rows, asked)
    read.say_shown(request.reader, found.doubtful if asked.check else part, because=_asked_in_words(found))
    may_export = bool(exports.export_names(request.reader))
    context = present.page_of(found, rows, part, asked, request.GET, exports=may_export)
    return render(request, "pages/tonight.html", {**context, "form": form, "today": today})


def _asked_in_words(found: read.Tonight) -> str:
    known = f", as known on {day_words(found.known_on)}" if found.known_on else ""
    return f"the night of {day_words(found.day)}{known}"


def _file(request: Asked, found: read.Tonight, rows: list[read.InCare]) -> HttpResponse:
    leaving = exports.for_export(request.reader, [*rows, *found.doubtful])
    headings, lines = present.file_rows(leaving.rows, day=found.day, named=leaving.named)
    form = request.GET["file"]
    read.say_shown(request.reader, leaving.rows, action=f"tonight exported ({form})", because=_asked_in_words(found))
    left_out = f" {leaving.left_out} children whom you may see but not export are left out." if leaving.left_out else ""
    return file_answer(
        form, name=f"children-in-care-{found.day.isoformat()}", title="Children in care", headings=headings, rows=lines,
        note=f"Children in care on the night of {found.day.isoformat()}.{left_out}",
    )  # fmt: skip


@page("handover")
def handover(request: Asked) -> HttpResponseBase:
    """Show the night team what matters tonight, and record a note about one child for them."""
    today = day_of(request.reader.now)
    found = read_handover.handover(request.reader, day=today)
    choices = [("", "Choose a child"), *present_handover.children(found)]
    form = NoteForm(request.POST or None)
    form.fields["child"].choices = choices  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        act.note_for_tonight(request.reader, form.cleaned_data["child"], words=form.cleaned_data["words"], day=today)
        messages.success(request, "The note is recorded. The night team sees it below and in the child’s record.")
        return redirect("handover")
    read_handover.say_shown(request.reader, found)
    return render(request, "pages/handover.html", {**present_handover.page_of(found), "form": form, "today": today})
