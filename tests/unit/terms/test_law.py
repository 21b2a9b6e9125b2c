"""The one loader of dated numbers from law and policy."""

from __future__ import annotations

from datetime import date

import pytest

from kinfold.terms.errors import NoRuleInForce, SettingError
from kinfold.terms.law import load_law, parse_law

SOUND = """
[first_visit]
label = "First visit"
unit = "working days"
source = "An invented regulation, reg. 1"
href = "https://example.org/1"
certainty = "primary text read"
values = [
  { from = 2011-04-01, value = 10 },
  { from = 2020-09-01, value = 5 },
  { from = 2024-01-01, ends = true },
]
"""


@pytest.mark.parametrize(("day", "value"), [(date(2011, 4, 1), 10), (date(2020, 8, 31), 10), (date(2020, 9, 1), 5)])
def test_a_value_holds_from_its_day_until_the_next(day, value):
    assert parse_law(SOUND, file="visits.toml")["first_visit"].on(day) == value


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2011, 3, 31), "no source covers 2011-03-31; the first begins on 2011-04-01"),
        (date(2024, 1, 1), "not in force on 2024-01-01; it ended on 2024-01-01"),
    ],
)
def test_a_day_that_no_source_covers_is_refused(day, message):
    with pytest.raises(NoRuleInForce, match=message):
        parse_law(SOUND, file="visits.toml")["first_visit"].on(day)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a]\nlabel = 'x'", "[a]: unit is missing"),
        ("[a]\nlabel='x'\nunit='days'\nsource='s'\nvalues=[]", "[a]: values is missing"),
        ("[a]\nlabel='x'\nunit='days'\nsource='s'\nvalues=[{value=1}]", "value 1: from must be a date"),
        ("[a]\nlabel='x'\nunit='days'\nsource='s'\nvalues=[{from=2020-01-01}]", "give either value or ends = true"),
        (
            "[a]\nlabel='x'\nunit='days'\nsource='s'\nvalues=[{from=2020-01-01,value=1},{from=2019-01-01,value=2}]",
            "value 2: from (2019-01-01) must be later",
        ),
        (
            "[a]\nlabel='x'\nunit='days'\nsource='s'\ncolour=1\nvalues=[{from=2020-01-01,value=1}]",
            "colour is not a known",
        ),
        (
            "[a]\nlabel='x'\nunit='days'\nsource='s'\ncertainty='sure'\nvalues=[{from=2020-01-01,value=1}]",
            "certainty must begin with one of",
        ),
        ("a = 1", "[a]: is not a table"),
        ("[a", "not sound TOML"),
        ("[a]\nlabel='x'\nunit='days'\nsource='s'\nvalues=3", "values must be a list"),
    ],
)
def test_a_file_that_is_not_sound_is_refused_with_file_table_and_fault(text, message):
    with pytest.raises(SettingError) as refused:
        parse_law(text, file="visits.toml")

    assert str(refused.value).startswith("visits.toml")
    assert message in str(refused.value)


def test_every_fault_of_a_file_is_told_at_once():
    with pytest.raises(SettingError) as refused:
        parse_law("[a]\nlabel='x'\n[b]\nunit='days'", file="visits.toml")

    assert "[a]: unit is missing" in str(refused.value)
    assert "[b]: label is missing" in str(refused.value)


def test_a_file_is_read_from_disk_and_a_missing_one_is_named(tmp_path):
    (tmp_path / "visits.toml").write_text(SOUND, encoding="utf-8")

    assert load_law(tmp_path / "visits.toml")["first_visit"].unit == "working days"
    with pytest.raises(SettingError, match=r"absent.toml: cannot be read"):
        load_law(tmp_path / "absent.toml")
