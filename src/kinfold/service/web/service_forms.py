"""Short forms for one step of a case, made from the declaration of the kind that the step records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms as django_forms
from django.utils import timezone

from kinfold.record.declare import KINDS, Field, Sensitivity
from kinfold.service.web.forms import Checkboxes, DayField, Form, LongText, Radios, Text
from kinfold.terms.errors import InputError

LONGEST = 20_000
YES_NO = [("yes", "Yes"), ("no", "No")]


class StepForm(Form):
    """One step: the day it happened, and some of its kind's fields."""

    asked: Sequence[Field] = ()

    def said(self) -> dict[str, Any]:
        """Return the values by field of the kind, days as text; what was left empty is not there."""
        found = {spec.name: _value(spec, self.cleaned_data.get(spec.name)) for spec in self.asked}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    @property
    def day(self) -> date:
        """Return the day that was given."""
        day: date = self.cleaned_data["day"]
        return day


def _value(spec: Field, value: Any) -> Any:
    if spec.type == "yes or no":
        return {"yes": True, "no": False}.get(value)
    return value.isoformat() if isinstance(value, date) else value


def step_form(
    kind: str, names: Sequence[str] = (), *, labels: Mapping[str, str] | None = None, required: Sequence[str] = (),
    hints: Mapping[str, str] | None = None, choices: Mapping[str, Sequence[str]] | None = None, day: str = "Day",
    with_day: bool = True,
) -> type[StepForm]:  # fmt: skip
    """
    Return a form that asks the day (labelled `day`) and the fields `names` of a kind.

    `labels` replace the declared meanings; `choices` narrow a field's own; `required` must be answered.
    """
    specs = [KINDS[kind].fields[name] for name in names]
    labels, hints, choices = labels or {}, hints or {}, choices or {}
    made: dict[str, Any] = {"asked": specs, "__doc__": f"A step that records a {KINDS[kind].label.lower()}."}
    if with_day:
        made["day"] = DayField(label=day, today_latest=timezone.localdate)
    for spec in specs:
        made[spec.name] = _control(
            spec, label=labels.get(spec.name, spec.meaning), required=spec.required or spec.name in required,
            hint=hints.get(spec.name, ""), choices=choices.get(spec.name, spec.choices),
        )  # fmt: skip
    return type("KindStepForm", (StepForm,), made)


def _control(spec: Field, *, label: str, required: bool, hint: str, choices: Sequence[str]) -> django_forms.Field:
    said: dict[str, Any] = {"label": label, "required": required, "help_text": hint}
    options = [(one, one[:1].upper() + one[1:]) for one in choices]
    if spec.type == "codes" and options:
        return django_forms.MultipleChoiceField(choices=options, widget=Checkboxes(), **said)
    if options:
        return django_forms.ChoiceField(choices=options, widget=Radios(), **said)
    if spec.type == "yes or no":
        return django_forms.ChoiceField(choices=YES_NO, widget=Radios(inline=True), **said)
    if spec.type == "date":
        return DayField(**said)
    if spec.type == "whole number":
        return django_forms.IntegerField(min_value=0, max_value=1_000_000, widget=Text(width=5, numeric=True), **said)
    if spec.sensitivity is Sensitivity.NARRATIVE:
        return django_forms.CharField(max_length=LONGEST, widget=LongText(rows=5), **said)
    return django_forms.CharField(max_length=min(spec.longest or 200, 400), widget=Text(), **said)


def moment_of(day: date, text: str, label: str) -> datetime:
    """Return a day and a time such as 15:10 as a moment in England. Raises InputError in the words of the label."""
    try:
        return timezone.make_aware(datetime.combine(day, time.fromisoformat(text.strip().replace(".", ":"))))
    except ValueError:
        raise InputError(f"{label} must be a time such as 15:10") from None
