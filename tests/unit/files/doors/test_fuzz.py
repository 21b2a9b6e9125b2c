"""
Whatever comes to a door, it answers with facts, problems or a refusal: never with any other error.

And whatever it answers, rows add up: those of each subject and those of nobody are the rows expected, and no two
problems are of one row.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinfold.files.annex_a.layout import LISTS
from kinfold.files.cin_census.layout import MODULES
from kinfold.files.daily_feed.layout import PARTS
from kinfold.files.daily_feed.reader import check_payload, open_payload
from kinfold.files.received import Incoming, Limits
from kinfold.files.recognise import Options, recognise
from kinfold.files.standard_safeguarding_dataset.layout import TABLES
from kinfold.record.claim import Delivery
from kinfold.record.declare import KINDS, encode
from kinfold.terms.errors import FileRefused

FUZZ = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
ODD = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "NULL",
            "2025-02-28",
            "2025-02-30",
            "28/02/2025",
            "1",
            "0",
            "true",
            "Y",
            "N1",
            "C1",
            "C2",
            "P1",
            "=1+1",
        ]
    ),
    st.text(max_size=30),
    st.dates().map(str),
    st.integers().map(str),
)


def sound(delivery: Delivery) -> None:
    """Read a delivery and check what must hold of every delivery."""
    subjects = list(delivery.read())
    rows = sum(subject.rows for subject in subjects) + delivery.orphan_rows
    assert rows == delivery.expected_rows
    assert len(delivery.problems) == delivery.orphan_rows
    problems = [*delivery.problems, *(p for s in subjects for p in s.problems)]
    assert len({p.place for p in problems}) == len(problems)
    assert all(p.message and p.fix and p.code for p in problems)
    assert len({s.subject for s in subjects}) == len(subjects)
    for subject in subjects:
        keys = [(claim.kind, claim.natural_key) for claim in subject.claims]
        assert len(set(keys)) == len(keys)
        bad = {p.place for p in subject.problems}
        for claim in subject.claims:
            assert claim.kind in KINDS
            encode(claim.kind, claim.payload)
            json.dumps(claim.payload)
            assert claim.valid_to is None or claim.valid_from is None or claim.valid_to >= claim.valid_from
            assert claim.places[0] not in bad
    again = list(delivery.read())
    assert [s.digest for s in again] == [s.digest for s in subjects]


def through(name: str, content: bytes) -> None:
    """Hand one file in at the door; a refusal is an answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            found = recognise([Incoming(name, path)], today=date(2026, 6, 1), limits=Limits(rows=10_000))
        except FileRefused:
            return
        for delivery in found:
            sound(delivery)


XML_TEXT = ODD.map(
    lambda text: (
        "".join(c for c in text if c.isprintable()).replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "")
    )
)


@st.composite
def census(draw: Any) -> str:
    def module(name: str, depth: int) -> str:
        names = st.sampled_from([*MODULES[name].items, "Stranger"])
        cells = draw(st.lists(st.tuples(names, XML_TEXT), max_size=7))
        inside = "".join(f"<{element}>{text}</{element}>" for element, text in cells)
        if depth < 3:
            for inner in draw(st.lists(st.sampled_from(sorted(MODULES)), max_size=2)):
                inside += module(inner, depth + 1)
        return f"<{name}>\n{inside}</{name}>"

    children = ""
    for number in draw(st.lists(st.one_of(st.sampled_from(["C1", "C2", ""]), XML_TEXT), max_size=4)):
        modules = "".join(module(name, 0) for name in draw(st.lists(st.sampled_from(sorted(MODULES)), max_size=4)))
        who = f"<ChildIdentifiers><LAchildID>{number}</LAchildID></ChildIdentifiers>"
        children += f"<Child>{who}{modules}</Child>"
    header = f"<Header><ReferenceDate>{draw(st.sampled_from(['2026-03-31', '', 'x']))}</ReferenceDate></Header>"
    return f"<Message>{header}<Children>{children}</Children></Message>"


@FUZZ
@given(text=census())
def test_any_census_is_answered(text: str) -> None:
    through("cin.xml", text.encode())


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ODD),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ODD, inner, max_size=3)),
    max_leaves=6,
)


def part(name: str) -> st.SearchStrategy[Any]:
    made = PARTS[name]
    fields: dict[str, st.SearchStrategy[Any]] = {field: st.one_of(ODD, JSON_VALUES) for field in made.checks}
    fields |= {field: part(inner) for field, inner in made.objects.items()}
    fields |= {field: st.lists(part(inner), max_size=3) for field, inner in made.lists.items()}
    if made.required:
        fields[made.required] = st.one_of(st.sampled_from(["C1", "C2", "E1"]), ODD)
    return st.one_of(st.fixed_dictionaries({}, optional=fields), JSON_VALUES)


@FUZZ
@given(children=st.lists(part("child"), max_size=4))
def test_any_feed_is_answered(children: list[Any]) -> None:
    check_payload(children)
    try:
        delivery = open_payload(json.dumps(children).encode(), Options())
    except FileRefused:
        return
    sound(delivery)


@FUZZ
@given(text=st.text(alphabet='[]{}",:0123456789truefalsn \n-.e\\u', max_size=200))
def test_any_text_that_is_nearly_json_is_answered(text: str) -> None:
    try:
        sound(open_payload(text.encode(), Options()))
    except FileRefused:
        return


@st.composite
def dataset(draw: Any) -> dict[str, str]:
    files = {}
    for name in draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=5, unique=True)):
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(TABLES[name].names)
        for _ in range(draw(st.integers(0, 4))):
            cells = [draw(st.one_of(st.sampled_from(["C1", "1", ""]), ODD)) for _ in TABLES[name].names]
            writer.writerow(cells if draw(st.integers(0, 9)) else cells[:-1])
        files[f"{name}.csv"] = stream.getvalue()
    return files


@FUZZ
@given(files=dataset())
def test_any_dataset_is_answered(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text.replace("\0", ""), encoding="utf-8", errors="replace", newline="")
        try:
            found = recognise([Incoming("ssd", Path(folder))], today=date(2026, 6, 1))
        except FileRefused:
            return
        for delivery in found:
            sound(delivery)


CELLS = st.one_of(
    ODD,
    st.integers(-10, 80_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 1, 1)),
    st.booleans(),
)


@settings(FUZZ, max_examples=20)
@given(data=st.data())
def test_any_workbook_is_answered(data: Any) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    for list_ in data.draw(st.lists(st.sampled_from(LISTS), min_size=1, max_size=3)):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.heading for column in list_.columns])
        for row in range(1, data.draw(st.integers(1, 4))):
            for position, column in enumerate(list_.columns):
                cell = data.draw(st.sampled_from(["1001", "1002"]) if column.required and position == 0 else CELLS)
                if isinstance(cell, date):
                    sheet.write_datetime(row, position, cell, days)
                else:
                    sheet.write(row, position, cell)
    book.close()
    through("annex_a.xlsx", stream.getvalue())


@pytest.mark.parametrize("name", ["a.xml", "a.json", "a.csv", "annex_a.xlsx"])
@FUZZ
@given(content=st.binary(max_size=400))
def test_any_bytes_are_answered(name: str, content: bytes) -> None:
    through(name, content)


@settings(FUZZ, max_examples=20)
@given(position=st.integers(0, 10_000), junk=st.binary(min_size=1, max_size=6))
def test_a_workbook_with_damage_anywhere_is_answered(position: int, junk: bytes) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [column.heading for column in LISTS[-1].columns])
    sheet.write_row(1, 0, ["1001", "a) Male", "a) WBRI", "2015-01-25", 10, "2025-01-01", "6"])
    book.close()
    content = bytearray(stream.getvalue())
    at = position % len(content)
    content[at : at + len(junk)] = junk

    through("annex_a.xlsx", bytes(content))
