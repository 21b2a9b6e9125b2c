"""The sector's own sample returns and the conformance sets, through the door: every row is accounted for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import kinfold.record.kinds  # noqa: F401  declares the kinds
from kinfold.files import ssda903
from kinfold.files.received import ArrivedFile, Incoming, arrivals
from kinfold.files.recognise import Deliveries, Head, recognise
from kinfold.files.ssda903.columns import Cells
from kinfold.files.ssda903.layout import EPISODES, window_of
from kinfold.files.ssda903.looked_after_episodes import Episode, cut
from kinfold.files.ssda903.reader import read_tables
from kinfold.files.ssda903.spells import spells_from
from kinfold.files.ssda903.writer import write_folder, write_xml, write_zip
from kinfold.record.claim import Claim, Place
from kinfold.record.declare import encode

TODAY = date(2026, 6, 1)
RETURNS = [
    "samples/ssda903",
    "samples/ssda903/ssda903_sample.xml",
    "conformance/golden/ssda903_clean",
    "conformance/golden/ssda903_open",
]


def recognised(path: Path) -> Deliveries:
    return recognise([Incoming(path.name, path)], today=TODAY, known=[ssda903.DOOR])


@pytest.mark.parametrize("where", RETURNS)
def test_every_row_is_accounted_for_once(shared: Path, where: str) -> None:
    for delivery in recognised(shared / where):
        rows = sum(len(table) for table in read_tables(_files(shared / where, delivery.files[0].name)).values())
        records = list(delivery.read())

        assert sum(record.rows for record in records) + delivery.orphan_rows == delivery.expected_rows == rows
        assert len({record.subject for record in records}) == len(records)


@pytest.mark.parametrize("where", RETURNS)
def test_every_claim_is_what_its_kind_declares(shared: Path, where: str) -> None:
    for delivery in recognised(shared / where):
        for record in delivery.read():
            assert len({(claim.kind, claim.natural_key) for claim in record.claims}) == len(record.claims)
            for claim in record.claims:
                assert encode(claim.kind, claim.payload) == claim.payload
                assert claim.kind in delivery.kinds or claim.kind == "person_details"


def test_the_clean_set_has_no_problem_and_its_year_is_told(shared: Path) -> None:
    this_year, last_year = recognised(shared / "conformance/golden/ssda903_clean")

    assert (this_year.collection, last_year.collection) == ("2026-27", "2025-26")
    for delivery in (this_year, last_year):
        assert not delivery.problems
        assert not [problem for record in delivery.read() for problem in record.problems]


def test_files_of_other_formats_in_the_folder_are_refused_by_name(shared: Path) -> None:
    refused = recognised(shared / "conformance/golden/ssda903_clean").refused

    assert {Path(error.file).name for error in refused} >= {"providers.csv", "providers.xlsx", "findings.json"}


def test_claims_to_spells_to_episodes_is_identity_on_the_clean_set(shared: Path) -> None:
    files = _files(shared / "conformance/golden/ssda903_clean", "ssda903_clean/episodes.csv")
    columns = [Cells(column, window_of(2027)[0], []) for column in EPISODES.columns[1:]]
    children: dict[str, list[tuple[Episode, Place]]] = {}
    for number, row in enumerate(read_tables(files)["Episodes"], start=2):
        values = [cells[row[cells.column.name]] for cells in columns]
        children.setdefault(row["CHILD"], []).append((Episode._make(values), Place(0, "Episodes", number)))

    for child, episodes in children.items():
        assert cut(spells_from(episodes)) == [episode for episode, _ in episodes], child


@pytest.mark.parametrize("where", ["conformance/golden/ssda903_clean", "conformance/golden/ssda903_open"])
def test_a_whole_return_round_trips_as_csv_and_archive(shared: Path, tmp_path: Path, where: str) -> None:
    tables = read_tables(_files(shared / where, f"{Path(where).name}/header.csv"))

    write_folder(tables, tmp_path / "return")
    write_zip(tables, tmp_path / "return.zip")

    assert read_tables(_all(tmp_path / "return")) == tables
    assert read_tables(_all(tmp_path / "return.zip")) == tables


def test_a_clean_return_says_the_same_as_xml(shared: Path, tmp_path: Path) -> None:
    folder = shared / "conformance/golden/ssda903_clean"
    tables = read_tables(_files(folder, "ssda903_clean/header.csv"))
    (as_xml,) = recognised(write_xml(tables, tmp_path / "return.xml"))
    as_csv = recognised(folder)[0]

    stated = [{record.subject: _said(record.claims) for record in delivery.read()} for delivery in (as_csv, as_xml)]

    assert stated[0] == stated[1]
    assert as_xml.expected_rows == as_csv.expected_rows


def _said(claims: list[Claim]) -> list[tuple[str, ...]]:
    return sorted((c.kind, c.natural_key, str(c.valid_from), str(c.valid_to), str(c.payload)) for c in claims)


def _all(path: Path) -> list[ArrivedFile]:
    return arrivals([Incoming(path.name, path)]).files


def _files(path: Path, like: str) -> list[ArrivedFile]:
    """Return the XML file named `like`, or the return's tables in the folder of the table named so."""
    if like.endswith(".xml"):
        return [file for file in _all(path) if file.name == like]
    tables = [file for file in _all(path) if file.sort == "table" and file.folder == str(Path(like).parent)]
    return [file for file in tables if ssda903.looks_like_ssda903(Head(file))]
