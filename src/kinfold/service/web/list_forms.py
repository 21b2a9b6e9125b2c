"""The form of the list builder, made from a kind's declaration: one group of controls for each field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms as django_forms
from django.http import QueryDict

from kinfold.record.declare import Field, Kind
from kinfold.service.records.reads.questions import (
    LASTING,
    TODAY,
    Question,
    Test,
    askable,
    codes_of,
    kind_named,
    listable_kinds,
    question_of,
)
from kinfold.service.web.forms import Checkboxes, Form, Radios, Select, Text


# A choice of more codes than this is folded into a list from which one is chosen.
class KindForm(Form):
    """What a new list is about."""

    mark_optional = False
    kind = django_forms.ChoiceField(label="What is the list about?", widget=Select())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.name, kind.label) for kind in listable_kinds()]
        self.fields["kind"].choices = [("", "Choose a kind of fact"), *kinds]  # type: ignore[attr-defined]


class SaveForm(Form):
    """Keeping a list."""

    name = django_forms.CharField(label="Name of the list", max_length=120, widget=Text(width=20))
    shared = django_forms.BooleanField(
        label="Share it within the council", required=False,
        help_text="Others see the question. What it finds for them is what they may see.",
    )  # fmt: skip


def _day_control(label: str, hint: str = "") -> django_forms.Field:
    return django_forms.DateField(
        label=label, required=False, help_text=hint, widget=Text(width=10, attrs={"type": "date"})
    )


def _number_control(label: str, hint: str = "") -> django_forms.Field:
    return django_forms.CharField(
        label=label, required=False, help_text=hint, max_length=16, widget=Text(width=5, attrs={"inputmode": "decimal"})
    )


def controls_of(spec: Field) -> Mapping[str, django_forms.Field]:
    """Return the controls of one field, by the name each has in the address."""
    name, label = f"f_{spec.name}", spec.meaning
    if spec.type == "yes or no":
        choices = [("", "Any"), ("yes", "Yes"), ("no", "No"), ("not_known", "Not known")]
        return {name: django_forms.ChoiceField(
            label=label, required=False, choices=choices, widget=Radios(inline=True, small=True))}  # fmt: skip
    if spec.type in ("number", "whole number"):
        unit = f" ({spec.unit})" if spec.unit else ""
        return {
            f"{name}_from": _number_control(f"{label}{unit}: at least"),
            f"{name}_to": _number_control(f"{label}{unit}: at most"),
        }
    if spec.type in ("date", "moment"):
        return {f"{name}_from": _day_control(f"{label}: from"), f"{name}_to": _day_control(f"{label}: up to")}
    codes = codes_of(spec)
    if not codes:
        return {
            name: django_forms.CharField(
                label=f"{label}: exactly", required=False, max_length=120, widget=Text(width=20)
            )
        }
    choices = [*((code, f"{code}: {words}" if code != words else words) for code, words in codes), ("", "Not known")]
    return {name: django_forms.MultipleChoiceField(
        label=label, required=False, choices=[(code or "not_known", words) for code, words in choices],
        widget=Checkboxes(small=True))}  # fmt: skip


class ListForm(Form):
    """A question about one kind."""

    mark_optional = False

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["kind"] = django_forms.CharField(widget=django_forms.HiddenInput(), initial=kind.name)
        lasts = kind.word in LASTING
        if lasts:
            self.fields["open"] = django_forms.ChoiceField(
                label="Which of them?", required=False, widget=Radios(small=True),
                choices=[("today", "Open today"), ("on", "Open on a day"), ("ever", "Every one there ever was")],
            )  # fmt: skip
            self.fields["open_on"] = _day_control("The day", "Only for “Open on a day”")
            self.fields["longer_than"] = _number_control("Lasted more than (months)")
            self.fields["shorter_than"] = _number_control("Lasted less than (months)")
        self.fields["began_from"] = _day_control("Began from" if lasts else "From")
        self.fields["began_to"] = _day_control("Began up to" if lasts else "Up to")
        self.fields["age_from"] = _number_control("Aged at least (years)")
        self.fields["age_under"] = _number_control("Aged under (years)")
        for spec in askable(kind):
            self.fields.update(controls_of(spec))
        self.fields["columns"] = django_forms.MultipleChoiceField(
            label="What to show of each", required=False, widget=Checkboxes(small=True),
            choices=[(spec.name, spec.meaning) for spec in askable(kind)],
        )  # fmt: skip

    def parts(self, *names: str) -> list[Any]:
        """Return the bound controls whose names are given, those there are."""
        return [self[name] for name in names if name in self.fields]

    @property
    def who(self) -> list[Any]:
        """Return the controls about which of them and about the children."""
        return self.parts(
            "open", "open_on", "longer_than", "shorter_than", "began_from", "began_to", "age_from", "age_under"
        )

    @property
    def of_fields(self) -> list[tuple[str, list[Any], bool]]:
        """Return, for each declared field, its meaning, its controls and whether something is asked of it."""
        found = []
        for spec in askable(self.kind):
            controls = [self[name] for name in controls_of(spec)]
            asked = any(control.value() not in (None, "", []) for control in controls)
            found.append((spec.meaning, controls, asked))
        return found


def kind_asked(query: QueryDict) -> Kind | None:
    """Return the kind an address asks about, None where it names none. Raises InputError for one not offered."""
    name = query.get("kind", "")
    return kind_named(name) if name else None


def question_from(form: ListForm) -> Question:
    """Return the question of a valid form. Raises InputError for what the declarations do not allow."""
    said = form.cleaned_data
    choice = said.get("open") or TODAY
    day: date | None = said.get("open_on")
    return question_of(
        {
            "kind": form.kind.name,
            "open_on": {"today": TODAY, "ever": ""}.get(choice, day.isoformat() if day else TODAY),
            "conditions": [one for spec in askable(form.kind) for one in _conditions(spec, said)],
            **{name: said.get(name) for name in
               ("longer_than", "shorter_than", "began_from", "began_to", "age_from", "age_under")},
            "columns": said.get("columns") or [],
        }
    )  # fmt: skip


def _conditions(spec: Field, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    name = f"f_{spec.name}"
    found: list[dict[str, Any]] = []
    for ending, test in (("_from", Test.FROM), ("_to", Test.TO)):
        value = said.get(f"{name}{ending}")
        if value not in (None, ""):
            found.append({"field": spec.name, "test": test, "values": [value]})
    value = said.get(name)
    if value in (None, "", []):
        return found
    if value == "not_known" or value == ["not_known"]:
        return [*found, {"field": spec.name, "test": Test.NOT_KNOWN}]
    if spec.type == "yes or no":
        return [*found, {"field": spec.name, "test": value}]
    chosen = [part for part in value if part != "not_known"] if isinstance(value, list) else [value]
    return [*found, {"field": spec.name, "test": Test.ONE_OF, "values": chosen}]


def address_of(question: Question) -> str:
    """Return the address, without its path, at which the builder shows a question."""
    query = QueryDict(mutable=True)
    query["kind"] = question.kind
    if question.declared.word in LASTING:
        query["open"] = {TODAY: "today", "": "ever"}.get(question.open_on, "on")
        if query["open"] == "on":
            query["open_on"] = question.open_on
    for name in ("longer_than", "shorter_than", "age_from", "age_under", "began_from", "began_to"):
        value = getattr(question, name)
        if value is not None:
            query[name] = str(value)
    for one in question.conditions:
        key = f"f_{one.field}"
        if one.test in (Test.FROM, Test.TO):
            query[f"{key}_{one.test.value}"] = str(one.values[0])
        elif one.test is Test.ONE_OF:
            query.setlist(key, list(one.values))
        elif one.test is not Test.KNOWN:
            query[key] = one.test.value
    query.setlist("columns", list(question.columns))
    return query.urlencode()
