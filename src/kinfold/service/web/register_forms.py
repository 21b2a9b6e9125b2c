"""The form of a child's entry in the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from kinfold.service.web.forms import Form, Radios, Text

OF_ANOTHER = frozenset({"same", "apart"})


class ChangeForm(Form):
    """What to do to an entry, to which other record, and why."""

    change = forms.ChoiceField(label="What should happen?", widget=Radios())
    other = forms.CharField(
        label="The other record’s number", required=False, max_length=64, widget=Text(),
        help_text="The council’s number of the child. Needed only to join two records or to keep them apart.",
    )  # fmt: skip
    because = forms.CharField(
        label="Why", max_length=150, widget=Text(), help_text="It stands in the audit. Name no family member."
    )

    def __init__(self, choices: Sequence[tuple[str, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["change"].choices = list(choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Insist on the other record where one is needed."""
        said = super().clean() or self.cleaned_data
        if said.get("change") in OF_ANOTHER and not said.get("other"):
            self.add_error("other", "Enter the other record’s number")
        return said
