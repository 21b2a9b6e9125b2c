"""Forms speak in the words of their labels, link each error to its field and keep what was typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django import forms as django_forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template import engines
from django.utils.datastructures import MultiValueDict

from kinfold.service.web import forms

TODAY = date(2026, 3, 4)


class Visit(forms.Form):
    """A form with one field of every shape."""

    seen_on = forms.DayField(label="Date of the visit", today_latest=lambda: TODAY, help_text="For example, 27 3 2014")
    name = django_forms.CharField(label="Name", widget=forms.Text(width=20))
    nhs_number = django_forms.CharField(label="NHS number", required=False, widget=forms.Text(numeric=True))
    cost = django_forms.CharField(label="Cost", required=False, widget=forms.Text(prefix="£", suffix="a week"))
    note = django_forms.CharField(label="Note", widget=forms.LongText(longest=200))
    where = django_forms.ChoiceField(
        label="Where it was", choices=[("h", "Home"), ("s", "School")], widget=forms.Radios(hints={"s": "Or nursery"})
    )
    who = django_forms.MultipleChoiceField(
        label="Who was there", choices=[("m", "Mother"), ("f", "Father")], widget=forms.Checkboxes(), required=False
    )
    team = django_forms.ChoiceField(label="Team", choices=[("", "Choose"), ("e", "East")], widget=forms.Select())
    alone = django_forms.BooleanField(label="I saw the child alone", help_text="Not in another room")
    papers = forms.FilesField(label="Papers", required=False, widget=forms.Files(accept=".pdf"))
    secret = django_forms.CharField(label="Password", widget=django_forms.PasswordInput(), required=False)
    token = django_forms.CharField(widget=django_forms.HiddenInput(), required=False)


def shown(template: str, **context: Any) -> str:
    return engines["django"].from_string("{% load kinfold %}" + template).render(context)


def posted(**values: str) -> Visit:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data[name] = value
    return Visit(data)


@pytest.mark.parametrize(
    ("typed", "said", "parts"),
    [
        pytest.param(("", "", ""), "Enter date of the visit", forms.PARTS, id="nothing"),
        pytest.param(("4", "3", ""), "Date of the visit must include a year", ("year",), id="no year"),
        pytest.param(
            ("", "", "2026"), "Date of the visit must include a day and month", ("day", "month"), id="year only"
        ),
        pytest.param(("31", "2", "2026"), "Date of the visit must be a real date", ("day",), id="31 February"),
        pytest.param(("0", "2", "2026"), "Date of the visit must be a real date", ("day",), id="day 0"),
        pytest.param(("4", "13", "2026"), "Date of the visit must be a real date", ("month",), id="month 13"),
        pytest.param(("4", "ma", "2026"), "Date of the visit must be a real date", ("month",), id="March or May"),
        pytest.param(("4", "3", "26"), "Year must include 4 numbers", ("year",), id="short year"),
        pytest.param(("4", "3", "٢٠٢٦"), "Year must include 4 numbers", ("year",), id="digits of another script"),
        pytest.param(("x", "3", "2026"), "Date of the visit must be a real date", ("day",), id="a letter"),
        pytest.param(("5", "3", "2026"), "Date of the visit must be today or in the past", forms.PARTS, id="tomorrow"),
    ],
)
def test_what_is_wrong_with_a_date_is_said_and_its_parts_are_marked(
    typed: tuple[str, str, str], said: str, parts: tuple[str, ...]
) -> None:
    form = posted(**{f"seen_on_{part}": text for part, text in zip(forms.PARTS, typed, strict=True)})

    assert form.errors["seen_on"] == [said]
    assert form["seen_on"].wrong_parts == parts
    html = str(form["seen_on"])
    marked = tuple(part for part in forms.PARTS if re.search(f'name="seen_on_{part}"[^>]*aria-invalid', html))
    assert marked == parts
    for part, text in zip(forms.PARTS, typed, strict=True):
        assert not text or re.search(f'name="seen_on_{part}"[^>]*value="{text}"', html)


@pytest.mark.parametrize(
    "typed", [("4", "3", "2026"), ("04", "03", "2026"), (" 4 ", "mar", "2026"), ("4", "March", "2026")]
)
def test_a_date_may_be_typed_with_the_month_as_a_number_or_a_name(typed: tuple[str, str, str]) -> None:
    field = forms.DayField(label="Date")

    assert field.clean(list(typed)) == TODAY


def test_a_date_out_of_bounds_names_the_bound() -> None:
    field = forms.DayField(label="Start", not_before=date(2025, 4, 1), not_after=lambda: TODAY)

    with pytest.raises(django_forms.ValidationError, match="Start must be on or after 1 April 2025"):
        field.clean(["31", "3", "2025"])
    with pytest.raises(django_forms.ValidationError, match="Start must be on or before 4 March 2026"):
        field.clean(["5", "3", "2026"])


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", "Enter name"),
        ("where", "Select where it was"),
        ("team", "Select team"),
        ("alone", "Tick “I saw the child alone” to go on"),
    ],
)
def test_a_missing_answer_is_asked_for_in_the_words_of_the_label(field: str, said: str) -> None:
    assert posted().errors[field] == [said]


def test_our_own_words_are_kept_where_a_form_gives_them() -> None:
    class Own(forms.Form):
        upn = django_forms.CharField(label="UPN", error_messages={"required": "Type the 13 characters"})

    assert Own({}).errors["upn"] == ["Type the 13 characters"]


@pytest.mark.parametrize(
    ("label", "lowered"),
    [("Date of birth", "date of birth"), ("NHS number", "NHS number"), ("I agree", "I agree"), ("", "")],
)
def test_a_label_inside_a_sentence_keeps_its_abbreviations(label: str, lowered: str) -> None:
    assert forms.lowered(label) == lowered


def test_every_error_in_the_summary_links_to_a_control_on_the_page() -> None:
    form = posted(seen_on_day="4", seen_on_month="3")

    html = shown("{% error_summary form %}{{ form }}", form=form)

    links = re.findall(r'href="#([^"]+)"', html)
    assert len(links) == len(form.errors)
    assert "id_seen_on_2" in links
    assert all(f'id="{link}"' in html for link in links)


def test_every_label_hint_and_error_points_at_what_it_describes() -> None:
    html = shown("{{ form }}", form=posted())

    identifiers = set(re.findall(r'\bid="([^"]+)"', html))
    assert len(identifiers) == len(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'for="([^"]+)"', html)) <= identifiers
    assert {one for those in re.findall(r'aria-describedby="([^"]+)"', html) for one in those.split()} <= identifiers
    assert "style=" not in html
    assert "required" not in re.sub(r">[^<]*<", "><", html)


def test_optional_fields_say_so_and_filters_do_not() -> None:
    class Filter(forms.Form):
        mark_optional = False
        team = django_forms.CharField(label="Team", required=False)

    assert "NHS number (optional)" in shown("{{ form }}", form=Visit())
    assert "(optional)" not in shown("{{ form }}", form=Filter())


def test_a_field_may_be_the_heading_of_its_page() -> None:
    html = shown(
        '{% field form.name size="l" heading=True %}{% field form.where size="l" heading=True %}', form=Visit()
    )

    assert '<h1 class="govuk-label-wrapper"><label class="govuk-label govuk-label--l"' in html
    assert '<h1 class="govuk-fieldset__heading">Where it was</h1>' in html


def test_what_was_typed_is_shown_again_and_escaped() -> None:
    hostile = '"><script>alert(1)</script>'

    html = shown("{{ form }}{% error_summary form %}", form=posted(name=hostile, note=hostile, where=hostile))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_form_of_another_package_gets_the_same_look() -> None:
    class Theirs(django_forms.Form):
        code = django_forms.CharField(
            widget=django_forms.TextInput(attrs={"placeholder": "Code", "autocomplete": "off"})
        )
        kind = django_forms.ChoiceField(choices=[("a", "A")], widget=django_forms.RadioSelect)
        agree = django_forms.BooleanField(required=False)

    html = shown("{{ form }}", form=Theirs())

    assert 'class="govuk-input"' in html
    assert "govuk-radios__input" in html
    assert "govuk-checkboxes__input" in html
    assert "placeholder" not in html


def test_several_files_come_as_a_list_and_an_empty_one_is_refused() -> None:
    data = MultiValueDict({"papers": [SimpleUploadedFile("a.pdf", b"a"), SimpleUploadedFile("b.pdf", b"b")]})
    good = posted()
    good.files = data
    empty = Visit(QueryDict(), MultiValueDict({"papers": [SimpleUploadedFile("c.pdf", b"")]}))

    assert [f.name for f in good["papers"].data] == ["a.pdf", "b.pdf"]
    assert "papers" not in good.errors
    assert empty.errors["papers"] == ["The submitted file is empty."]


def test_a_password_is_never_shown_again() -> None:
    assert "hunter2" not in shown("{{ form }}", form=posted(secret="hunter2"))


class Asking(forms.Form):
    """A form whose labels are questions."""

    mark_optional = False
    effect = django_forms.ChoiceField(
        label="Does this line allow or refuse?", choices=[("a", "It allows")], widget=forms.Radios()
    )
    why = django_forms.CharField(label="Why?", widget=forms.Text())
    since = forms.DayField(label="When was it set up?")
    born = forms.DayField(label="Date of birth (optional)", required=False)


def test_a_question_that_was_not_answered_is_quoted_and_not_bent_into_a_sentence() -> None:
    form = Asking(QueryDict("since_day=31&since_month=2&since_year=2026&born_day=31&born_month=2&born_year=2012"))
    chosen = Asking(QueryDict("effect=z"))

    assert form.errors["effect"] == ["Answer “Does this line allow or refuse?”"]
    assert form.errors["why"] == ["Answer “Why?”"]
    assert form.errors["since"] == ["The day must be a real date"]
    assert form.errors["born"] == ["Date of birth must be a real date"]
    assert chosen.errors["effect"] == ["Answer “Does this line allow or refuse?” from the list"]
    assert chosen.errors["since"] == ["Answer “When was it set up?”"]
