"""
Every trigger and completion of the duty catalogue can be said with a declared kind.

`duty_words.csv` says how, one line a duty: `kind[field=value]`, `|` for one of several, `+` for all of
them; `law` is a commencement date and `calendar` a date of the year, which no fact states.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import kinfold.record.kinds  # noqa: F401
from kinfold.record.declare import KINDS
from kinfold.terms.codes import code_set

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[2] / ".." / "shared" / "domain" / "duties.csv"
NO_FACT = {"law", "calendar"}
WORDS = list(csv.DictReader((HERE / "duty_words.csv").open(encoding="utf-8")))
TERM = re.compile(r"(?P<kind>[a-z_0-9]+)(\[(?P<field>[a-z_0-9]+)(=(?P<value>[^\]]+))?\])?")


@pytest.mark.parametrize("duty", WORDS, ids=lambda row: row["duty"])
def test_a_duty_is_said_in_declared_kinds_fields_and_values(duty):
    for text in (duty["trigger"], duty["completion"]):
        for word in re.split(r" \| | \+ ", text):
            assert word in NO_FACT or _is_declared(word), f"{duty['duty']}: {word}"


def _is_declared(word: str) -> bool:
    found = TERM.fullmatch(word)
    if not found or found["kind"] not in KINDS:
        return False
    if not found["field"]:
        return True
    spec = KINDS[found["kind"]].fields.get(found["field"])
    if spec is None or not found["value"]:
        return spec is not None
    allowed = spec.choices or (code_set(spec.codes).codes() if spec.codes else ())
    return found["value"] in allowed


def test_no_duty_of_the_catalogue_is_left_out():
    if not CATALOGUE.exists():
        pytest.skip(f"the duty catalogue is not at {CATALOGUE.name} beside the project")
    with CATALOGUE.open(encoding="utf-8") as file:
        catalogue = {row["id"] for row in csv.DictReader(file)}

    assert {row["duty"] for row in WORDS} == catalogue
