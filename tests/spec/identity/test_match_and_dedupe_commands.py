"""`kinfold match` and `kinfold dedupe` as a person runs them: whole files, broken files, and no service."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

REGISTER = """unique_id,given,middle,family,dob,sex,postcode
R1,Amelia,Rose,Hartwell,2014-05-06,F,LS1 1AA
R2,Noah,,Hartwell,2011-11-23,M,LS1 1AA
R3,Muhammad,Ali,Khan,2012-12-11,M,BD5 8PL
R4,Мария,,Петрова,2010-02-03,F,E1 6AN
R5,Siân,,Ó Súilleabháin,2009-08-30,F,CF10 1EP
R6,Ella,,Smith,2013-01-17,F,YO1 7HH
"""
QUERIES = """unique_id,given,middle,family,dob,sex,postcode
as_is,Amelia,Rose,Hartwell,2014-05-06,F,LS1 1AA
no_space,amelia,,HARTWELL,06/05/2014,F,ls11aa
swapped_day,Amelia,,Hartwell,2014-06-05,F,LS1 1AA
crossed,Hartwell,,Amelia,2014-05-06,F,LS1 1AA
spelling,Mohammed,,Khan,11 December 2012,M,BD58PL
no_day,Muhammad,Ali,Khan,,M,BD5 8PL
script,Mariya,,Petrova,2010-02-03,F,E1 6AN
accents,Sian,,O'Suilleabhain,30.08.2009,F,CF101EP
twin,Freya,,Hartwell,2014-05-06,F,LS1 1AA
brother,Oscar,,Hartwell,2016-02-03,M,LS1 1AA
stranger,Xavier,,Quill,2001-01-09,M,SE1 9ZZ
baby,Baby Hartwell,,Hartwell,2014-05-06,,LS1 1AA
nothing,,,,,,
broken,Ella "Smith,,Smith,2013-01-17,F,YO1 7HH
too_short,Ella
"""
MATCHES = {
    "as_is": "R1", "no_space": "R1", "swapped_day": "R1", "crossed": "R1", "spelling": "R3", "script": "R4",
    "accents": "R5", "broken": "R6",
}  # fmt: skip
ANSWER = ["unique_id", "best_id", "probability", "decision", "runner_up_id", "runner_up_probability", "reasons"]


def kinfold(*arguments: object) -> subprocess.CompletedProcess[str]:
    # a broken setting would stop Django at once: these two commands must never come to need it
    environment = {
        "PATH": "",
        "DJANGO_SETTINGS_MODULE": "no.such.settings",
        "POLARS_MAX_THREADS": "1",
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.run(
        [sys.executable, "-c", "from kinfold.command import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=600,
        env=environment,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("match")
    (made / "register.csv").write_text(REGISTER, encoding="utf-8")
    (made / "queries.csv").write_text(QUERIES, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def answers(folder: Path) -> pl.DataFrame:
    out = folder / "answers.parquet"
    done = kinfold("match", "--register", folder / "register.csv", "--queries", folder / "queries.csv", "--out", out)
    assert done.returncode == 0, done.stderr
    return pl.read_parquet(out)


def test_there_is_one_answer_for_each_query_in_order(answers: pl.DataFrame) -> None:
    asked = [line.split(",")[0] for line in QUERIES.splitlines()[1:]]

    assert answers.columns == ANSWER
    assert answers["unique_id"].to_list() == asked
    assert set(answers["decision"]) <= {"match", "potential", "many", "none", "error"}


@pytest.mark.parametrize(("query", "child"), MATCHES.items())
def test_a_child_is_found_however_they_are_written(answers: pl.DataFrame, query: str, child: str) -> None:
    answer = answers.row(by_predicate=pl.col("unique_id") == query, named=True)

    assert (answer["best_id"], answer["decision"]) == (child, "match")
    assert answer["probability"] > 0.95
    assert "For: " in answer["reasons"]


@pytest.mark.parametrize("query", ["twin", "brother", "stranger"])
def test_who_is_not_there_is_never_matched(answers: pl.DataFrame, query: str) -> None:
    decision = answers.row(by_predicate=pl.col("unique_id") == query, named=True)["decision"]

    assert decision in ("none", "potential")


@pytest.mark.parametrize(("query", "says"), [("nothing", "too little to search by"), ("too_short", "too little")])
def test_a_row_that_cannot_be_looked_up_is_an_error_and_never_none(
    answers: pl.DataFrame, query: str, says: str
) -> None:
    answer = answers.row(by_predicate=pl.col("unique_id") == query, named=True)

    assert answer["decision"] == "error"
    assert says in answer["reasons"]


def test_a_baby_without_a_name_and_a_child_without_a_day_are_at_least_shown_to_a_person(answers: pl.DataFrame) -> None:
    shown = answers.filter(pl.col("unique_id").is_in(["baby", "no_day"]))

    assert set(shown["decision"]) <= {"match", "potential"}
    assert shown["best_id"].to_list() == ["R3", "R1"] or shown["best_id"].to_list() == ["R1", "R3"]


def test_the_summary_is_one_json_document(folder: Path) -> None:
    done = kinfold(
        "match", "--register", folder / "register.csv", "--queries", folder / "queries.csv",
        "--out", folder / "again.csv", "--json",
    )  # fmt: skip

    said = json.loads(done.stdout)
    assert said["queries"] == 15
    assert sum(said["decisions"].values()) == 15
    assert said["model"]["version"]
    assert len(said["model"]["digest"]) == 16


def test_dedupe_gives_every_row_a_cluster(folder: Path) -> None:
    both = folder / "both.csv"
    both.write_text(REGISTER + "".join(QUERIES.splitlines(keepends=True)[1:4]), encoding="utf-8")

    done = kinfold("dedupe", both, "--out", folder / "clusters.csv", "--json")

    assert done.returncode == 0, done.stderr
    clusters = pl.read_csv(folder / "clusters.csv")
    said = dict(zip(clusters["unique_id"], clusters["cluster_id"], strict=True))
    assert {said[row] for row in ("R1", "as_is", "no_space", "swapped_day")} == {"R1"}
    assert said["R2"] == "R2"
    assert json.loads(done.stdout)["second_records"] == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("match", "--register", "none.csv", "--queries", "none.csv", "--out", "o.csv"), "There is no file none.csv"),
        (("dedupe", "none.csv", "--out", "out.doc"), "ends in .csv or .parquet"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(arguments: tuple[str, ...], says: str) -> None:
    done = kinfold(*arguments)

    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("lost", ["register.csv", "queries.csv"])
def test_answers_are_never_written_over_a_file_that_is_read(tmp_path: Path, lost: str) -> None:
    register, queries = tmp_path / "register.csv", tmp_path / "queries.csv"
    register.write_text(REGISTER)
    queries.write_text(QUERIES)

    matched = kinfold("match", "--register", register, "--queries", queries, "--out", tmp_path / lost)
    deduped = kinfold("dedupe", register, "--out", register)

    for said in (matched, deduped):
        assert said.returncode != 0
        assert "is the file that is read" in said.stderr
    assert (register.read_text(), queries.read_text()) == (REGISTER, QUERIES)


OTHERS = REGISTER.replace("given", "forename").replace("family", "surname").replace("dob", "date_of_birth")


def test_other_headings_are_read_and_said_and_columns_that_are_not_read_are_named(folder: Path) -> None:
    (folder / "others.csv").write_text(OTHERS.replace("middle", "house"), encoding="utf-8")
    asked = ("--queries", folder / "queries.csv", "--out", folder / "by_others.csv")

    done = kinfold("match", "--register", folder / "others.csv", *asked, "--json")

    said = json.loads(done.stdout)
    best = dict(pl.read_csv(folder / "by_others.csv").select("unique_id", "best_id").iter_rows())
    assert {query: best[query] for query in MATCHES} == MATCHES
    queries, register = said["reading"]
    assert (queries["file"], register["file"]) == ("queries.csv", "others.csv")
    assert register["read_as"] == {"forename": "given", "surname": "family", "date_of_birth": "dob"}
    assert register["not_read"] == ["house"]
    assert "others.csv: forename is read as given, surname is read as family" in done.stderr
    assert "others.csv: not read: house. Kinfold reads: unique_id, given" in done.stderr
    assert all(note in done.stderr for note in register["notes"])


def test_rows_that_were_mended_are_named_by_line(folder: Path) -> None:
    done = kinfold("dedupe", folder / "queries.csv", "--out", folder / "mended.csv")

    assert done.returncode == 0
    assert "queries.csv: 1 row has more or fewer fields than the heading: line 16:" in done.stderr
    assert "queries.csv: 1 row has a quotation mark out of place: line 15:" in done.stderr


def test_a_sound_file_is_read_in_silence(folder: Path) -> None:
    done = kinfold("dedupe", folder / "register.csv", "--out", folder / "silent.csv")

    assert (done.returncode, done.stderr) == (0, "")


def test_a_column_of_lists_is_refused_by_name_and_is_no_fault_of_ours(tmp_path: Path) -> None:
    pl.DataFrame({"unique_id": ["1"], "given": [["Ada"]], "dob": [""]}).write_parquet(tmp_path / "lists.parquet")

    done = kinfold("dedupe", tmp_path / "lists.parquet", "--out", tmp_path / "out.csv")

    assert done.returncode == 1
    assert "lists.parquet: the column given holds lists" in done.stderr


def test_a_snapshot_says_what_was_read_as_what(folder: Path) -> None:
    (folder / "others2.csv").write_text(OTHERS, encoding="utf-8")

    done = kinfold("snapshot", folder / "others2.csv", folder / "register.csv", "--out", folder / "made", "--json")

    assert done.returncode == 0, done.stderr
    assert [each["file"] for each in json.loads(done.stdout)["reading"]] == ["others2.csv", "register.csv"]
    assert "others2.csv: forename is read as given" in done.stderr
