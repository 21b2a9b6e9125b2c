"""Ofsted's provider files as they were published, with headers that drift from year to year. All bodies are invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kinfold.market.reading import read_delivery
from kinfold.market.register import build
from kinfold.market.values import (
    authority_code,
    column_of,
    count_of,
    day_of,
    is_short_break_only,
    meaning_of,
    region_name,
)
from kinfold.terms.errors import FileRefused

OF_2015 = """Web link,URN,Provision type,Reg Status,Setting Name,Region,Local authority,Sector,Inspection type,Inspection Date,Inspection ID,Overall effectiveness,The safety of children and young people,Leadership and management,Short breaks only
Page,SC900001,Children's Home,Active,REDACTED,"North East, Yorkshire and the Humber",Sunderland,Local authority,Full inspection,27/03/2015,326436,Adequate,Good,Adequate,Yes
Page,SC900001,Children's Home,Active,REDACTED,"North East, Yorkshire and the Humber",Sunderland,Local authority,Full inspection,02/10/2014,316436,Good,Good,Good,Yes
"""
OF_2018 = """Provider information,,,,,,,,,,,,Latest Full Inspection,,,,
Web link,URN,Linked education URN,Provision type,Registration status,Name,Ofsted Region,Government Office Region,Local authority,Sector,Places,Organisation,Event type,Inspection date,Event number,Overall effectiveness,Safeguarding children and young people
Page,SC900001,,Children's home,Active,REDACTED,"North East, Yorkshire and the Humber",North East,Sunderland,Local Authority,3,Brindlemere Council,Full inspection,17/05/2017,10028767,Requires improvement,Good
Page,9900002,,Residential special school (>295 days/year),Active,REDACTED,South East,South East,Hampshire,Private,REDACTED,Tarnholt Care Limited 09900002,Full inspection,06/01/2018,10028768,Good,Good
"""
OF_2022 = """Children's social care data in England 2022 - Provider level as at March 2022,,,,,,,,,,
"This worksheet contains one table, this table begins in cell A5.",,,,,,,,,,
,,,,,,,,,,
URN,Provision type,Registration date,Registration status,Local authority,Sector,Places,Short-break-only children's home,Organisation which owns the provider,"
Latest full inspection date",Latest full inspection overall experiences and progress of children and young people
SC900001,Children's home,01/02/2010,Active,Sunderland,Local Authority,3,Short-break-only children's home,Brindlemere Council,,
9900002,Residential special school (registered as a children's home),05/11/2015,Suspended,Hampshire,Private,12,,Tarnholt Care Ltd,14/05/2021,Good
"""


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("Reg Status", "status"),
        ("Latest full inspectio health services", "health"),
        ("\nLatest full inspection date", "inspection_date"),
        ("Organisation which owns the children's home", "owner"),
        ("Short-break-only children's home", "short_break_only"),
        ("Local.authority", "la_name"),
        ("Inspection how well children and young people are helped and protected", "protected"),
        ("Parliamentary constituency", None),
    ],
)
def test_a_header_is_known_however_it_was_spelled(header: str, ours: str | None) -> None:
    assert column_of(header) == ours


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("27/03/2015", date(2015, 3, 27)),
        ("2015-03-27", date(2015, 3, 27)),
        ("2015-03-27T00:00:00", date(2015, 3, 27)),
        ("42090", date(2015, 3, 27)),
        ("42090.0", date(2015, 3, 27)),
        ("10028767", None),
        ("REDACTED", None),
        ("31/02/2015", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_any_spelling_of_the_files(cell: str, day: date | None) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "places"), [("4", 4), ("4.0", 4), ("1,027", 1027), ("REDACTED", None), ("c", None), ("", None)]
)
def test_a_withheld_number_is_not_nought(cell: str, places: int | None) -> None:
    assert count_of(cell) == places


@pytest.mark.parametrize(
    ("cell", "short"), [("Yes", True), ("Short breaks only", True), ("Long term care only", False), ("", None)]
)
def test_short_breaks_are_told_as_each_year_told_them(cell: str, short: bool | None) -> None:
    assert is_short_break_only(cell) is short


def test_a_judgement_of_before_2015_stays_the_word_it_was() -> None:
    assert meaning_of("judgements", "Adequate") == "Adequate"
    assert meaning_of("judgements", "Requires improvement") == "Requires improvement to be good"


@pytest.mark.parametrize(
    ("old", "ons", "name", "code"),
    [
        ("394", None, None, "394"),
        (None, "E08000024", None, "394"),
        (None, None, "Bristol", "801"),
        (None, None, "Southend on Sea", "882"),
        (None, None, "Bournemouth, Christchurch & Poole", "839"),
        (None, None, "Durham", "840"),
        (None, None, "Cardiff", None),
    ],
)
def test_an_authority_is_found_by_code_or_name(
    old: str | None, ons: str | None, name: str | None, code: str | None
) -> None:
    assert authority_code(old, ons, name) == code


def test_the_authority_tells_which_region_where_the_regulator_joins_two() -> None:
    assert region_name("North East, Yorkshire and the Humber", "394") == "North East"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inspections_2014_15.csv").write_text(OF_2015, encoding="utf-8")
    (tmp_path / "provider_at_march_2018.csv").write_text(OF_2018, encoding="cp1252")
    (tmp_path / "provider_at_march_2022.csv").write_text("\ufeff" + OF_2022, encoding="utf-8")
    return tmp_path


def test_three_years_of_drifting_headers_make_one_register(folder: Path) -> None:
    register = build(read_delivery([folder]))

    on_2018, on_2022 = (register.on(date(year, 3, 31)).sort("urn") for year in (2018, 2022))

    assert on_2018["urn"].to_list() == on_2022["urn"].to_list() == ["9900002", "SC900001"]
    assert on_2018["overall"].to_list() == ["Good", "Requires improvement to be good"]
    assert on_2018["places"].to_list() == [None, 3]
    assert on_2022["status"].to_list() == ["Suspended", "Active"]
    assert on_2022["short_break_only"].to_list() == [None, True]
    assert on_2018["owner_key"].to_list() == on_2022["owner_key"].to_list() == ["tarnholt care", "brindlemere council"]
    assert set(on_2018["type"]) == {"Children's home", "Residential special school (registered as a children's home)"}


def test_inspections_of_a_year_are_not_taken_for_a_register(folder: Path) -> None:
    delivery = read_delivery([folder])

    assert {one["table"] for one in delivery.files} == {"inspections in a year", "settings on a day"}
    assert delivery.inspections.filter(pl.col("urn") == "SC900001")["overall"].to_list()[:2] == ["Adequate", "Good"]


def test_a_table_of_settings_without_a_day_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "providers.csv").write_text(OF_2018, encoding="utf-8")

    with pytest.raises(FileRefused, match=r"does not say which day it is of.*provider_at_march_2018\.csv"):
        read_delivery([tmp_path])


def test_files_of_something_else_are_refused_when_nothing_else_is_there(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(FileRefused, match="None of these files"):
        read_delivery([tmp_path])


@pytest.mark.parametrize("name", ["broken.parquet", "broken.ods", "broken.xlsx"])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 not a workbook")

    with pytest.raises(FileRefused, match=name):
        read_delivery([tmp_path])


def test_a_workbook_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "underlying data.xlsx"))
    book.add_worksheet("Contents").write(0, 0, "Contents")
    sheet = book.add_worksheet("Provider level")
    sheet.write(0, 0, "Provider level as at 31 March 2024")
    for column, cell in enumerate(("URN", "Provision type", "Sector", "Local authority", "Places")):
        sheet.write(2, column, cell)
    for column, value in enumerate((2590934, "Children's home", "Private", "Lewisham", 2)):
        sheet.write(3, column, value)
    book.close()

    settings = read_delivery([tmp_path]).settings

    assert settings.select("as_at", "urn", "la_code", "places").rows() == [(date(2024, 3, 31), "2590934", "209", 2)]


BROKEN = """Settings as at 31 March 2024
URN,Provision type,Registration date,Sector,Local authority,Places
SC900001,Children's home,01/02/2010,Private,Birmingham,four
no number,Children's home,01/02/2010,Private,Birmingham,3

SC900003,Castle,31/02/2010,Martian,Atlantis,REDACTED
SC900004,Children's home,,Private,Birmingham,some
"""


def test_each_column_with_cells_that_cannot_be_read_is_named_with_its_row_and_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text(BROKEN, encoding="utf-8")

    delivery = read_delivery([tmp_path / "broken.csv"])

    said = {note.split(":")[0]: note for note in delivery.notes}
    assert set(said) == {f"broken.csv row {row}" for row in ("4, URN", "6, Registration date", "3, Places", "6, Local authority", "6, Provision type", "6, Sector")}  # fmt: skip
    assert (
        "“four” is not known, and 1 more row; the places are left empty. Write a whole number"
        in said["broken.csv row 3, Places"]
    )
    assert delivery.settings["urn"].to_list() == ["SC900001", "SC900003", "SC900004"]


def test_what_is_withheld_or_empty_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "provider_at_march_2022.csv").write_text(OF_2022, encoding="utf-8")

    assert not [
        note for note in read_delivery([tmp_path / "provider_at_march_2022.csv"]).notes if "is not known" in note
    ]
