"""Annex A: lists known by their headings, cells in a spreadsheet's many ways, and workbooks that mean harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kinfold.files.annex_a.layout import LISTS, list_of
from kinfold.files.annex_a.workbook import day_text_of, text_of
from kinfold.files.annex_a.writer import write_annex_a
from kinfold.files.received import Incoming
from kinfold.files.recognise import recognise
from kinfold.record.claim import Claim, Key, Place, SubjectRecord
from kinfold.terms.errors import FileRefused

Load = Callable[..., Any]
PLACE = (Place(0, "x", 1),)
WHO = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age"]
ADA: list[Any] = ["1001", "b) Female", "a) WBRI", date(2015, 1, 25), 10.4]


def workbook(sheets: dict[str, list[list[Any]]], **options: Any) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, position, cell, days)
                else:
                    sheet.write(number, position, cell)
    book.close()
    return stream.getvalue()


def contacts(*rows: list[Any], headings: list[str] | None = None) -> bytes:
    return workbook({"Any name": [headings or [*WHO, "Date of Contact", "Contact Source"], *rows]})


def one(subject: SubjectRecord, kind: str) -> Claim:
    (claim,) = [claim for claim in subject.claims if claim.kind == kind]
    return claim


@pytest.mark.parametrize("list_", LISTS, ids=lambda each: each.name)
def test_a_list_is_known_by_its_headings(list_: Any) -> None:
    found = list_of([column.heading for column in list_.columns])

    assert found is not None
    assert found[0] is list_
    assert [column.name for _, column in sorted(found[1].items())] == [column.name for column in list_.columns]


@pytest.mark.parametrize(
    "headings",
    [
        pytest.param(
            ["child unique id", "GENDER", "Ethnicity", "DoB", "Age", "Date of  contact", "Source of contact"], id="case"
        ),
        pytest.param(["Contact date", "Contact source", "Child's Unique ID", "Sex"], id="order and words"),
    ],
)
def test_headings_may_vary(headings: list[str]) -> None:
    found = list_of(headings)

    assert found is not None
    assert found[0].name == "contacts"


def test_a_row_becomes_its_facts(load: Load) -> None:
    delivery, (subject,) = load({"a.xlsx": contacts([*ADA, date(2025, 9, 16), "q) 6: Police"])})

    assert (delivery.door, delivery.full) == ("annex_a", False)
    assert subject.subject == Key("child", "1001")
    assert one(subject, "person_details").payload == {"birth_date": "2015-01-25", "gender": "2", "ethnicity": "WBRI"}
    contact = one(subject, "contact")
    assert (contact.valid_from, contact.payload) == (date(2025, 9, 16), {"contact_source": "6"})
    assert contact.places[0].row == 2


def test_headings_may_stand_below_a_title(load: Load) -> None:
    rows = [["Annex A, list 1"], [], [*WHO, "Date of Contact", "Contact Source"], [*ADA, date(2025, 9, 16), "6"]]

    _, (subject,) = load({"a.xlsx": workbook({"Sheet1": rows})})

    assert one(subject, "contact").places[0].row == 4


def test_a_bad_row_is_one_problem_named_by_its_heading(load: Load) -> None:
    content = contacts(
        [*ADA, "soon", "zz) Nobody"], [*ADA, date(2025, 9, 16), "6"], ["", *ADA[1:], date(2025, 1, 1), "6"]
    )

    delivery, (subject,) = load({"a.xlsx": content})

    (found,) = subject.problems
    assert (found.place.table, found.place.row, found.field) == ("List 1", 2, "Date of Contact")
    assert "Contact Source" in found.message
    assert found.original["Contact Source"] == "zz) Nobody"
    assert [p.code for p in delivery.problems] == ["missing"]
    assert subject.rows + delivery.orphan_rows == delivery.expected_rows == 3


def test_a_formula_is_never_run_and_its_last_value_is_read(load: Load) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("x")
    sheet.write_row(0, 0, [*WHO, "Date of Contact", "Contact Source"])
    sheet.write_row(1, 0, ["1001", "b) Female", "a) WBRI", "25/01/2015", 10, "2025-09-16"])
    sheet.write_formula(1, 6, '=HYPERLINK("http://example.invalid","x")', None, "6")
    book.close()

    _, (subject,) = load({"a.xlsx": stream.getvalue()})

    assert one(subject, "contact").payload == {"contact_source": "6"}


def test_macros_are_ignored_and_said(load: Load) -> None:
    content = io.BytesIO(contacts([*ADA, date(2025, 9, 16), "6"]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"not really")

    delivery, _ = load({"a.xlsm": content.getvalue()})

    assert any("macros" in note for note in delivery.notes)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (9212044.0, "9212044"),
        (date(2025, 9, 16), "2025-09-16"),
        (datetime.fromisoformat("2025-09-16T12:30"), "2025-09-16"),
        (True, "1"),
        ("  Dustin\xa0 H ", "Dustin H"),
        ("", ""),
    ],
)
def test_a_cell_is_read_as_text(cell: Any, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (45916, "2025-09-16"),
        (45916.5, "2025-09-16"),
        ("16/09/2025", "2025-09-16"),
        ("2025-09-16 00:00", "2025-09-16"),
        (3.0, "3"),
    ],
)
def test_a_day_is_read_however_the_spreadsheet_holds_it(cell: Any, text: str) -> None:
    assert day_text_of(cell) == text


def test_a_cell_at_the_end_of_the_world_does_not_take_the_memory(tmp_path: Path) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("x")
    sheet.write_row(0, 0, [*WHO, "Date of Contact", "Contact Source"])
    sheet.write_string(1_048_575, 16_383, "x")
    book.close()
    (tmp_path / "annex_a.xlsx").write_bytes(stream.getvalue())

    with pytest.raises(FileRefused) as refused:
        recognise([Incoming("annex_a.xlsx", tmp_path / "annex_a.xlsx")], today=date(2026, 6, 1))

    assert refused.value.code == "sheet_too_large"
    assert "1,048,576" in str(refused.value)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    whole = contacts([*ADA, date(2025, 9, 16), "6"])
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(content, "w") as target:
        for info in source.infolist():
            target.writestr(info.filename, b"<broken" if "sheet1" in info.filename else source.read(info))
    (tmp_path / "annex_a.xlsx").write_bytes(content.getvalue())

    with pytest.raises(FileRefused):
        recognise([Incoming("annex_a.xlsx", tmp_path / "annex_a.xlsx")], today=date(2026, 6, 1))


def test_a_workbook_of_something_else_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(workbook({"Sheet1": [["Name", "Price"], ["Tea", 2]]}))

    with pytest.raises(FileRefused) as refused:
        recognise([Incoming("x.xlsx", tmp_path / "x.xlsx")], today=date(2026, 6, 1))

    assert refused.value.code == "not_recognised"


DAY = date(2025, 3, 3)
NUMBER = {"identifier_type": "la_child_id", "value": "1001"}
# One claim of every kind that a workbook holds.
EVERY_KIND = [
    Claim("identifier", "la_child_id:1001", None, None, NUMBER, PLACE, None, "1001"),
    Claim("person_details", "", None, None, {"birth_date": "2015-01-25", "gender": "2", "ethnicity": "WBRI"}, PLACE),
    Claim("disability", "", None, None, {"disabilities": ["NONE"]}, PLACE),
    Claim("contact", "2025-03-03", DAY, None, {"contact_source": "6"}, PLACE),
    Claim("early_help", "2025-03-03", DAY, date(2025, 5, 1), {"organisation": "=School"}, PLACE),
    Claim(
        "referral_episode",
        "2025-03-03",
        DAY,
        None,
        {"referral_source": "1A", "no_further_action": False, "primary_need": "N1"},
        PLACE,
    ),
    Claim("child_in_need_visit", "2025-04-01", date(2025, 4, 1), None, {"seen": True}, PLACE),
    Claim(
        "section_47_enquiry",
        "2025-03-03",
        DAY,
        None,
        {"initial_conference_date": "2025-03-20", "conference_not_required": False},
        PLACE,
    ),
    Claim("initial_child_protection_conference", "2025-03-20", date(2025, 3, 20), None, {"plan_made": True}, PLACE),
    Claim(
        "child_protection_plan",
        "2025-03-20",
        date(2025, 3, 20),
        None,
        {"initial_category": "PHY", "latest_category": "NEG", "previous_plans": 1},
        PLACE,
    ),
    Claim("child_protection_visit", "2025-04-02", date(2025, 4, 2), None, {"seen_alone": True}, PLACE),
    Claim("care_period", "2025-05-01", date(2025, 5, 1), None, {"primary_need": "N1"}, PLACE),
    Claim("legal_status", "2025-05-01", date(2025, 5, 1), None, {"legal_status": "C2"}, PLACE),
    Claim(
        "placement",
        "2025-05-01",
        date(2025, 5, 1),
        None,
        {"placement_type": "U4", "placement_provider": "PR1", "postcode": "SW1A 1AA", "urn": "SC123456"},
        PLACE,
        Key("setting", "SC123456"),
        "SC123456",
    ),
    Claim("looked_after_review", "2025-05-20", date(2025, 5, 20), None, {}, PLACE),
    Claim("permanence_plan", "current", None, None, {"route": "ADOPTION"}, PLACE),
    Claim("leaving_care", "current", None, None, {"eligibility": "ELIGIBLE"}, PLACE),
    Claim("care_leaver_contact", "2025-06-01", date(2025, 6, 1), None, {"in_touch": "YES", "activity": "F2"}, PLACE),
    Claim("adoption_decision", "2025-06-02", date(2025, 6, 2), None, {}, PLACE),
]


def test_what_is_written_is_read_back_the_same(tmp_path: Path, load: Load, stated: Callable[..., Any]) -> None:
    adopter = Claim(
        "adopter_application", "2025-01-01", date(2025, 1, 1), None, {"fostering_for_adoption": True}, PLACE
    )
    subjects = [
        SubjectRecord(Key("child", "1001"), 0, b"", EVERY_KIND),
        SubjectRecord(Key("person", "adopter-7"), 0, b"", [adopter]),
    ]

    counts = write_annex_a(tmp_path / "annex_a.xlsx", subjects)
    delivery, again = load(tmp_path / "annex_a.xlsx")

    assert [p.message for s in again for p in s.problems] == []
    assert stated(again) == stated(subjects)
    assert delivery.expected_rows == sum(counts.values()) == sum(s.rows for s in again)
