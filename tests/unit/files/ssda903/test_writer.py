"""What is written reads back the same: as CSV, as an archive and as XML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinfold.files.received import Incoming, arrivals
from kinfold.files.ssda903.layout import BY_NAME
from kinfold.files.ssda903.reader import read_tables
from kinfold.files.ssda903.writer import write_folder, write_xml, write_zip
from kinfold.terms.errors import InputError

from .conftest import recognised

Tables = dict[str, list[dict[str, str]]]


def rows(table: str, *texts: str) -> list[dict[str, str]]:
    return [dict(zip(BY_NAME[table].names, text.split(","), strict=True)) for text in texts]


THE_RETURN: Tables = {
    "Header": rows("Header", "A1,F,03/12/2012,WIRI,UN1,0,", "B2,M,04/01/2008,MWBC,,,"),
    "Episodes": rows(
        "Episodes",
        "A1,10/04/2025,S,V2,N1,U6,PR1,01/06/2025,X1,CARPL,AB1 2CD,EF3 4GH,SC00001",
        "A1,01/06/2025,P,V2,N1,K2,PR4,,,,AB1 2CD,EF3 4GH,SC00002",
    ),
    "Reviews": rows("Reviews", "A1,03/12/2012,04/05/2025,PN1"),
    "UASC": rows("UASC", "A1,F,03/12/2012,03/12/2030"),
    "OC2": rows("OC2", "A1,03/12/2012,21,,0,1,1,0,1,0,,"),
    "OC3": rows("OC3", "B2,04/01/2008,YES,F1,B1"),
    "AD1": rows("AD1", "A1,03/12/2012,19/03/2025,28/04/2025,0,2,FF,L12"),
    "PlacedAdoption": rows("PlacedAdoption", "A1,03/12/2012,19/06/2025,28/08/2025,RD1"),
    "PrevPerm": rows("PrevPerm", "A1,03/12/2012,Z1,,"),
    "Missing": rows("Missing", "A1,03/12/2012,M,04/05/2025,05/05/2025", "A1,03/12/2012,A,06/05/2025,"),
    "SWEpisodes": rows("SWEpisodes", "A1,03/12/2012,SW123456,04/05/2025,,MANAGE"),
    "DoLo": rows("DoLo", "A1,03/12/2012,04/05/2025,10/06/2025"),
}


def read(path: Path) -> Tables:
    files = sorted(arrivals([Incoming(path.name, path)]).files, key=lambda file: file.name)
    return read_tables(files)


def test_every_table_round_trips_as_csv_as_archive_and_as_xml(tmp_path: Path) -> None:
    write_folder(THE_RETURN, tmp_path / "return")

    assert read(tmp_path / "return") == THE_RETURN
    assert read(write_zip(THE_RETURN, tmp_path / "return.zip")) == THE_RETURN
    assert read(write_xml(THE_RETURN, tmp_path / "return.xml")) == THE_RETURN


def test_the_three_forms_state_the_same_of_every_child(tmp_path: Path) -> None:
    write_folder(THE_RETURN, tmp_path / "return")
    paths = [tmp_path / "return", write_zip(THE_RETURN, tmp_path / "a.zip"), write_xml(THE_RETURN, tmp_path / "a.xml")]

    stated = []
    for path in paths:
        (delivery,) = recognised(path)
        records = sorted(delivery.read(), key=lambda record: record.subject)
        stated.append(
            [
                (r.subject, r.rows, r.digest, sorted((c.kind, c.natural_key, str(c.payload)) for c in r.claims))
                for r in records
            ]
        )

    assert stated[0] == stated[1] == stated[2]


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = write_zip(THE_RETURN, tmp_path / "1.zip"), write_zip(THE_RETURN, tmp_path / "2.zip")

    assert first.read_bytes() == second.read_bytes()


def test_a_cell_that_a_spreadsheet_would_run_is_written_harmless_and_read_back(tmp_path: Path) -> None:
    tables: Tables = {"Reviews": rows("Reviews", "A1,03/12/2012,04/05/2025,=1+1", "A1,03/12/2012,04/05/2025,@x")}

    write_folder(tables, tmp_path / "return")

    assert ",'=1+1" in (tmp_path / "return" / "reviews.csv").read_text()
    assert read(tmp_path / "return") == tables


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Nothing"):
        write_folder({"Nothing": []}, tmp_path)


def test_a_child_in_several_elements_of_the_file_is_one_child(tmp_path: Path) -> None:
    path = tmp_path / "return.xml"
    path.write_text(
        "<EXPSSDA903>"
        "<CHILD><HEADER><CHILDID>A1</CHILDID><SEX>F</SEX><DOB>03/12/2012</DOB><ETHNIC>WIRI</ETHNIC></HEADER></CHILD>"
        "<CHILD><HEADER><CHILDID>A1</CHILDID></HEADER>"
        "<EPISODE><DECOM>10/04/2025</DECOM><RNE>S</RNE><LS>V2</LS><PL>U6</PL></EPISODE></CHILD>"
        "</EXPSSDA903>"
    )

    (delivery,) = recognised(path)

    (record,) = delivery.read()
    assert record.rows == delivery.expected_rows == 2
    assert {claim.kind for claim in record.claims} == {"person_details", "care_period", "legal_status", "placement"}


def test_a_child_element_without_a_number_is_a_row_without_a_child(tmp_path: Path) -> None:
    path = tmp_path / "return.xml"
    path.write_text(
        "<EXPSSDA903>\n<CHILD><HEADER><SEX>F</SEX></HEADER></CHILD>\n"
        "<CHILD><HEADER><CHILDID>A1</CHILDID><DOB>03/12/2012</DOB></HEADER></CHILD></EXPSSDA903>"
    )

    (delivery,) = recognised(path)

    assert delivery.orphan_rows == 1
    assert delivery.problems[0].place.row == 2


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_any_text_round_trips(tmp_path: Path, cells: list[tuple[str, str, str]]) -> None:
    tables: Tables = {
        "Reviews": [
            {"CHILD": f"A{number}", "DOB": one, "REVIEW": two, "REVIEW_CODE": three}
            for number, (one, two, three) in enumerate(cells)
        ]
    }
    expected = {"Reviews": [{name: value.strip() for name, value in row.items()} for row in tables["Reviews"]]}

    write_folder(tables, tmp_path / "any")

    assert read(tmp_path / "any") == expected
