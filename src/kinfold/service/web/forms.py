"""
How forms look and speak: GOV.UK's fields, hints, errors and error summary, for every form there is.

`FORM_RENDERER = "kinfold.service.web.forms.GovukRenderer"` makes every Django form, those of the sign-in package
included, show GOV.UK's markup. Our own forms derive from `Form`, which also says what is wrong in the words of the label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

from kinfold.service.web.drawings.words import MONTHS, day_words
from kinfold.service.web.widgets import PARTS, Checkboxes, DayInput, Files, LongText, Radios, Select, Text

__all__ = [
    "PARTS",
    "Checkboxes",
    "DayField",
    "DayInput",
    "Files",
    "FilesField",
    "Form",
    "GovukBoundField",
    "GovukRenderer",
    "LongText",
    "Radios",
    "Select",
    "Text",
    "errors_of",
    "lowered",
]

# Django's own templates, and ours that stand in their place, so that no form has to know.
_INSTEAD = {
    "django/forms/widgets/radio.html": "forms/widgets/choices.html",
    "django/forms/widgets/checkbox_select.html": "forms/widgets/choices.html",
    "django/forms/widgets/clearable_file_input.html": "forms/widgets/file.html",
}
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.FileInput, "govuk-file-upload"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (Input, "govuk-input"),
)


class GovukBoundField(BoundField):
    """A field on its form, as forms/field.html shows it."""

    @property
    def widget(self) -> forms.Widget:
        """Return the field's widget."""
        widget: forms.Widget = self.field.widget
        return widget

    @property
    def shape(self) -> str:
        """Return which way the field is laid out: choices, checkbox, day, password, file, long or plain."""
        shapes: tuple[tuple[type[forms.Widget], str], ...] = (
            (forms.RadioSelect, "choices"),
            (forms.CheckboxSelectMultiple, "choices"),
            (forms.CheckboxInput, "checkbox"),
            (DayInput, "day"),
            (forms.PasswordInput, "password"),
            (forms.FileInput, "file"),
            (forms.Textarea, "long"),
        )
        return next((name for kind, name in shapes if isinstance(self.widget, kind)), "plain")

    @property
    def words(self) -> str:
        """Return the label, saying so where an answer is optional and the form marks that."""
        optional = getattr(self.form, "mark_optional", False) and not self.field.required
        return f"{self.label} (optional)" if optional and self.shape != "checkbox" else str(self.label)

    @property
    def hint_id(self) -> str:
        """Return the identifier of the hint."""
        return f"{self.auto_id}-hint" if self.help_text else ""

    @property
    def error_id(self) -> str:
        """Return the identifier of the error message."""
        return f"{self.auto_id}-error" if self.errors else ""

    @property
    def longest(self) -> int | None:
        """Return how many characters may be typed, where the field counts them."""
        return getattr(self.widget, "longest", None) if self.shape == "long" else None

    @property
    def info_id(self) -> str:
        """Return the identifier of the count of characters left."""
        return f"{self.auto_id}-info" if self.longest else ""

    @property
    def aria_describedby(self) -> str | None:
        """Return the identifiers of what describes the field, in the order in which it is read."""
        return " ".join(i for i in (self.info_id, self.hint_id, self.error_id) if i) or None

    @property
    def wrong_parts(self) -> tuple[str, ...]:
        """Return the parts of a day that are wrong: all of them where the error does not say."""
        for error in self.errors.as_data() if self.errors else ():
            return tuple((error.params or {}).get("parts", PARTS))
        return ()

    @property
    def error_target(self) -> str:
        """Return the identifier that the error summary links to: the first control to correct."""
        if self.shape == "day":
            return f"{self.auto_id}_{PARTS.index(self.wrong_parts[0]) if self.wrong_parts else 0}"
        return f"{self.auto_id}_0" if self.shape == "choices" else self.id_for_label or self.auto_id

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Return the control's attributes with GOV.UK's classes, without placeholders and the browser's own bubbles."""
        widget = widget or self.widget
        built: dict[str, Any] = dict(super().build_widget_attrs(attrs, widget))
        built.pop("required", None)
        if "placeholder" in widget.attrs:  # it vanishes as soon as one starts to type; False leaves it out
            built["placeholder"] = False
        base = next((name for kind, name in _CLASSES if isinstance(widget, kind)), "")
        if base and not widget.is_hidden and not isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            names = [base, *self._extra_classes(widget), str(widget.attrs.get("class", ""))]
            if self.errors and base != "govuk-checkboxes__input":
                names.append(f"{base}--error")
            built["class"] = " ".join(name for name in names if name)
        if isinstance(widget, DayInput):
            built["wrong"] = self.wrong_parts
        return built

    def _extra_classes(self, widget: forms.Widget) -> Iterable[str]:
        if width := getattr(widget, "width", None):
            yield f"govuk-input--width-{width}" if isinstance(width, int) else f"govuk-!-width-{width}"
        if isinstance(widget, forms.PasswordInput):
            yield from ("govuk-password-input__input", "govuk-js-password-input-input")
        if self.longest:
            yield "govuk-js-character-count"


class GovukRenderer(TemplatesSetting):
    """Shows every form, field and widget with our templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> Any:
        """Return the template, or ours where ours stands in its place."""
        return super().get_template(_INSTEAD.get(template_name, template_name))


def lowered(label: str) -> str:
    """Return a label as it stands inside a sentence: "Date of birth" lowered, "NHS number" and "UPN" not."""
    first = label.split(" ")[0]
    return label if first == "I" or (len(first) > 1 and first.isupper()) else label[:1].lower() + label[1:]


class Form(forms.Form):
    """A form of ours: errors in the words of the label; an optional field says so, unless `mark_optional` is off."""

    mark_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, one in self.fields.items():
            for code, message in _said_of(str(one.label or name.replace("_", " ").capitalize()), one).items():
                default = type(one).default_error_messages.get(code, forms.Field.default_error_messages.get(code))
                if one.error_messages.get(code) == default:
                    one.error_messages[code] = message


def _said_of(label: str, one: forms.Field) -> dict[str, str]:
    """Return what to say when an answer is missing, or is not one of those offered."""
    if isinstance(one, forms.BooleanField):
        return {"required": f"Tick “{label}” to go on"}
    if label.endswith("?"):  # a question cannot stand inside a sentence: "Select what should happen?"
        said = {"required": f"Answer “{label}”"}
        return said | (
            {"invalid_choice": f"Answer “{label}” from the list"} if isinstance(one, forms.ChoiceField) else {}
        )
    inside = lowered(label)
    verb = "Select" if isinstance(one, forms.ChoiceField | forms.FileField) else "Enter"
    said = {"required": f"{verb} {inside}"}
    if isinstance(one, forms.ChoiceField):
        said["invalid_choice"] = f"Choose {inside} from the list"
    return said


def errors_of(*those: forms.BaseForm | None) -> list[tuple[str, str]]:
    """Return (identifier to link to, message) for every error of the forms, in the order of their fields."""
    found: list[tuple[str, str]] = []
    for form in those:
        if form is None or not form.errors:
            continue
        found += [("", str(message)) for message in form.non_field_errors()]
        for bound in form:
            target = getattr(bound, "error_target", bound.auto_id) if not bound.is_hidden else ""
            found += [(target, str(message)) for message in bound.errors]
    return found


def _month(typed: str) -> int | None:
    if typed.isascii() and typed.isdigit():
        return int(typed)
    names = [m for m in range(12) if len(typed) >= 3 and MONTHS[m].lower().startswith(typed.lower())]
    return names[0] + 1 if len(names) == 1 else None


class DayField(forms.Field):
    """
    A day typed in three fields; gives a `date`, or None where it is optional and empty.

    `not_before` and `not_after` bound it, as days or functions that give one; `today_latest` instead says "must be today
    or in the past" and takes a function that gives today.
    """

    widget = DayInput

    def __init__(
        self,
        *,
        not_before: date | Callable[[], date] | None = None,
        not_after: date | Callable[[], date] | None = None,
        today_latest: Callable[[], date] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.not_before, self.not_after, self.today_latest = not_before, not_after, today_latest

    def _wrong(self, said: str, *parts: str) -> ValidationError:
        label = str(self.label or "Date").removesuffix(" (optional)")
        subject = "The day" if label.endswith("?") else label
        return ValidationError(f"{subject} {said}", code="invalid", params={"parts": parts or PARTS})

    def to_python(self, value: Any) -> date | None:
        """Return the day. Raises ValidationError in the words of the label, naming the part to correct."""
        if value is None or isinstance(value, date):
            return value
        typed = [str(part or "").strip() for part in value]
        if not any(typed):
            return None
        missing = [part for part, text in zip(PARTS, typed, strict=True) if not text]
        if missing:
            raise self._wrong(f"must include a {' and '.join(missing)}", *missing)
        if not (typed[2].isascii() and typed[2].isdigit() and len(typed[2]) == 4):
            raise ValidationError("Year must include 4 numbers", code="invalid", params={"parts": ("year",)})
        month = _month(typed[1])
        if month is None or not 1 <= month <= 12:
            raise self._wrong("must be a real date", "month")
        try:
            return date(int(typed[2]), month, int(typed[0]))
        except ValueError:
            raise self._wrong("must be a real date", "day") from None

    def validate(self, value: Any) -> None:
        """Raise ValidationError where the day is missing or out of bounds."""
        super().validate(value)
        if value is None:
            return
        earliest = self.not_before() if callable(self.not_before) else self.not_before
        latest = self.not_after() if callable(self.not_after) else self.not_after
        if self.today_latest and value > self.today_latest():
            raise self._wrong("must be today or in the past")
        if earliest and value < earliest:
            raise self._wrong(f"must be on or after {day_words(earliest)}")
        if latest and value > latest:
            raise self._wrong(f"must be on or before {day_words(latest)}")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether what was typed is another day than before."""
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class FilesField(forms.FileField):
    """Any number of files; gives a list."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return the files. Raises ValidationError for an empty or missing one."""
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in given]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the attribute that lets several files be chosen."""
        return {**super().widget_attrs(widget), "multiple": True}
