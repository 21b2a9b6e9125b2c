"""The controls of forms: one line, several lines, choices, a day in three fields, files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

PARTS = ("day", "month", "year")


class Text(forms.TextInput):
    """
    One line of text.

    `width` is about how many characters to make room for (2, 3, 4, 5, 10, 20) or a share such as "two-thirds"; `prefix`
    and `suffix` stand beside it; `numeric` brings up digits on a telephone.
    """

    template_name = "forms/widgets/text.html"

    def __init__(
        self,
        *,
        width: int | str | None = None,
        prefix: str = "",
        suffix: str = "",
        numeric: bool = False,
        attrs: Mapping[str, Any] | None = None,
    ) -> None:
        given: dict[str, Any] = {"spellcheck": "false", "inputmode": "numeric"} if numeric else {}
        super().__init__({**given, **(attrs or {})})
        self.width, self.prefix, self.suffix = width, prefix, suffix

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the template shows."""
        context = super().get_context(name, value, attrs)
        context["widget"].update(prefix=self.prefix, suffix=self.suffix)
        return context


class LongText(forms.Textarea):
    """Several lines of text; where `longest` is given, what is left is counted."""

    def __init__(self, *, longest: int | None = None, rows: int = 5, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"rows": rows, "cols": "", **(attrs or {})})
        self.attrs.pop("cols")
        self.longest = longest


class _Choices:
    """What radios and checkboxes share: hints by value, standing in a row, small ones."""

    def __init__(
        self,
        *,
        hints: Mapping[str, str] | None = None,
        inline: bool = False,
        small: bool = False,
        attrs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(dict(attrs or {}))  # type: ignore[call-arg]
        self.hints, self.inline, self.small = hints or {}, inline, small

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the template shows."""
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        context["widget"].update(inline=self.inline, small=self.small)
        return context

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return one choice with its hint."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(option["value"]), "")
        return option


class Radios(_Choices, forms.RadioSelect):
    """One of a few."""


class Checkboxes(_Choices, forms.CheckboxSelectMultiple):
    """Any of a few."""


class Select(forms.Select):
    """One of many. Radios are better where there are fewer than ten."""


class DayInput(forms.MultiWidget):
    """A day in three fields. The month may be typed as a number or a name."""

    template_name = "forms/widgets/day.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": Text(width=2, numeric=True, attrs={"maxlength": 2}),
            "month": Text(width=2),
            "year": Text(width=4, numeric=True, attrs={"maxlength": 4}),
        }
        super().__init__(parts, dict(attrs or {}))

    def decompress(self, value: Any) -> list[str | None]:
        """Return day, month and year of a date as they are typed."""
        return [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else [None, None, None]

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the three fields have labels of their own and share a legend."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the template shows: each part named, marked where it is the wrong one."""
        attrs = dict(attrs or {})
        wrong = attrs.pop("wrong", ())
        context = super().get_context(name, value, attrs)
        widths = {"day": 2, "month": 2, "year": 4}
        for part, shown in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            error = " govuk-input--error" if part in wrong else ""
            shown["attrs"]["class"] = f"govuk-input govuk-date-input__input govuk-input--width-{widths[part]}{error}"
            shown["attrs"].pop("aria-invalid", None)
            if part in wrong:
                shown["attrs"]["aria-invalid"] = "true"
            shown["part"] = part.capitalize()
        return context


class Files(forms.FileInput):
    """One or, with `several`, many files, with room to drop them where there is a script."""

    template_name = "forms/widgets/file.html"
    allow_multiple_selected = True

    def __init__(self, *, several: bool = False, accept: str = "", attrs: Mapping[str, Any] | None = None) -> None:
        given: dict[str, Any] = {"accept": accept} if accept else {}
        super().__init__({**given, **({"multiple": True} if several else {}), **(attrs or {})})
