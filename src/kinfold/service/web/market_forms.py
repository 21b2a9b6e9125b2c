"""One step of a case of the regulator as a form: what it asks, and the line of the journal that the answers make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils import timezone

from kinfold.files.attached import Attached, make_safe
from kinfold.service.web.forms import Checkboxes, DayField, Form, LongText, Radios, Select, Text

LONGEST = 10_000
YES_NO = [("yes", "Yes"), ("no", "No")]
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ask:
    """
    One question of a step.

    `sort` is text, long, lines (a text, one thing a line), day (today or in the past), any_day, yes_no, one, many, number, pounds
    or file. `choices` are those of one and many.
    """

    name: str
    label: str
    sort: str = "text"
    choices: Choices = ()
    required: bool = True
    hint: str = ""
    value: Any = None


REASONS = Ask("reasons", "Reasons", "long", hint="Kept with the decision. Others will read them.")


@dataclass(frozen=True, slots=True)
class Step:
    """
    A step that can be done now: its title, what it asks, and the sort of line it writes.

    `also` is said besides what was answered; `made` changes what was answered into what the line says.
    """

    title: str
    sort: str
    asks: tuple[Ask, ...]
    button: str = "Save"
    words: str = ""
    also: Mapping[str, Any] = field(default_factory=dict)
    made: Callable[[dict[str, Any]], dict[str, Any]] = dict

    @property
    def has_file(self) -> bool:
        """Return whether the step takes a file."""
        return any(one.sort == "file" for one in self.asks)


class CaseForm(Form):
    """The answers of a step."""

    asks: tuple[Ask, ...] = ()

    def answers(self) -> dict[str, Any]:
        """Return the answers as a line keeps them: days as text, pounds as pence; without reasons and file."""
        found = {one.name: _value(one, self.cleaned_data.get(one.name)) for one in self.asks if one.sort != "file"}
        found.pop("reasons", None)
        return found

    @property
    def reasons(self) -> str:
        """Return the reasons, empty where the step asks none."""
        return str(self.cleaned_data.get("reasons") or "")

    def file(self) -> Attached | None:
        """Return the file as it is kept. Raises FileRefused for one that may not be."""
        given = next((self.cleaned_data.get(one.name) for one in self.asks if one.sort == "file"), None)
        return make_safe(given.name, given.read()) if given else None


def form_of(asks: Sequence[Ask]) -> type[CaseForm]:
    """Return the form that asks these questions."""
    made: dict[str, Any] = {"asks": tuple(asks), "__doc__": "The answers of a step of a case."}
    made |= {one.name: _control(one) for one in asks}
    return type("AskedCaseForm", (CaseForm,), made)


def _control(one: Ask) -> django_forms.Field:
    said: dict[str, Any] = {"label": one.label, "required": one.required, "help_text": one.hint, "initial": one.value}
    if one.sort not in ("day", "any_day"):  # most labels are questions: "Enter is it relied on?" is no sentence
        said["error_messages"] = {"required": f"Answer “{one.label}”"}
    if one.sort in ("day", "any_day"):
        return DayField(**said, today_latest=timezone.localdate if one.sort == "day" else None)
    if one.sort == "yes_no":
        return django_forms.ChoiceField(choices=YES_NO, widget=Radios(inline=True), **said)
    if one.sort == "one":
        widget = Radios() if len(one.choices) <= 9 else Select()
        blank = [] if isinstance(widget, Radios) else [("", "Choose")]
        return django_forms.ChoiceField(choices=[*blank, *one.choices], widget=widget, **said)
    if one.sort == "many":
        return django_forms.MultipleChoiceField(choices=one.choices, widget=Checkboxes(), **said)
    if one.sort == "file":
        return django_forms.FileField(**said)
    if one.sort == "number":
        return django_forms.IntegerField(min_value=0, max_value=100_000, widget=Text(width=5, numeric=True), **said)
    if one.sort == "pounds":
        return django_forms.DecimalField(
            min_value=0, max_value=10**9, decimal_places=2, widget=Text(width=10, prefix="£"), **said
        )
    if one.sort in ("long", "lines"):
        return django_forms.CharField(max_length=LONGEST, widget=LongText(rows=4), **said)
    return django_forms.CharField(max_length=200, widget=Text(), **said)


def _value(one: Ask, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if one.sort == "yes_no":
        return {"yes": True, "no": False}.get(value)
    if one.sort == "lines":
        return [line.strip() for line in value.splitlines() if line.strip()]
    if one.sort == "pounds":
        return None if value is None else int(value * 100)
    return value
