"""The forms of the Files pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict

from kinfold.service.records.reads.quarantine import BadRow, Corrected
from kinfold.service.web.forms import Files, FilesField, Form, LongText, Radios, Select, Text

_COLLECTION = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
ACCEPTED = ".csv,.txt,.xml,.json,.xlsx,.zip"
SCOPES = {"": None, "full": True, "part": False}
MOST = 1_000


class Council(Protocol):
    """What a form needs to know of a council."""

    code: str
    name: str


def megabytes(size: int) -> str:
    """Return a size as people say it."""
    return f"{size / 1_000_000:,.0f} MB"


def refused_words(announced: int) -> str:
    """Return what to say of files that are too large to be sent at once."""
    return (
        f"These files are {megabytes(announced)} together, and {megabytes(settings.MAX_UPLOAD_BYTES)} can be sent at "
        "once. Send fewer at a time, pack them as a zip archive, or load them with the command kinfold load."
    )


class UploadForm(Form):
    """Files to send, and what the person says of them."""

    sent = FilesField(
        label="Files",
        widget=Files(several=True, accept=ACCEPTED),
        allow_empty_file=True,  # refused by name with the others
        max_length=None,
    )
    collection = django_forms.CharField(
        label="Collection year",
        help_text="Such as 2025-26. Needed only where the dates in the files do not tell it.",
        widget=Text(width=10),
        required=False,
    )
    scope = django_forms.ChoiceField(
        label="Are the files everything?",
        choices=[
            ("", "As the format usually is"),
            ("full", "Everything: what they no longer carry is withdrawn"),
            ("part", "A part: nothing is withdrawn"),
        ],
        widget=Radios(small=True),
        required=False,
    )

    def __init__(self, *args: Any, councils: Sequence[Council], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent"].help_text = (
            "CSV, XML, JSON, workbooks, or a zip archive of them: SSDA903, children in need census, daily feed, "
            f"Standard Safeguarding Dataset, Annex A. Up to {megabytes(settings.MAX_UPLOAD_BYTES)}."
        )
        self.fields["sent"].error_messages["required"] = "Select the files to send"
        if len(councils) > 1:
            choices = [("", "As the files say"), *((council.code, council.name) for council in councils)]
            self.fields["council"] = django_forms.ChoiceField(
                label="Council", choices=choices, widget=Select(), required=False
            )

    def clean_collection(self) -> str:
        """Return the year's name. Raises ValidationError where it is not one."""
        text = self.cleaned_data["collection"].strip().replace("/", "-").replace("–", "-")
        match = _COLLECTION.fullmatch(text)
        if text and (match is None or int(match[2]) != (int(match[1]) + 1) % 100):
            raise ValidationError("Collection year must be two years such as 2025-26")
        return str(text)

    @property
    def said(self) -> dict[str, Any]:
        """Return what the person said of the files, as the action takes it."""
        said = self.cleaned_data
        return {"collection": said["collection"], "full": SCOPES[said["scope"]], "council": said.get("council", "")}


class TakeBackForm(Form):
    """Why a load is taken back."""

    because = django_forms.CharField(
        label="Why is the load taken back?",
        widget=LongText(longest=180, rows=3),
        max_length=180,
        error_messages={"required": "Say why the load is taken back"},
    )


class RowForm(Form):
    """One received row, field by field, and why it is put right."""

    mark_optional = False

    def __init__(self, data: Any = None, *, row: BadRow, fields: Sequence[str], corrected: Corrected | None) -> None:
        held = dict(row.original) if corrected is None else {**row.original, **corrected.values}
        initial = {f"field_{place}": held.get(name, "") for place, name in enumerate(fields)}
        super().__init__(data, initial={**initial, "made_from": corrected.mark if corrected else ""})
        self.names = tuple(fields)
        for place, name in enumerate(fields):
            self.fields[f"field_{place}"] = django_forms.CharField(
                label=name, required=False, max_length=MOST, widget=Text(width="two-thirds")
            )
        self.fields["because"] = django_forms.CharField(
            label="Why is this right?",
            help_text="For whoever reads it later, such as “The worker checked the court order”.",
            widget=Text(),
            max_length=200,
        )
        self.fields["because"].error_messages["required"] = "Say why this is right"
        self.fields["made_from"] = django_forms.CharField(required=False, widget=django_forms.HiddenInput())
        self._point_at(row)

    def _point_at(self, row: BadRow) -> None:
        """Say beside the field what is wrong with it, and put it first."""
        wrong = row.field.rpartition(".")[2]
        if wrong in self.names:
            key = f"field_{self.names.index(wrong)}"
            self.fields[key].help_text = row.fix or "This is the field to put right."
            self.order_fields([key])

    @property
    def do(self) -> str:
        """Return which button was pressed: again, next or leave_out."""
        return str(self.data.get("do") or "again")

    @property
    def said(self) -> dict[str, Any]:
        """Return what the person said of the row, as the action takes it."""
        said = self.cleaned_data
        values = {name: said[f"field_{place}"].strip() for place, name in enumerate(self.names)}
        return {
            "values": None if self.do == "leave_out" else values,
            "because": said["because"],
            "made_from": said["made_from"],
        }

    def show_again(self, corrected: Corrected | None) -> None:
        """Keep what was typed, made from what somebody else has saved meanwhile: saving again chooses it knowingly."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["made_from"] = corrected.mark if corrected else ""
        self.data = typed
        self.add_error(None, "Somebody else put this row right while you did. Yours is not saved yet: look at both.")
