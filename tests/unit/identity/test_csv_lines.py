"""CSV files as they come: other separators, other letters, rows that are broken and marks that stand out of place."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kinfold.identity import csv_lines
from kinfold.identity.reading_notes import ReadingNotes
from kinfold.identity.tables import people_in_parts, read_people
from kinfold.terms.errors import InputError

HEADER = "unique_id,given,family,dob,address"
ADA = "1,Ada,Byron,2011-01-02,1 High Street"
STRAY = '8,"Ann,Other,2012-01-02,8 High Street'


def read(folder: Path, lines: str | bytes) -> tuple[pl.DataFrame, ReadingNotes]:
    path = folder / "people.csv"
    path.write_bytes(lines if isinstance(lines, bytes) else lines.encode())
    notes = ReadingNotes(path.name)
    return read_people(path, notes), notes


def said(notes: ReadingNotes, word: str) -> list[str]:
    return [sentence for sentence in notes.in_words() if word in sentence]


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_semicolons_and_tabs_are_read_and_said(tmp_path: Path, separator: str, name: str) -> None:
    lines = f'{HEADER}\n{ADA}\n2,"Bo, Count",Peep,2012-01-02,"a\nb"\n'
    lines = lines.replace(",", separator).replace(f"Bo{separator}", "Bo,")

    found, notes = read(tmp_path, lines)

    assert found.row(0) == ("1", "Ada", "Byron", "2011-01-02", "1 High Street")
    assert found.row(1) == ("2", "Bo, Count", "Peep", "2012-01-02", "a b")
    assert notes.in_words() == [f"people.csv: its fields are separated by {name}."]


def test_rows_of_empty_fields_between_tabs_are_rows(tmp_path: Path) -> None:
    found, _ = read(tmp_path, f"{HEADER}\n{ADA}\n,,,,\n\n2,short\n".replace(",", "\t"))

    assert found["unique_id"].to_list() == ["1", "", "2"]


def test_another_separator_is_refused_as_the_matter(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="separated by commas, semicolons or tabs"):
        read(tmp_path, f"{HEADER}\n{ADA}\n".replace(",", "|"))


def test_a_line_that_is_not_utf8_is_read_alone_as_cp1252(tmp_path: Path) -> None:
    lines = f"{HEADER}\n1,Zoë,Müller,,\n2,مريم,احمد,,\n".encode() + b"3,Zo\xeb,M\xfcller,,\n" + "4,Łucja,,,\n".encode()

    found, notes = read(tmp_path, lines)

    assert found["given"].to_list() == ["Zoë", "مريم", "Zoë", "Łucja"]
    assert said(notes, "UTF-8")[0].startswith("people.csv: 1 line is not UTF-8: line 4: read as Windows-1252")


def test_a_whole_file_in_cp1252_is_read_and_its_lines_counted(tmp_path: Path) -> None:
    rows = "".join(f"{number},Zoë,Müller,,\n" for number in range(20))

    found, notes = read(tmp_path, f"{HEADER}\n{rows}0,Bob,Smith,,\n".encode("cp1252"))

    assert set(found["given"]) == {"Zoë", "Bob"}
    assert "20 lines are not UTF-8: lines 2, 3, 4, 5, 6 and others" in said(notes, "UTF-8")[0]


def test_a_heading_that_is_not_utf8_is_read_too(tmp_path: Path) -> None:
    found, notes = read(tmp_path, b"unique_id,given,dob,family,pr\xe9nom\n1,Ada,2011-01-02,Byron,x\n")

    assert found["given"].to_list() == ["Ada"]
    assert notes.not_read == ["prénom"]
    assert notes.not_utf8.first == [1]


@pytest.mark.parametrize("among", ["", "9,too,many,cells,here,and,here\n", '7,"a mark, 7\n'])
def test_rows_with_other_fields_than_the_heading_are_named(tmp_path: Path, among: str) -> None:
    found, notes = read(tmp_path, f"{HEADER}\n{ADA}\n2,Bo\n\n3,Cy,Young\n{among}")

    assert found["unique_id"].to_list()[:3] == ["1", "2", "3"]
    assert found.row(1) == ("2", "Bo", "", "", "")
    assert notes.other_length.count == (3 if among else 2)
    assert notes.other_length.first[:2] == [3, 5]
    assert "rows have more or fewer fields than the heading: lines 3, 5" in said(notes, "fewer")[0]
    assert said(notes, "fewer")[0].endswith("they were read as far as they go.")


def test_one_short_row_is_told_in_the_singular(tmp_path: Path) -> None:
    _, notes = read(tmp_path, f'{HEADER}\n{ADA}\n2,Bo\n3,"Cy, Count",Young,,"a, b, c"\n')

    assert notes.in_words() == [
        "people.csv: 1 row has more or fewer fields than the heading: line 3: it was read as far as it goes."
    ]


@pytest.mark.parametrize(
    ("line", "given"),
    [
        pytest.param('2,"Ann,Other,2012-01-02,', "Ann", id="never closed"),
        pytest.param('2,An"n,Other,2012-01-02,', "Ann", id="within a word"),
        pytest.param('2,"Ann" ,Other,2012-01-02,', "Ann", id="a space after a mark"),
        pytest.param('2,"Ann,"Other,2012-01-02,', "Ann", id="two in one row"),
        pytest.param('2,"Ann,Other",2012-01-02,', "Ann", id="around two fields"),
    ],
)
def test_a_stray_mark_is_left_out_and_its_line_named(tmp_path: Path, line: str, given: str) -> None:
    found, notes = read(tmp_path, f"{HEADER}\n{ADA}\n{line}\n3,Cy,Young,2012-01-02,\n")

    assert found["unique_id"].to_list() == ["1", "2", "3"]
    assert found.row(1) == ("2", given, "Other", "2012-01-02", "")
    assert notes.in_words() == [
        "people.csv: 1 row has a quotation mark out of place: line 3: it was read without the marks."
    ]


@pytest.mark.parametrize("broken", ["", f"{STRAY}\n", "8,short\n", "8,far,too,many,fields,in,it\n"])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("row", "address"),
    [
        pytest.param('2,Bo,Peep,2012-01-02,"2 High Street\nLeeds"', "2 High Street Leeds", id="in the last field"),
        pytest.param('2,Bo,Peep,2012-01-02,"2 High Street,\r\nLeeds,\r\n\r\nYorkshire"', None, id="with an empty line"),
        pytest.param('2,"Bo\n",Peep,2012-01-02,2 High Street', "2 High Street", id="in a field within"),
        pytest.param('"2\n",Bo,Peep,2012-01-02,2 High Street', "2 High Street", id="in the first field"),
        pytest.param('2,"Bo ""the\nBear""",Peep,2012-01-02,"a\nb"', "a b", id="twice, with marks within"),
        pytest.param('2,Bo,Peep,2012-01-02,"Flat 1, The Mill, 2, High St,\nLeeds"', None, id="many commas in a home"),
    ],
)
def test_a_field_of_several_lines_stays_whole_whatever_else_is_broken(
    tmp_path: Path, row: str, address: str | None, first: bool, broken: str
) -> None:
    found, notes = read(tmp_path, f"{HEADER}\n{broken if first else ''}{row}\n{ADA}\n{'' if first else broken}")

    bo = found.filter(pl.col("unique_id") == "2").row(0)
    assert sorted(found["unique_id"]) == (["1", "2", "8"] if broken else ["1", "2"])
    assert bo[1].startswith("Bo")
    assert bo[2:4] == ("Peep", "2012-01-02")
    assert address is None or bo[4] == address
    assert notes.other_length.count + notes.stray_marks.count == bool(broken)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param('6,Cat",Brown,2013-01-02,', id="in one column"),
        pytest.param('6,Cat,Brown",2013-01-02,', id="in a later column"),
        pytest.param('6,"Cat,Brown,2013-01-02,', id="opening twice"),
    ],
)
def test_rows_between_two_stray_marks_are_not_taken_for_one_field(tmp_path: Path, second: str) -> None:
    found, notes = read(tmp_path, f"{HEADER}\n{STRAY}\n{ADA}\n{second}\n3,Cy,Young,2012-01-02,\n")

    assert found["unique_id"].to_list() == ["8", "1", "6", "3"]
    assert found["family"].to_list() == ["Other", "Byron", "Brown", "Young"]
    assert notes.stray_marks.first == [2, 4]


def test_a_mark_open_to_the_end_of_a_long_file_loses_no_row(tmp_path: Path) -> None:
    rows = "".join(f"{number},Ada,Byron,2011-01-02,x\n" for number in range(1000))

    found, notes = read(tmp_path, f"{HEADER}\n{STRAY}\n{rows}{STRAY}\n")

    assert found["unique_id"].to_list() == ["8", *map(str, range(1000)), "8"]
    assert notes.stray_marks.first == [2, 1003]


def test_a_field_beyond_all_measure_is_read(tmp_path: Path) -> None:
    found, _ = read(tmp_path, f'{HEADER}\n{ADA}\n2,Bo,Peep,,"{"x" * 200_000}"\n3,short\n')

    assert found["address"].str.len_chars().to_list() == [13, 200_000, 0]


@pytest.mark.parametrize("broken", ["", "2,short\n"])
@pytest.mark.parametrize(
    ("row", "cells"),
    [
        pytest.param("\ufeff3,Cy,\ufeffYoung,,", ("3", "Cy", "Young", "", ""), id="bare"),
        pytest.param('\ufeff"3",Cy,"Yo\ufeffung",,', ("3", "Cy", "Young", "", ""), id="marked"),
        pytest.param("3,C\x00y,Young,,", ("3", "Cy", "Young", "", ""), id="a null"),
        pytest.param("3,Cy,Young\t,,\r", ("3", "Cy", "Young", "", ""), id="a tab, and another end of line"),
    ],
)
def test_marks_that_are_no_letters_are_dropped(tmp_path: Path, row: str, cells: tuple[str, ...], broken: str) -> None:
    found, _ = read(tmp_path, f"\ufeff{HEADER}\n{ADA}\n{row}\n{broken}")

    assert found.row(1) == cells


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n\r\n"])
def test_empty_lines_are_no_rows(tmp_path: Path, end: str) -> None:
    found, notes = read(tmp_path, f"\n{HEADER}\n{ADA}\n2,Bo,Peep,,{end}")

    assert found["unique_id"].to_list() == ["1", "2"]
    assert notes.in_words() == []


def test_a_heading_alone_is_nobody(tmp_path: Path) -> None:
    assert [read(tmp_path, text)[0].height for text in (HEADER, f"{HEADER}\n", f"{HEADER}\n\n\n")] == [0, 0, 0]


def test_numbers_that_a_spreadsheet_wrote_with_a_point_are_read_and_ids_are_kept(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "unique_id,given,family,dob,sex,nhs\n1.0,Ada,Byron,,2.0,9434765919.0\n2.0,Bo,,,,\n")

    assert found["unique_id"].to_list() == ["1.0", "2.0"]
    assert found.select("sex", "nhs").rows() == [("2", "9434765919"), ("", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_parts_are_the_whole(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"{HEADER}\n{ADA}\n2,Łucja\n3,Cy,Young,2012-01-02,\n".encode(encoding))
    notes = ReadingNotes(path.name)

    parts = list(people_in_parts(path, notes, most=2))

    assert pl.concat(parts).equals(read_people(path))
    assert notes.other_length.first == [3]


MANY = [
    "{n},Ada,Byron,2011-01-02,x",
    '{n},"Bo, B","Peep",,"a\nb"',
    '{n},Zoë,"O""Neill",,',
    '"{n}","C","D","","e, f"',
    "{n},,,,",
]


@pytest.mark.parametrize("block", [7, 16, 1 << 22])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sound_files_are_read_alike_fast_and_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, end: str
) -> None:
    monkeypatch.setattr(csv_lines, "_AT_ONCE", block)
    rows = [MANY[n % len(MANY)].format(n=n) for n in range(60)]
    path = tmp_path / "people.csv"
    path.write_bytes(end.join((HEADER, *rows, "")).encode())
    layout = csv_lines.layout_of(path)
    assert layout is not None

    fast = csv_lines._sound(path, layout)
    notes = ReadingNotes(path.name)
    slowly = pl.concat(csv_lines._Mender(path, layout, notes).parts())

    assert fast is not None
    assert slowly.height == 60
    assert (
        slowly.fill_null("")
        .with_columns(pl.all().str.replace("\r", ""))
        .equals(
            fast.rename(dict(zip(fast.columns, slowly.columns, strict=True)))
            .fill_null("")
            .with_columns(pl.all().str.replace("\r", ""))
        )
    )
    assert notes.in_words() == []
