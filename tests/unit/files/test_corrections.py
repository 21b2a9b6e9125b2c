"""A corrected row is read as it should be, through every door; the file itself stays as it came."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import kinfold.record.kinds  # noqa: F401 -- fills the registry
from kinfold.files.corrections import LEFT_OUT, Corrections, fields_of, laid_over, laid_over_object
from kinfold.files.received import Incoming
from kinfold.files.recognise import Options, recognise
from kinfold.record.claim import Delivery, Problem, SubjectRecord

Files = dict[str, bytes]
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "C1,01/05/2025,S,C2,N1,U1,PR1,,,,,,\n"
    "C2,31/02/2025,S,C2,N1,U1,PR1,,,,,,\n"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\nC1,01/01/2015,20/05/2025,PN1\n,01/01/2015,21/05/2025,PN1\nC1,02/01/2015,PN1\n"


def ssda903_xml(breaks: str) -> str:
    def child(number: str, code: str) -> str:
        parts = (
            "<CHILD>", f"<HEADER><CHILDID>{number}</CHILDID><SEX>1</SEX><DOB>01/01/2015</DOB><ETHNIC>WBRI</ETHNIC></HEADER>",
            f"<EPISODE><DECOM>01/05/2025</DECOM><RNE>S</RNE><LS>{code}</LS><CIN>N1</CIN><PL>U1</PL>"
            "<PLACE_PROVIDER>PR1</PLACE_PROVIDER></EPISODE>", "</CHILD>",
        )  # fmt: skip
        return breaks.join(parts)

    return breaks.join(["<EXPSSDA903>", child("C1", "C2"), child("C2", "ZZ"), "</EXPSSDA903>"])


CIN = """<?xml version="1.0"?>
<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails><Source><LEA>330</LEA>
<DateTime>2026-05-01T09:00:00</DateTime></Source></Header><Children>
<Child>
<ChildIdentifiers><LAchildID>C1</LAchildID><PersonBirthDate>2015-09-19</PersonBirthDate></ChildIdentifiers>
<ChildCharacteristics><Ethnicity>WBRI</Ethnicity>
<Disabilities><Disability>NONE</Disability><Disability>NOTACODE</Disability></Disabilities></ChildCharacteristics>
<CINdetails><CINreferralDate>2025-13-02</CINreferralDate></CINdetails>
</Child>
<Child>
<ChildIdentifiers><PersonBirthDate>2016-09-19</PersonBirthDate></ChildIdentifiers>
<CINdetails><CINreferralDate>2025-06-02</CINreferralDate></CINdetails>
</Child>
</Children></Message>"""

FEED: list[dict[str, Any]] = [
    {"la_child_id": "", "child_details": {"first_name": "Nobody"},
     "social_care_episodes": [{"social_care_episode_id": "E0", "referral_date": "2025-01-06"}]},
    {"la_child_id": "Child1", "child_details": {"first_name": "Ada", "date_of_birth": "14/06/2016"},
     "social_care_episodes": [
         {"social_care_episode_id": "E1", "referral_date": "2025-01-06",
          "child_protection_plans": [{"child_protection_plan_id": "P1", "start_date": "2025-02-31", "purge": "no"}]}]},
]  # fmt: skip
DATASET = {
    "ssd_person.csv": b"pers_person_id,pers_forename,pers_surname,pers_sex,pers_dob\nC1,Ada,Invented,F,2015-01-25\n"
    b"C2,Bea,Invented,F,2015-44-25\n",
}


def annex_a() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("contacts")
    headings = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age", "Date of Contact", "Contact Source"]
    for number, row in enumerate([headings, ["1", "b) Female", "a) WBRI", "25/01/2015", "10", "01/02/2026", "1A"],
                                  ["2", "b) Female", "a) WBRI", "25/01/2015", "10", "soon", "1A"]]):  # fmt: skip
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


DOORS: list[Any] = [
    pytest.param({"episodes.csv": EPISODES.encode()}, "Episodes", {"DECOM": "28/02/2025"}, id="SSDA903 table"),
    pytest.param({"reviews.csv": REVIEWS.encode()}, "Reviews", {"CHILD": "C2"}, id="SSDA903 row without a child"),
    pytest.param({"r.xml": ssda903_xml("\n").encode()}, "Episodes", {"LS": "C2"}, id="SSDA903 XML"),
    pytest.param({"r.xml": ssda903_xml("").encode()}, "Episodes", {"LS": "C2"}, id="SSDA903 XML on one line"),
    pytest.param({"c.xml": CIN.encode()}, "CINdetails", {"CINreferralDate": "2025-12-02"}, id="census module"),
    pytest.param({"c.xml": CIN.encode()}, "ChildCharacteristics", {"Disability": "NONE"}, id="census codes"),
    pytest.param({"c.xml": CIN.encode()}, "Child", {"LAchildID": "C2"}, id="census child without a number"),
    pytest.param({"f.json": json.dumps(FEED).encode()}, "child_details", {"date_of_birth": "2016-06-14"}, id="feed"),
    pytest.param(
        {"f.json": json.dumps(FEED).encode()}, "child_protection_plan", {"start_date": "2025-02-28", "purge": "false"},
        id="feed, with a yes or no",
    ),
    pytest.param({"f.json": json.dumps(FEED).encode()}, "child", {"la_child_id": "Child2"}, id="feed, no number"),
    pytest.param(DATASET, "ssd_person", {"pers_dob": "2015-04-25"}, id="dataset"),
    pytest.param({"a.xlsx": annex_a()}, "List 1", {"Date of Contact": "02/02/2026"}, id="Annex A"),
]  # fmt: skip


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[Delivery, list[SubjectRecord], list[Problem]]]:
    """Return a function that reads files with corrections: the delivery, its subjects and every problem."""

    def reading(files: Files, corrections: Corrections | None = None) -> Any:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        options = Options(corrections=corrections or {}, collection="2025-26")
        (delivery,) = recognise([Incoming("given", tmp_path)], today=date(2026, 6, 1), options=options)
        subjects = list(delivery.read())
        return delivery, subjects, [*delivery.problems, *(p for s in subjects for p in s.problems)]

    return reading


def _place(delivery: Delivery, problem: Problem) -> tuple[str, str, int]:
    return delivery.files[problem.place.file].sha256, problem.place.table, problem.place.row


def _rows(subjects: list[SubjectRecord], delivery: Delivery) -> int:
    return sum(subject.rows for subject in subjects) + delivery.orphan_rows


@pytest.mark.parametrize(("files", "table", "right"), DOORS)
def test_a_row_put_right_is_read_through_its_door(read: Any, files: Files, table: str, right: dict[str, str]) -> None:
    before, subjects, problems = read(files)
    wrong = next(problem for problem in problems if problem.place.table == table)

    after, again, left = read(files, {_place(before, wrong): {**wrong.original, **right}})

    assert [p.place for p in left] == [p.place for p in problems if p.place != wrong.place]
    digests = {s.subject: s.digest for s in again}
    changed = [s.subject for s in subjects if digests[s.subject] != s.digest] + [
        key for key in digests if key not in {s.subject for s in subjects}
    ]
    assert len(changed) == 1, "only the child whose row was put right is read afresh"
    assert after.files == before.files


@pytest.mark.parametrize(("files", "table", "right"), DOORS)
def test_a_row_left_out_is_no_row(read: Any, files: Files, table: str, right: dict[str, str]) -> None:
    before, subjects, problems = read(files)
    wrong = next(problem for problem in problems if problem.place.table == table)

    after, again, left = read(files, {_place(before, wrong): LEFT_OUT})

    assert [p.place for p in left] == [p.place for p in problems if p.place != wrong.place]
    assert _rows(again, after) == _rows(subjects, before) - 1


@pytest.mark.parametrize(("files", "table", "right"), DOORS)
def test_a_correction_of_another_file_changes_nothing(
    read: Any, files: Files, table: str, right: dict[str, str]
) -> None:
    before, subjects, problems = read(files)
    wrong = next(problem for problem in problems if problem.place.table == table)
    _, name, row = _place(before, wrong)

    _, again, left = read(files, {(hashlib.sha256(b"other").hexdigest(), name, row): right})

    assert left == problems
    assert [s.digest for s in again] == [s.digest for s in subjects]


def test_a_row_with_a_cell_too_few_is_put_right_by_the_names_of_its_columns(read: Any) -> None:
    files = {"reviews.csv": REVIEWS.encode()}
    before, _, problems = read(files)
    wrong = next(problem for problem in problems if problem.code == "ragged_row")
    right = {"CHILD": "C1", "DOB": "01/01/2015", "REVIEW": "02/06/2025", "REVIEW_CODE": "PN2"}

    _, subjects, left = read(files, {_place(before, wrong): right})

    assert [problem.code for problem in left] == ["missing"]
    assert sorted(str(c.valid_from) for s in subjects for c in s.claims if c.kind == "looked_after_review") == [
        "2025-05-20", "2025-06-02",
    ]  # fmt: skip


def test_the_rows_after_a_child_of_the_feed_that_is_put_right_keep_their_numbers(read: Any) -> None:
    files = {"f.json": json.dumps(FEED).encode()}
    before, _, problems = read(files)
    nobody = next(problem for problem in problems if problem.place.table == "child")
    plan = next(problem for problem in problems if problem.place.table == "child_protection_plan")
    right = {**plan.original, "start_date": "2025-02-28", "purge": "false"}

    _, _, left = read(files, {_place(before, nobody): {"la_child_id": "Child2"}, _place(before, plan): right})

    assert [problem.place.table for problem in left] == ["child_details"]


@pytest.mark.parametrize(
    ("door", "table", "some"),
    [
        ("ssda903", "Episodes", "DECOM"),
        ("cin_census", "CINdetails", "CINreferralDate"),
        ("cin_census", "Child", "LAchildID"),
        ("daily_feed", "child_details", "date_of_birth"),
        ("standard_safeguarding_dataset", "ssd_person", "pers_dob"),
        ("annex_a", "List 1", "Date of Contact"),
        ("annex_a", "List 1 (second sheet)", "Date of Contact"),
    ],
)
def test_the_form_knows_every_field_of_a_row(door: str, table: str, some: str) -> None:
    assert some in fields_of(door, table)


def test_a_table_nobody_knows_has_no_fields() -> None:
    assert fields_of("ssda903", "Elsewhere") == ()
    assert fields_of("elsewhere", "Episodes") == ()


def test_names_that_the_table_does_not_know_are_passed_over() -> None:
    assert laid_over({"A": "1", "B": "2"}, {"B": " 3 ", "C": "4"}, known=("A", "B")) == {"A": "1", "B": "3"}


def test_a_blank_takes_a_value_out_of_an_object_and_what_was_not_touched_stays_as_it_was() -> None:
    thing: dict[str, Any] = {"day": "x", "flag": True, "score": 4}

    laid_over_object(
        thing,
        {"day": "", "flag": "True", "score": "7"},
        {"day": lambda v: None, "flag": lambda v: None, "score": lambda v: None if type(v) is int else "wrong"},
        {"day": "x", "flag": "True", "score": "4"},
    )

    assert thing == {"flag": True, "score": 7}
