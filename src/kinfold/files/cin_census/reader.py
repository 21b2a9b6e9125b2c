"""
Reading a children in need census: one look through the whole file first, then a child at a time.

A census speaks for a whole year, so a file that is cut short must not be taken as a year with fewer
children: the first look finds that out before anything is stated. It keeps nothing but children's
numbers, and the reading after it keeps one child.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree

from kinfold.files import xml
from kinfold.files.cells import parse_day, parse_moment
from kinfold.files.cin_census.corrected import CHILD, number_in, put_right
from kinfold.files.cin_census.layout import (
    EARLIEST_YEAR,
    HOLDERS,
    LATEST_YEAR,
    LONGEST_CHILD_ID,
    MODULES,
    TABLE_OF_KIND,
)
from kinfold.files.cin_census.to_record import DOOR, WITHDRAWN_KINDS, Block, subject_of
from kinfold.files.corrections import LEFT_OUT
from kinfold.files.problems import Trouble, problem
from kinfold.files.received import ArrivedFile
from kinfold.files.recognise import Head, Options
from kinfold.record.claim import Delivery, Place, Problem, SubjectRecord
from kinfold.terms.demonstration import is_demo_code

ROOT = "Message"
_ROW_ELEMENTS = frozenset({*MODULES, "CPPreviewDate"} - {"Reviews"})
_ROWS = tuple(f"{{*}}{name}" for name in sorted(_ROW_ELEMENTS))
_MOST_UNKNOWN = 20  # names of unknown elements that a note lists
_LONGEST_VALUE = 1_000


@dataclass(slots=True)
class Header:
    """What the file says of itself; blank where it says nothing."""

    year: str = ""
    reference_date: date | None = None
    la_code: str = ""
    extracted_at: datetime | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _FirstLook:
    header: Header = field(default_factory=Header)
    rows: int = 0
    children: int = 0


def looks_like_cin_census(head: Head) -> bool:
    """Return whether the file begins as a census does: Message, and in it a Header of the collection CIN or a Child."""
    if head.sort != "xml" or head.root != ROOT:
        return False
    return any(word in head.text for word in ("Collection>CIN", "LAchildID", "CINdetails", "ChildIdentifiers"))


def open_cin_census(files: Sequence[ArrivedFile], options: Options) -> Delivery:
    """
    Return the census in `files` (one XML file) as a delivery, full for its year unless `options` say otherwise.

    Raises FileRefused when the file is not well formed, is cut short, or is of a year that we do not know.
    """
    if len(files) != 1:
        raise files[1].refused("too_many_files", "came with another census", "Load one census file at a time.")
    file = files[0]
    look = _first_look(file, options)
    window, collection, notes = _year_of(file, look.header, options)
    la_code, code_notes = _council_of(file, look.header, options)
    full = window is not None if options.full is None else options.full and window is not None
    delivery = Delivery(
        door=DOOR,
        collection=collection,
        window=window,
        kinds=WITHDRAWN_KINDS,
        full=full,
        files=(file.received,),
        read=lambda: iter(()),
        la_code=la_code,
        extracted_at=look.header.extracted_at or options.extracted_at,
        expected_rows=None if options.glance else look.rows,
        notes=[*file.notes, *look.header.notes, *notes, *code_notes],
        table_of_kind=TABLE_OF_KIND,
    )
    reading = _Reading(file, options, delivery)
    delivery.read = reading.subjects
    return delivery


def _first_look(file: ArrivedFile, options: Options) -> _FirstLook:
    """Return the header and how many rows there are, having seen that the file is whole (unless at a glance)."""
    look, seen = _FirstLook(), set[str]()
    for element in xml.records(file, root=ROOT, tags=("Header", "Child"), limits=options.limits):
        if xml.local_name(element) == "Header":
            look.header = _read_header(element)
            continue
        number = _number_of(element)
        known = number and len(number) <= LONGEST_CHILD_ID and number not in seen
        # A child without a number, or one that came before, is one Problem: one row.
        look.rows += sum(1 for _ in element.iter(*_ROWS)) if known else 1
        look.children += 1
        seen.add(number)
        if options.glance:
            break
    if not look.children:
        raise file.refused("empty", "has no children in it", "Check that the export was not empty.")
    return look


def _read_header(element: xml.Element) -> Header:
    found = {xml.local_name(each): (each.text or "").strip()[:40] for each in element.iter() if each.text}
    header = Header(year=found.get("Year", ""), la_code=found.get("LEA", ""))
    day = parse_day(found.get("ReferenceDate", ""), "yyyy-mm-dd")
    if isinstance(day, Trouble):
        header.notes.append(f"The header's ReferenceDate: {day.what}.")
    else:
        header.reference_date = day
    moment = parse_moment(found.get("DateTime", ""))
    if isinstance(moment, Trouble):
        header.notes.append(f"The header's DateTime: {moment.what}. The time of loading is used instead.")
    elif moment is not None:
        header.extracted_at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not found.get("DateTime"):
        header.notes.append("The header does not say when the file was made (DateTime).")
    return header


def _year_of(file: ArrivedFile, header: Header, options: Options) -> tuple[tuple[date, date] | None, str, list[str]]:
    """Return the year the file speaks for (half-open), the collection's name, and what to say about them."""
    notes: list[str] = []
    day = header.reference_date
    if day is not None:
        ends = day.year if day <= date(day.year, 3, 31) else day.year + 1
        if (day.month, day.day) != (3, 31):
            notes.append(f"The header's ReferenceDate is {day.isoformat()}; a census is taken on 31 March.")
        if header.year not in ("", str(ends)):
            notes.append(f"The header says Year {header.year} and ReferenceDate {day.isoformat()}: the date was used.")
    elif header.year.isascii() and header.year.isdigit() and len(header.year) == 4:
        ends = int(header.year)
    elif options.collection:
        ends = _year_named(file, options.collection)
    else:
        notes.append("The file does not say which year it is for, so nothing will be withdrawn by it.")
        return None, "", notes
    if not EARLIEST_YEAR <= ends <= LATEST_YEAR:
        raise file.refused(
            "unknown_year",
            f"is a census for the year to 31 March {ends}",
            f"Kinfold reads the years to 31 March {EARLIEST_YEAR} up to {LATEST_YEAR}; check the header's ReferenceDate.",
        )
    return (date(ends - 1, 4, 1), date(ends, 4, 1)), f"{ends - 1}-{ends % 100:02d}", notes


def _year_named(file: ArrivedFile, collection: str) -> int:
    start, _, end = collection.partition("-")
    if not (start.isascii() and start.isdigit() and len(start) == 4 and end == f"{(int(start) + 1) % 100:02d}"):
        raise file.refused("unknown_year", "has no year, and none was given", "Name the collection, such as 2025-26.")
    return int(start) + 1


def _council_of(file: ArrivedFile, header: Header, options: Options) -> tuple[str | None, list[str]]:
    code = header.la_code
    if (len(code) == 3 and code.isascii() and code.isdigit()) or is_demo_code(code):
        if options.la_code and options.la_code != code:
            return code, [f"The file says that it is from council {code}, not {options.la_code}."]
        return code, []
    said = f"The header's council code (LEA) is {code!r}" if code else "The header has no council code (LEA)"
    if options.la_code:
        return options.la_code, [f"{said}; a code has three digits. It was loaded as from {options.la_code}."]
    return None, [f"{said}; a code has three digits. Correct LEA, or say which council the file is from."]


class _Reading:
    """One file being read; may be read again from the start."""

    def __init__(self, file: ArrivedFile, options: Options, delivery: Delivery) -> None:
        self.file = file
        self.options = options
        self.delivery = delivery
        self.stranger_note = ""

    def subjects(self) -> Iterator[SubjectRecord]:
        """Yield each child of the file, in its order."""
        delivery = self.delivery
        delivery.problems.clear()
        delivery.orphan_rows = 0
        if self.stranger_note in delivery.notes:
            delivery.notes.remove(self.stranger_note)
        seen: dict[str, int] = {}
        names = _Names()
        corrections = self.file.corrections
        for element in xml.records(self.file, root=ROOT, tags=("Child",), limits=self.options.limits):
            line = names.row_of("Child", element)
            blocks = _blocks_of(element, names)
            number, put = _number_of(element), [""]
            if corrections:
                blocks, put = put_right(blocks, corrections, line=line)
                number = number_in(blocks) if put else number
                if corrections.get((CHILD, line)) == LEFT_OUT:
                    continue
            if not number or len(number) > LONGEST_CHILD_ID or number in seen:
                delivery.problems.append(_unusable(line, number, seen.get(number), blocks))
                delivery.orphan_rows += 1
                continue
            seen[number] = line
            content = etree.tostring(element, with_tail=False) + "".join(put).encode()
            digest = hashlib.blake2b(content, digest_size=16).digest()
            yield subject_of(blocks, file=0, la_child_id=number, digest=digest)
        if names.unknown:
            listed = ", ".join(sorted(names.unknown)[:_MOST_UNKNOWN])
            self.stranger_note = f"{self.file.name} has elements that the census does not know, not read: {listed}."
            delivery.notes.append(self.stranger_note)


class _Names:
    """The local names of elements, each worked out once; unknown ones are remembered up to a number."""

    def __init__(self) -> None:
        self.local: dict[str, str] = {}
        self.unknown: set[str] = set()
        self.last_row: dict[str, int] = {}

    def of(self, element: xml.Element) -> str:
        tag = element.tag
        known = self.local.get(tag)
        if known is None:
            known = xml.local_name(element)
            if len(self.local) < 1_000:
                self.local[tag] = known
        return known

    def row_of(self, module: str, element: xml.Element) -> int:
        """Return the element's line, or the next number where a file without line breaks has two on one line."""
        row = max(element.sourceline or 0, self.last_row.get(module, 0) + 1)
        self.last_row[module] = row
        return row

    def stranger(self, name: str) -> None:
        if name and len(self.unknown) < _MOST_UNKNOWN:
            self.unknown.add(name[:40])


def _blocks_of(child: xml.Element, names: _Names) -> list[Block]:
    """Return the child's modules as they stand, each with its line."""
    blocks: list[Block] = []
    _gather(blocks, child, names)
    return blocks


def _gather(blocks: list[Block], holder: xml.Element, names: _Names) -> None:
    """Add the modules inside an element that is no module itself, however deep they lie."""
    for element in holder:
        name = names.of(element)
        if name == "CPPreviewDate" or (name in MODULES and name != "Reviews"):
            blocks.append(_block(name, element, names))
            continue
        if name != "Reviews":
            names.stranger(name)
        if len(element):
            _gather(blocks, element, names)


def _block(name: str, element: xml.Element, names: _Names) -> Block:
    if name == "CPPreviewDate":
        return Block("Reviews", names.row_of("Reviews", element), {"CPPreviewDate": _text(element)})
    block = Block(name, names.row_of(name, element))
    _fill(block, element, names)
    return block


def _fill(block: Block, element: xml.Element, names: _Names) -> None:
    items, values, known = MODULES[block.module].items, block.values, names.local.get
    for inner in element:
        name = known(inner.tag) or names.of(inner)
        item = items.get(name)
        if item is not None and item.shape == "codes":
            if text := _text(inner):
                block.lists.setdefault(name, []).append(text)
        elif item is not None:
            if name in values:
                block.repeated.append(name)
            values[name] = _text(inner)
        elif name == "CPPreviewDate" or (name in MODULES and name != "Reviews"):
            block.blocks.append(_block(name, inner, names))
            continue
        elif name in HOLDERS:
            _fill(block, inner, names)
            continue
        elif name != "Reviews":
            names.stranger(name)
        if len(inner):
            _gather(block.blocks, inner, names)


def _text(element: xml.Element) -> str:
    """Return an element's text; one that holds more than anybody would write is cut, so that it stays a bad value."""
    text: Any = element.text
    return text.strip()[:_LONGEST_VALUE] if text else ""


def _number_of(child: xml.Element) -> str:
    """Return the child's number: the first that the file gives."""
    for element in child.iter("{*}LAchildID"):
        if text := _text(element):
            return text
    return ""


def _unusable(line: int, number: str, first_line: int | None, blocks: Sequence[Block]) -> Problem:
    """Return the one Problem of a child that cannot be told apart, with all its rows."""
    rows = sum(block.rows() for block in blocks)
    if first_line is not None:
        what = f"this child is in the file already, at line {first_line}; the {rows} rows here were not read"
        trouble = Trouble("duplicate", what, "Put all of the child's details in one Child element.", "LAchildID")
    elif number:
        what = f"LAchildID has {len(number)} characters; the {rows} rows of this child were not read"
        trouble = Trouble("too_long", what, f"Shorten it to {LONGEST_CHILD_ID} characters or fewer.", "LAchildID")
    else:
        what = f"this child has no LAchildID, so its {rows} rows were not read"
        trouble = Trouble("missing", what, "Give the child its number.", "LAchildID")
    original = {
        name: text for block in blocks if block.module == "ChildIdentifiers" for name, text in block.values.items()
    }
    return problem(Place(0, "Child", line), trouble, original)
