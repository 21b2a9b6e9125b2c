"""A form of casework as Django draws it: the questions as fields, what was typed as the browser sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from kinfold.casework import MOST_QUESTIONS, Answers, Form, Question, Raw, Shape
from kinfold.casework.together import ALSO
from kinfold.service.web.forms import PARTS, Checkboxes, DayInput, LongText, Radios, Select, Text
from kinfold.service.web.forms import Form as WebForm

# More choices than this stand in a list that opens.
MOST_RADIOS = 12
YES_NO = (("yes", "Yes"), ("no", "No"))
Choices = Sequence[tuple[str, str]]


class MomentInput(Text):
    """A day and an hour in one control that the browser itself helps with."""

    input_type = "datetime-local"


class CaseworkForm(WebForm):
    """The questions of one form. What is wrong with the answers is said by the room `casework`, never here."""

    mark_optional = False
    template_name = "forms/casework.html"

    def __init__(
        self, form: Form, *, choices: Mapping[str, Choices], today: date, raw: Raw, also: Choices = (), of: str = ""
    ) -> None:
        """`also` are the other children it may be about; `of` names the child, where it asks only that one's part."""
        super().__init__(_as_sent(form, raw))
        self.asked = form
        if also:
            self.fields[ALSO] = _also(form, also)
        for question in form.questions:
            self.fields[question.name] = _field(question, choices.get(question.name, ()), today, of)
        self.folded = folded(form, raw)
        self._errors = django_forms.utils.ErrorDict()
        self.cleaned_data = {}

    def get_context(self) -> dict[str, Any]:
        """Return what the template shows: the questions that are asked, and those that stand folded below them."""
        asked = [self[name] for name in self.fields if name not in self.folded]
        below = [self[name] for name in self.fields if name in self.folded]
        return {**super().get_context(), "asked": asked, "below": below, "opened": any(one.errors for one in below)}

    def tell(self, answers: Answers) -> None:
        """Say what is wrong with the answers, each at its question."""
        for question in self.asked.questions:
            if question.name in answers.errors:
                self.add_error(question.name, ValidationError(answers.errors[question.name], params={"parts": PARTS}))


def folded(form: Form, raw: Raw) -> frozenset[str]:
    """
    Return the questions that stand folded below the others: optional ones beyond seven that the record does not answer.

    What must be answered, what people say in their own words and with whom it is stay in sight.
    """
    kept = {"day", "until", "which", "party", "own_words", "family_words"}
    open_now = [one for one in form.questions if one.name not in kept - {"party"} and not any(raw.get(one.name, ()))]
    stays = [one for one in open_now if one.required or one.required_when or one.name == "party"]
    room = max(
        0, MOST_QUESTIONS - len(stays) - sum(one.name in ("own_words", "family_words") for one in form.questions)
    )
    optional = [one.name for one in open_now if one not in stays]
    return frozenset(optional[room:])


def _also(form: Form, also: Choices) -> django_forms.Field:
    """Return the question which other children of the family a form is about."""
    ask = "Which children is the plan for, beside this one?" if form.family else "Is it about other children too?"
    hint = "You type it once. You are then asked what is each child’s own, such as what they said."
    return django_forms.Field(
        label=f"{ask} (optional)", help_text=hint, required=False, widget=_chosen(Checkboxes(), also)
    )


def _as_sent(form: Form, raw: Raw) -> QueryDict:
    sent = QueryDict(mutable=True)
    sent.setlist(ALSO, list(raw.get(ALSO, ())))
    for question in form.questions:
        given = list(raw.get(question.name, ()))
        if question.shape is Shape.DAY:
            for part, text in zip(PARTS, given, strict=False):
                sent[f"{question.name}_{part}"] = text
        else:
            sent.setlist(question.name, given)
    return sent


def raw_of(form: Form, sent: QueryDict) -> dict[str, list[str]]:
    """Return what was typed, by question, of all that a browser sent."""
    found: dict[str, list[str]] = {}
    if form.together and (also := [uid for uid in sent.getlist(ALSO) if uid]):
        found[ALSO] = also
    for question in form.questions:
        if question.shape is Shape.DAY:
            given = [sent.get(f"{question.name}_{part}", "") for part in PARTS]
        else:
            given = sent.getlist(question.name)
        if any(given):
            found[question.name] = [str(text) for text in given]
    return found


def options_of(question: Question, today: date) -> list[tuple[str, str]]:
    """Return what may be chosen: (value, words)."""
    codes = question.code_set
    if codes is not None:
        return [(code, codes.label(code)) for code in codes.codes(today)]
    return list(question.options)


def asked_of(question: Question, of: str) -> str:
    """Return how a question is asked, with a further child's name where it asks about one."""
    return question.ask.replace("the child", of) if of else question.ask


def _field(question: Question, choices: Choices, today: date, of: str) -> django_forms.Field:
    ask = asked_of(question, of)
    label = ask if question.required else f"{ask} (optional)"
    hint = question.hint or _HINTS.get(question.shape, "")
    if question.targets and question.targets[0][1] == "actions":
        hint = question.hint or "One on a line: what; who; by when."
    widget = _widget(question, choices or options_of(question, today))
    return django_forms.Field(label=label, help_text=hint, required=False, widget=widget)


_HINTS = {
    Shape.LINES: "One on a line.",
    Shape.PARTS: "One on a line: what is hoped for; how it will be known.",
    Shape.MONEY: "In pounds, such as 2,000 or 12.50.",
}


def _widget(question: Question, choices: Choices) -> django_forms.Widget:
    match question.shape:
        case Shape.DAY:
            return DayInput()
        case Shape.MOMENT:
            return MomentInput(width=20)
        case Shape.YES_NO:
            return _chosen(Radios(inline=True), YES_NO)
        case Shape.MANY:
            return _chosen(Checkboxes(small=len(choices) > MOST_RADIOS), choices)
        case Shape.ONE | Shape.WHO | Shape.WHICH if len(choices) <= MOST_RADIOS and question.shape is not Shape.WHO:
            return _chosen(Radios(), choices)
        case Shape.ONE | Shape.WHO | Shape.WHICH:
            return _chosen(Select(), [("", "Choose one"), *choices])
        case Shape.NUMBER:
            return Text(width=5, numeric=True)
        case Shape.MONEY:
            return Text(width=10, prefix="£")
        case Shape.LONG | Shape.LINES | Shape.PARTS:
            return LongText(rows=6 if question.shape is Shape.LONG else 4)
    return Text(width=question.longest if question.longest and question.longest <= 20 else None)


def _chosen(widget: Any, choices: Choices) -> django_forms.Widget:
    widget.choices = list(choices)
    return widget  # type: ignore[no-any-return]
