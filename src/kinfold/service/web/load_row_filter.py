"""What a list of rows that could not be used may be narrowed by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms

from kinfold.service.records.reads.quarantine import Choices
from kinfold.service.web.forms import Form, Select

STATES = {"open": "To put right", "corrected": "Put right", "replaced": "Replaced by a later load"}


class RowFilter(Form):
    """Asked by GET: table, what is wrong, state and, where there are several, the file."""

    mark_optional = False

    def __init__(self, choices: Choices, *, data: Mapping[str, str]) -> None:
        super().__init__(initial=dict(data), auto_id="filter-%s")
        self._offer("table", "Table", choices.tables, {})
        self._offer(
            "code", "What is wrong", choices.codes, {c: c.replace("_", " ").capitalize() for c in choices.codes}
        )
        self._offer("state", "State", choices.states, STATES)
        if len(choices.files) > 1:
            self._offer("file", "File", choices.files, {})

    def _offer(self, name: str, label: str, counts: Mapping[str, int], words: Mapping[str, Any]) -> None:
        offered = [(value, f"{words.get(value, value)} ({count:,})") for value, count in counts.items()]
        self.fields[name] = django_forms.ChoiceField(
            label=label, choices=[("", "All"), *offered], widget=Select(), required=False
        )
