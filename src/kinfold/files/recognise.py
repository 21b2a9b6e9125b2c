"""
Which format is it? Decided from the content, never from a file's name.

The protocol that a format's room keeps (`files/<format>/__init__.py`):

    DOOR = Door(
        name="cin_census",                          # the door's name in Delivery.door
        label="Children in need census (XML)",      # what people call it
        expects="an XML file whose first element is Message, with Children in it",
        looks_like=looks_like_cin_census,           # (head: Head) -> bool; cheap, must never raise for odd content
        open=open_cin_census,                       # (files: Sequence[ArrivedFile], options: Options) -> Delivery
        a_set=False,                                # True: all its files of one folder are one delivery
        tables={},                                  # CSV doors: table name -> column names, for "the nearest was"
    )

`looks_like` sees a `Head`: the sort of file, its first characters, its header row or its root element.
`open` may read the files as often as it likes; it raises FileRefused when a whole file cannot be used. The
doors are tried in the order of `DOOR_MODULES`; the first that says yes gets the file.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Protocol

from kinfold.files import xml
from kinfold.files.corrections import Corrections, of_file
from kinfold.files.first_look import Sort, start_of_text
from kinfold.files.problems import shown
from kinfold.files.received import ArrivedFile, Incoming, Limits, arrivals
from kinfold.files.tabular import header_of, plain_name
from kinfold.record.claim import Delivery
from kinfold.terms.errors import FileRefused

DOOR_MODULES = (
    "kinfold.files.ssda903",
    "kinfold.files.cin_census",
    "kinfold.files.daily_feed",
    "kinfold.files.standard_safeguarding_dataset",
    "kinfold.files.annex_a",
)


@dataclass(frozen=True, slots=True)
class Options:
    """
    What the person who sends the files says of them; everything may be left out.

    `la_code` is the council's three-digit code; `collection` names the return ("2025-26");
    `extracted_at` is when the source system wrote the files; `full` None means as the format usually is.
    `corrections` are rows that a person has put right. `today` and `limits` are filled in by `recognise`.
    `glance` looks at the beginnings of text files only, as far as it takes to say what they are, whose and of which
    year: what a request that must answer at once can wait for. The delivery is then opened again, without, to be read.
    """

    la_code: str | None = None
    collection: str | None = None
    extracted_at: datetime | None = None
    full: bool | None = None
    today: date | None = None
    limits: Limits = field(default_factory=Limits)
    corrections: Corrections = field(default_factory=dict)
    glance: bool = False


@dataclass(frozen=True)
class Head:
    """The beginning of one file, as `looks_like` sees it."""

    file: ArrivedFile

    @property
    def sort(self) -> Sort:
        """Return table, xml, json or workbook."""
        return self.file.sort

    @cached_property
    def text(self) -> str:
        """Return the first 64,000 characters or so; "" for a workbook."""
        return "" if self.sort == "workbook" else start_of_text(self.file.head(), self.file.encoding)

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Return the cells of a table's first row as written; () for anything else."""
        return header_of(self.text)[1] if self.sort == "table" else ()

    @cached_property
    def columns(self) -> frozenset[str]:
        """Return the header as it is compared: letters and digits in lower case (`plain_name`)."""
        return frozenset(plain_name(cell) for cell in self.header if cell)

    @cached_property
    def root(self) -> str | None:
        """Return the local name of an XML file's first element."""
        return xml.root_name(self.file) if self.sort == "xml" else None


class LooksLike(Protocol):
    """Does this beginning look like the format? Cheap; says False rather than raising."""

    def __call__(self, head: Head) -> bool:
        """Return whether the file belongs to the format."""


class OpenDelivery(Protocol):
    """Open recognised files as one delivery."""

    def __call__(self, files: Sequence[ArrivedFile], options: Options) -> Delivery:
        """Return the delivery. Raises FileRefused when a whole file cannot be used."""


@dataclass(frozen=True, slots=True)
class Door:
    """One format that Kinfold can read."""

    name: str
    label: str
    expects: str
    looks_like: LooksLike
    open: OpenDelivery
    a_set: bool = False
    tables: Mapping[str, Iterable[str]] = field(default_factory=lambda: MappingProxyType({}))


class Deliveries(list[Delivery]):
    """The deliveries recognised, and in `refused` what is wrong with the files that were not taken."""

    def __init__(self, found: Iterable[Delivery] = (), refused: Iterable[FileRefused] = ()) -> None:
        super().__init__(found)
        self.refused = list(refused)


def doors() -> Sequence[Door]:
    """Return the formats that Kinfold reads, in the order they are tried."""
    return [importlib.import_module(module).DOOR for module in DOOR_MODULES]


def recognise(
    incoming: Sequence[Incoming],
    *,
    today: date,
    limits: Limits | None = None,
    options: Options | None = None,
    known: Sequence[Door] | None = None,
) -> Deliveries:
    """
    Return the deliveries that the files make, each open and ready to read, and the refusals of the rest.

    Files of one folder (or archive) and one format of tables are one delivery; an XML, JSON file or workbook
    is one by itself. `known` are the formats to try, all of them unless told otherwise. Raises FileRefused when nothing at all can be read, or the whole is too large.
    """
    limits = limits or Limits()
    options = replace(options or Options(), today=today, limits=limits)
    known = doors() if known is None else known
    arrived = arrivals(incoming, limits)
    result = Deliveries(refused=arrived.refused)
    groups: dict[tuple[str, str], tuple[Door, list[ArrivedFile]]] = {}
    for file in arrived.files:
        if options.corrections:
            file = replace(file, corrections=of_file(options.corrections, file.sha256))
        try:
            door = _door_of(Head(file), known)
        except FileRefused as error:
            result.refused.append(error)
            continue
        groups.setdefault(_group(file, door), (door, []))[1].append(file)
    for door, files in groups.values():
        try:
            result.append(door.open(files, options))
        except FileRefused as error:
            result.refused.append(error)
    if not result:
        raise _nothing(result.refused)
    return result


def _door_of(head: Head, known: Sequence[Door]) -> Door:
    """Return the first door that knows the file. Raises FileRefused, naming the nearest, when none does."""
    for door in known:
        if door.looks_like(head):
            return door
    raise head.file.refused(
        "not_recognised",
        f"is none of the formats Kinfold reads: {_nearest(head, known)}",
        f"Kinfold reads: {'; '.join(door.label for door in known)}.",
    )


def _group(file: ArrivedFile, door: Door) -> tuple[str, str]:
    """Return what makes files one set: the folder for tables, the file itself for everything else."""
    if not (door.a_set and file.sort == "table"):
        return door.name, file.name
    # "episodes_last.csv" beside "episodes.csv" is last year's table of the same return.
    last_year = PurePosixPath(file.name).stem.lower().endswith("_last")
    return door.name, f"{file.folder}{':last' if last_year else ''}"


# How a door's `expects` speaks of a sort of file, and how a message does.
_SORT_IN_WORDS: Mapping[str, tuple[str, str]] = {
    "xml": ("XML", "an XML file that does not begin as XML should"),
    "json": ("JSON", "a JSON file"),
    "workbook": ("workbook", "a workbook"),
}


def _nearest(head: Head, known: Sequence[Door]) -> str:
    """Return the end of a sentence: the format that comes nearest, and why it does not fit."""
    if head.sort != "table":
        word, what = _SORT_IN_WORDS.get(head.sort, (head.sort, f"an {head.sort}"))
        found = f"an XML file that begins with {shown(head.root)}" if head.root else what
        near = [door for door in known if word in door.expects]
        return f"it is {found}" + "".join(f"; {door.label} is {door.expects}" for door in near[:2])
    shares = [
        (len(own) / len(wanted), table, door, sorted(wanted - own))
        for door in known
        for table, columns in door.tables.items()
        if (own := (wanted := {*columns}) & {name for name in wanted if plain_name(name) in head.columns})
    ]
    if not shares:
        return "none of its columns is one that we know"
    _, table, door, lacking = max(shares, key=lambda each: (each[0], each[1]))
    return f"the nearest is {table} of {door.label}, but it lacks {', '.join(lacking[:6]) or 'its place there'}"


def _nothing(refused: Sequence[FileRefused]) -> FileRefused:
    """Return the one error that says why nothing could be read."""
    if len(refused) == 1:
        return refused[0]
    if not refused:
        return FileRefused("There are no files here. Choose the files or the folder to load.", code="no_files")
    lines = "\n".join(f"- {error}" for error in refused[:20])
    more = f"\n- and {len(refused) - 20} more" if len(refused) > 20 else ""
    return FileRefused(
        f"None of these {len(refused)} files could be read:\n{lines}{more}",
        code="nothing_recognised",
        fix="Send the files of one of the formats that Kinfold reads.",
    )
