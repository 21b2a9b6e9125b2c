"""The catalogue: every published duty, each naming declared kinds, refused with file and line when wrong."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from kinfold.duties import Commencement, catalogue_rows, read_catalogue
from kinfold.duties.catalogue import FOLDER, undeclared
from kinfold.duties.commencement import switches
from kinfold.record.declare import KINDS
from kinfold.terms.errors import InputError, SettingError

PUBLISHED = Path(__file__).parents[3] / ".." / "shared" / "domain" / "duties.csv"

GOOD = """
[[duty]]
id = "XX01"
label = "First visit"
domain = "visits"
force = "must"
commencement = "in force"
who = "social worker"
trigger = [{ kind = "placement" }]
rule = "within=1W"
completion = [{ kind = "looked_after_visit", where = { seen = true } }]
source = "The regulations"
calendar = "england_and_wales"
"""


def published():
    if not PUBLISHED.exists():
        pytest.skip("the specifications are not beside the project (../shared)")
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_every_published_duty_is_in_the_catalogue_and_no_other(catalogue):
    assert set(catalogue.duties) == set(published())


def test_every_rule_is_the_published_one_with_declared_kinds_for_its_events(catalogue):
    def numbers(rule):
        return re.sub(r"(gate|before)=[^;]+", r"\1", rule)

    ours = {duty.id: numbers(duty.rule.text) for duty in catalogue}
    assert ours == {name: numbers(row["rule_code"]) for name, row in published().items()}


def test_every_trigger_and_completion_names_a_declared_kind(catalogue):
    assert undeclared(catalogue) == []
    assert all(duty.trigger and duty.completion for duty in catalogue)


def test_every_gate_names_what_it_comes_before(catalogue):
    events = {part.event.partition(".")[0] for duty in catalogue for part in duty.rule.parts if part.event}

    assert events <= set(KINDS)
    assert all(duty.gates for duty in catalogue if duty.is_gate)


def test_every_duty_says_whose_it_is_where_it_comes_from_and_how_sure_we_are(catalogue):
    for duty in catalogue:
        texts = (
            duty.label,
            duty.applies_to,
            duty.who,
            duty.deadline,
            duty.source.title,
            duty.verified,
            duty.confidence,
        )
        assert all(texts), duty.id
        assert duty.escalation, duty.id


def test_every_statute_has_a_link(catalogue):
    statutes = re.compile(r"\bAct \d{4}|Regulations \d{4}|SI \d{4}/")
    missing = [duty.id for duty in catalogue if statutes.search(duty.source.title) and not duty.source.href]

    assert missing == []


def test_no_text_for_people_is_a_list_of_abbreviations(catalogue):
    short = re.compile(r"\b(LAC|IRO|VSH|HoS|DCS|TM|LADO|PEP|ICPC|RCPC|CIN|SGO|ADM|RAA|WD|LA)\b")
    found = [
        duty.id
        for duty in catalogue
        for text in (duty.label, duty.applies_to, duty.who, duty.deadline, duty.edge_cases, *duty.escalation)
        if short.search(text)
    ]

    assert found == []


def test_reform_duties_wait_and_each_has_its_switch(catalogue):
    waiting = {duty.id for duty in catalogue if duty.commencement is Commencement.NOT_COMMENCED}

    assert len(waiting) == 13
    assert {duty for switch in switches().values() for duty in switch.duties} == {
        d.id for d in catalogue if d.is_reform
    }
    assert len(switches()) == 12


def test_the_catalogue_exports_as_plain_rows(catalogue):
    rows = catalogue_rows(catalogue)

    assert len(rows) == 170
    assert json.loads(json.dumps(rows)) == rows
    assert {row["id"]: row["rule"] for row in rows}["LA18"] == "within=20WD"
    assert all(isinstance(value, str) for row in rows for value in row.values())


def test_an_unknown_duty_is_answered_with_its_neighbours(catalogue):
    assert catalogue.duty("la18").id == "LA18"
    assert catalogue.duty(" AD03B ").id == "AD03b"
    with pytest.raises(InputError, match="Those that begin with LA are LA01"):
        catalogue.duty("LA99")


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        pytest.param('rule = "within=1W"', 'rule = "within=1X"', 10, "not a number and a unit", id="rule"),
        pytest.param('kind = "placement"', 'kind = "placment"', 2, "no kind is declared as placment", id="kind"),
        pytest.param("seen = true", "saw = true", 2, "has no field called saw", id="field"),
        pytest.param("seen = true", 'seen = "yes"', 2, "is yes or no and is compared", id="type of a field"),
        pytest.param('calendar = "england_and_wales"', 'calendar = "mars"', 13, "Use one of", id="calendar"),
        pytest.param('who = "social worker"', "", 2, "has no “who”", id="missing key"),
        pytest.param('who = "social worker"', 'who = "a"\nwhom = "b"', 9, "no key “whom”", id="unknown key"),
        pytest.param(
            'rule = "within=1W"', 'rule = "every=1W[blue]"', 10, "nothing says what “blue” means", id="condition"
        ),
        pytest.param("[[duty]]", "[[duty", None, "not sound TOML", id="not sound TOML"),
    ],
)
def test_a_file_with_an_error_is_refused_with_file_and_line(tmp_path, wrong, right, line, said):
    (tmp_path / "wrong.toml").write_text(GOOD.replace(wrong, right), encoding="utf-8")

    with pytest.raises(SettingError, match=said) as refused:
        read_catalogue(tmp_path)

    assert str(refused.value).startswith("wrong.toml" if line is None else f"wrong.toml, line {line}: ")


def test_one_identifier_is_one_duty(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")

    with pytest.raises(SettingError, match=r"XX01 is already in a\.toml"):
        read_catalogue(tmp_path)


def test_the_files_of_the_catalogue_are_short_enough_to_read():
    assert all(len(path.read_text(encoding="utf-8").splitlines()) < 520 for path in FOLDER.glob("*.toml"))
