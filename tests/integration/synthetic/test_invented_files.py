"""An invented council's files go through the doors without a refusal, agree with one another, and come out the same twice."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

import kinfold.record.kinds
from kinfold.files.received import Incoming
from kinfold.files.recognise import recognise
from kinfold.synthetic import FORMATS, check, invent
from kinfold.synthetic.beside import mistakes_file

SEED = 11


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One invented council's folder, with the feed and the extract of the summer after the return."""
    out = tmp_path_factory.mktemp("council")
    (made,) = invent("council", SEED, out, today=date(2026, 6, 30))
    return made.folder


def _digests(root: Path) -> dict[str, str]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", FORMATS)
def test_no_row_of_a_clean_council_is_refused(folder: Path, name: str) -> None:
    deliveries = recognise([Incoming(name, folder / name)], today=date(2026, 7, 1))

    assert deliveries.refused == []
    for delivery in deliveries:
        assert delivery.door == name
        assert delivery.problems == []
        subjects = list(delivery.read())
        assert subjects
        assert [problem for subject in subjects for problem in subject.problems] == []


def test_the_five_years_are_five_collections(folder: Path) -> None:
    deliveries = recognise([Incoming("ssda903", folder / "ssda903")], today=date(2026, 7, 1))

    assert sorted(d.collection for d in deliveries) == ["2021-22", "2022-23", "2023-24", "2024-25", "2025-26"]


def test_the_formats_tell_of_the_same_children(folder: Path) -> None:
    header = {row["CHILD"]: row for row in _rows(folder / "ssda903/2025-26/header.csv")}
    persons = {
        row["pers_person_id"]: row for row in _rows(folder / "standard_safeguarding_dataset/2026-06-30/ssd_person.csv")
    }

    assert header.keys() <= persons.keys()
    for number, row in header.items():
        born = "-".join(reversed(row["DOB"].split("/")))
        assert (born, row["SEX"], row["ETHNIC"]) == tuple(
            persons[number][f"pers_{c}"] for c in ("dob", "sex", "ethnicity")
        )


def test_children_in_care_are_in_the_census_and_in_the_feed(folder: Path) -> None:
    episodes = _rows(folder / "ssda903/2025-26/episodes.csv")
    in_care = {row["CHILD"] for row in episodes if not row["DEC"]}
    census = etree.parse(str(folder / "cin_census/cin-census-2026.xml"))
    sent = [child for path in (folder / "daily_feed").glob("*/*.json") for child in json.loads(path.read_text("utf-8"))]

    assert in_care <= {element.text for element in census.iter("LAchildID")}
    assert in_care <= {child["la_child_id"] for child in sent}
    begun = {
        (r["CHILD"], "-".join(reversed(r["DECOM"].split("/"))), r["PLACE"]) for r in episodes if r["CHILD"] in in_care
    }
    fed = {
        (child["la_child_id"], one["start_date"], one["placement_type"])
        for child in sent
        for episode in child["social_care_episodes"]
        for one in episode.get("child_looked_after_placements", ())
    }
    assert begun <= fed


def test_an_array_of_the_feed_holds_at_most_100_children(folder: Path) -> None:
    sizes = [len(json.loads(path.read_text("utf-8"))) for path in (folder / "daily_feed").glob("*/*.json")]

    assert sizes
    assert max(sizes) <= 100


def test_a_year_begins_with_the_open_episodes_of_the_year_before(folder: Path) -> None:
    before = {(r["CHILD"], r["DECOM"]) for r in _rows(folder / "ssda903/2024-25/episodes.csv") if not r["DEC"]}
    after = {(r["CHILD"], r["DECOM"]) for r in _rows(folder / "ssda903/2025-26/episodes.csv")}

    assert before <= after


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    (again,) = invent("council", SEED, tmp_path, today=date(2026, 6, 30))

    assert _digests(again.folder) == _digests(folder)


def test_every_figure_of_a_council_is_printed_beside_the_published_one(folder: Path) -> None:
    figures = check(folder.parent)

    assert len(figures) > 25
    assert all(figure.source and figure.invented >= 0 for figure in figures)


def test_mistakes_are_made_only_on_request_and_each_is_found_where_it_was_put(folder: Path, tmp_path: Path) -> None:
    (made,) = invent("council", SEED, tmp_path, today=date(2026, 6, 30), mistakes=True)
    mistakes = json.loads(mistakes_file(made.folder).read_text("utf-8"))

    assert not mistakes_file(folder).exists()
    assert len(mistakes) >= 8
    found: set[tuple[str, str]] = set()
    for name in ("ssda903", "cin_census", "daily_feed", "standard_safeguarding_dataset"):
        for delivery in recognise([Incoming(name, made.folder / name)], today=date(2026, 7, 1)):
            problems = [*delivery.problems, *(p for subject in delivery.read() for p in subject.problems)]
            found |= {(problem.field.rsplit(".", 1)[-1], problem.code) for problem in problems}
    assert {(one["field"], one["code"]) for one in mistakes} <= found


def test_a_regions_figures_are_all_like_the_published_ones(tmp_path: Path) -> None:
    """Given a whole region, when its files are counted back, then every figure lies within its tolerance."""
    formats = ("ssda903", "cin_census", "standard_safeguarding_dataset")
    made = list(invent("region", 1, tmp_path, formats=formats, processes=2))

    figures = check(tmp_path)

    assert len(made) == 14
    assert [figure for figure in figures if not figure.ok] == []


def test_a_region_has_the_children_it_should(tmp_path: Path) -> None:
    list(invent("region", 2, tmp_path, formats=("ssda903",), processes=2))

    in_care = {
        (path.parents[2].name, row["CHILD"])
        for path in tmp_path.glob("*/ssda903/*/episodes.csv")
        for row in _rows(path)
    }
    assert len(in_care) == pytest.approx(10_000, rel=0.02)


assert kinfold.record.kinds  # the doors' claims are declared there
