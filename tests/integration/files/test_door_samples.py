"""The sector's own samples and the golden census go in at the doors as a council would hand them in."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kinfold.files.cin_census.writer import CensusHeader, write_cin_census
from kinfold.files.received import Incoming
from kinfold.files.recognise import recognise
from kinfold.files.standard_safeguarding_dataset.layout import TABLES
from kinfold.record.claim import Delivery, Key, SubjectRecord
from kinfold.record.declare import KINDS, encode

TODAY = date(2026, 6, 1)


def load(path: Path) -> tuple[Delivery, list[SubjectRecord]]:
    found = recognise([Incoming(path.name, path)], today=TODAY)
    assert not found.refused
    return found[0], list(found[0].read())


def problems(delivery: Delivery, subjects: list[SubjectRecord]) -> list[Any]:
    return [*delivery.problems, *(p for s in subjects for p in s.problems)]


def adds_up(delivery: Delivery, subjects: list[SubjectRecord]) -> None:
    assert sum(s.rows for s in subjects) + delivery.orphan_rows == delivery.expected_rows
    places = [p.place for p in problems(delivery, subjects)]
    assert len(set(places)) == len(places)
    for subject in subjects:
        for claim in subject.claims:
            assert encode(claim.kind, claim.payload) == claim.payload
            assert claim.kind in KINDS


@pytest.mark.parametrize(
    ("name", "collection", "children", "set_aside"),
    [
        ("CIN2rows.xml", "2023-24", 1, 2),
        ("CIN_Census_2021.xml", "2022-23", 1, 1),
        ("CIN_Census_2024.xml", "2023-24", 2, 1),
        ("CIN_Census_2026.xml", "2023-24", 2, 1),
        ("CIN_header_issues_100.xml", "2022-23", 1, 1),
        ("CIN_la_issues_2887Q.xml", "2022-23", 1, 1),
    ],
)
def test_a_sample_census_is_read(shared: Path, name: str, collection: str, children: int, set_aside: int) -> None:
    delivery, subjects = load(shared / "samples/cin_census" / name)

    assert (delivery.door, delivery.collection, delivery.la_code) == ("cin_census", collection, "201")
    assert len(subjects) == children
    adds_up(delivery, subjects)
    assert len(problems(delivery, subjects)) >= set_aside


def test_the_clean_census_has_no_problem_and_the_other_names_every_row(shared: Path) -> None:
    golden = shared / "conformance/golden"

    clean, clean_subjects = load(golden / "cin_clean/cin.xml")
    dirty, dirty_subjects = load(golden / "cin_open/cin.xml")

    assert problems(clean, clean_subjects) == []
    assert len(clean_subjects) == 500
    adds_up(clean, clean_subjects)
    adds_up(dirty, dirty_subjects)
    assert len(dirty_subjects) + len(dirty.problems) == 500
    lines = (golden / "cin_open/cin.xml").read_text().splitlines()
    for found in problems(dirty, dirty_subjects):
        element = "CPPreviewDate" if found.place.table == "Reviews" else found.place.table
        assert f"<{element}" in lines[found.place.row - 1]


def test_the_clean_census_is_written_and_read_back_the_same(shared: Path, tmp_path: Path) -> None:
    _, subjects = load(shared / "conformance/golden/cin_clean/cin.xml")

    with (tmp_path / "cin.xml").open("wb") as stream:
        write_cin_census(stream, subjects, CensusHeader("330", 2026, datetime(2026, 5, 1, 9, tzinfo=UTC)))
    _, again = load(tmp_path / "cin.xml")

    def facts(all_: list[SubjectRecord]) -> list[Any]:
        return [
            (
                s.subject,
                sorted(((c.kind, c.natural_key, c.valid_from, c.valid_to, c.payload) for c in s.claims), key=repr),
            )
            for s in all_
        ]

    assert facts(again) == facts(subjects)


def test_a_census_of_five_thousand_children_is_read_whole(shared: Path, tmp_path: Path) -> None:
    _, subjects = load(shared / "conformance/golden/cin_clean/cin.xml")
    many = (replace(s, subject=Key("child", f"{s.subject.value}X{n}")) for n in range(10) for s in subjects)
    with (tmp_path / "cin.xml").open("wb") as stream:
        write_cin_census(stream, many, CensusHeader("330", 2026, datetime(2026, 5, 1, 9, tzinfo=UTC)))

    delivery, read = load(tmp_path / "cin.xml")

    assert len(read) == 5_000
    adds_up(delivery, read)


def test_the_sample_annex_a_is_read(shared: Path) -> None:
    delivery, subjects = load(shared / "samples/annex_a/Annex_A_2024_Jan.xlsx")

    assert delivery.door == "annex_a"
    adds_up(delivery, subjects)
    (found,) = problems(delivery, subjects)
    assert "PSRMEM" in found.message
    kinds = Counter(claim.kind for s in subjects for claim in s.claims)
    assert {"contact", "placement", "adopter_application", "leaving_care", "child_protection_plan"} <= set(kinds)


def test_the_contracts_example_is_read_whole(shared: Path, tmp_path: Path) -> None:
    document = json.loads((shared / "samples/csc_api/openapi.json").read_text())
    example = document["components"]["schemas"]["CSC"]["items"]["example"]
    (tmp_path / "feed.json").write_text(json.dumps([example]))

    delivery, subjects = load(tmp_path / "feed.json")

    assert problems(delivery, subjects) == []
    adds_up(delivery, subjects)


def test_the_layout_has_every_table_and_field_of_the_dataset(shared: Path) -> None:
    import csv

    text = (shared / "conformance/ssd_fields_to_returns.csv").read_text()
    fields = {(row["ssd_table"], row["ssd_field"]) for row in csv.DictReader(io.StringIO(text))}

    assert {(table.name, name) for table in TABLES.values() for name in table.names} == fields
