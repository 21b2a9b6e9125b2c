"""What a person gets who gives a `kinfold market` command something broken: what is wrong, where, and how to put it right. All is invented."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kinfold.command import main

REGISTER = """Provider level as at 31 March 2024
URN,Provision type,Registration status,Local authority,Sector,Places
SC900001,Children's home,Active,Birmingham,Private,4
SC900003,Castle,Active,Atlantis,Private,three
"""
FILES = {
    "register.csv": REGISTER,
    "empty": "",
    "drift.csv": REGISTER.replace("URN,Provision type", "Setting number,Kind"),
    "no_day.csv": REGISTER.split("\n", 1)[1],
    "truncated.parquet": "PAR1 and no more",
    "broken.json": "[",
    "list.json": "[1]",
    "no_list.json": "[]",
    "words.json": '{"interest_cover": "high"}',
    "unknown.json": '{"no_such_ratio": 1}',
    "figures.json": '{"figures": {"turnover": "many"}}',
    "entities.ftm": 'no json\n{"id": "o", "schema": "Ownership", "properties": {}}\n{"id": "o", "schema": "Ownership", "properties": '
    '{"owner": ["a"], "asset": ["b"], "percentage": ["lots"]}}\n{"id": 1}\n[2]\n',
    "control.txt": 'no json\n{"data": {}}\n{"company_number": "09900001", "data": 5}\n',
    "tax.csv": "entity,year,residence,source\n09900001,soon,UK,Accounts\n",
    "grid.toml": "source = [",
}
Told = Callable[..., tuple[int, str]]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Return a command run in a folder of broken files: its exit code, and everything it said."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe\x00")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KINFOLD_DATA", str(tmp_path / "data"))

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["kinfold", "market", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(str(ended.value.code)), said.out + said.err

    return run


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("load nothing.csv", "nothing.csv is not there. Check the path."),
        ("load empty", "each needs a column URN"),
        ("load drift.csv", "no table in it has the columns URN and Provision type"),
        ("load no_day.csv", "Name the file by its day, such as provider_at_march_2018.csv"),
        ("load truncated.parquet", "truncated.parquet cannot be read: it is not whole, or is no parquet. Download it again"),
        ("register --on 2024-03-31", "Load Ofsted's provider-level files with `kinfold market load"),
        ("score nothing.json", "nothing.json is not there"),
        ("score empty", "empty is no JSON: it is empty. Write an object, such as"),
        ("score broken.json", "it breaks off at line 1, column 2"),
        ("score latin.json", "it is not written in UTF-8"),
        ("score list.json", "must be a JSON object, such as"),
        ("score words.json", "interest_cover must be a number"),
        ("score unknown.json", "Not on the scorecard: no_such_ratio. It has: "),
        ("score figures.json", "Turnover must be a number in pounds"),
        ("bods in nothing.json", "nothing.json cannot be read (No such file or directory). Check the path."),
        ("bods in broken.json", "It must be a JSON list of statements, or have one statement on each line"),
        ("bods in empty", "empty has no statements. Write them to the file again"),
        ("bods in no_list.json", "no_list.json has no statements"),
        ("bods in list.json", "list.json, statement 1: no recordType"),
        ("bods out there.json", "No ownership statements have been loaded"),
        ("ftm in latin.json", "no file of text in UTF-8. Choose the file of entities"),
        ("companies nothing.csv", "nothing.csv is not there. Check the path."),
        ("companies register.csv", "no column CompanyNumber. Load the register's BasicCompanyData file"),
        ("tax tax.csv", "tax.csv row 2: “soon” is no year. Write it like 2025."),
        ("tax empty", "empty has no column entity. It needs: entity, year, residence, source."),
        ("penalty-grid nothing.toml", "nothing.toml cannot be read (No such file or directory). Check the path."),
        ("penalty-grid grid.toml", "grid.toml is no TOML"),
        ("penalty-grid latin.json", "Save the grid as a TOML file in UTF-8"),
        ("owners nobody", "Load statements with `kinfold market bods in FILE`"),
    ],
)  # fmt: skip
def test_a_broken_input_is_refused_with_what_where_and_how_to_put_it_right(
    told: Told, command: str, words: str
) -> None:
    code, said = told(*command.split())

    assert (code, words in said) == (1, True), said


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("exit", "nobody"), "No owner is called nobody on this day"),
        (("exit", " "), "Say the name of an owner."),
        (("register", "--on", "1999-01-01"), "the first is of 31 March 2024"),
        (("groups", "--on", "2024-03-31"), "how concentrated they are is not known"),
        (("register", "--on", "2099-01-01"), "No file is later than 31 March 2024: these are the settings that it has."),
    ],
)  # fmt: skip
def test_what_a_register_cannot_answer_is_said(told: Told, command: tuple[str, ...], words: str) -> None:
    code, said = told("load", "register.csv")
    assert (code, "register.csv row 4, Places: “three” is not known" in said) == (0, True), said

    assert words in told(*command)[1]


def test_lines_that_cannot_be_taken_in_are_named_and_stop_nothing(told: Told) -> None:
    code, said = told("ftm", "in", "entities.ftm", "--json")
    _, of_control = told("companies", "control.txt", "--json")

    problems = json.loads(said)["problems"]
    assert code == 0
    assert [one.split(" was left out: ")[1] for one in problems] == [
        "it is no JSON object.", "it has no owner.", "“lots” is no percentage; write it like 51 or 25-50.", "it has no schema.",
        "something in it is not of the sort that the format has there.",
    ]  # fmt: skip
    assert [one.split(" was ")[0] for one in json.loads(of_control)["problems"]] == [
        f"control.txt line {line}" for line in (1, 2, 3)
    ]


@pytest.mark.parametrize("command", [("register", "--on", "2024-13-01"), ("groups", "--on", "2024-03-31", "--at-least", "0"), ("signals", "--most", "0"), ("exit",)])  # fmt: skip
def test_wrong_words_are_told_apart_from_wrong_files(told: Told, command: tuple[str, ...]) -> None:
    assert told(*command)[0] == 2
