"""
CSV as councils write it: rows with their true row numbers, columns in any order, odd delimiters.

The header is row 1, and a row's number is the one a spreadsheet shows (blank lines count, a line break
inside quotation marks does not). Two ways in: `CsvTable.rows` gives dicts, for readers that want to be
plain; `CsvTable.records` gives lists in the order of the columns asked for, for readers of millions.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kinfold.files.corrections import laid_over
from kinfold.files.first_look import start_of_text
from kinfold.files.problems import Trouble, ragged, shown, too_long
from kinfold.files.received import READING_ERRORS, ArrivedFile, Limits

_DELIMITERS = ",;\t"
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_QUOTE_FIX = "Look for a quotation mark that is opened and never closed, then send the file again."


@dataclass(frozen=True, slots=True)
class Row:
    """One data row as a dict of the columns asked for ("" where the file has none), or what is wrong with it."""

    number: int
    values: Mapping[str, str]
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One row that cannot be used as it stands: `cells` are as the file has them."""

    number: int
    cells: Sequence[str]
    trouble: Trouble


@dataclass(slots=True)
class CsvTable:
    """
    One CSV file with its header read.

    `header` is as written; `positions` says where each column asked for lies; `absent` and `extra` are the
    columns asked for that the file lacks, and those it has beside them.
    """

    file: ArrivedFile
    delimiter: str
    header: tuple[str, ...]
    positions: Mapping[str, int] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """Return sentences about the file as a whole: encoding, columns ignored, columns absent."""
        notes = list(self.file.notes)
        if self.extra:
            notes.append(f"{self.file.name} has columns that were not read: {', '.join(map(shown, self.extra))}.")
        if self.absent:
            notes.append(f"{self.file.name} has no column {', '.join(self.absent)}: read as blank.")
        return notes

    def rows(self, limits: Limits | None = None) -> Iterator[Row]:
        """Yield the data rows as dicts. A ragged or overlong row carries its trouble."""
        names = list(self.positions)
        for number, cells in self.records(names, limits):
            if isinstance(cells, Record):
                values = dict(zip(self.header, cells.cells, strict=False))
                yield Row(number, {**dict.fromkeys(self.absent, ""), **values}, cells.trouble)
            else:
                yield Row(number, {**dict.fromkeys(self.absent, ""), **dict(zip(names, cells, strict=True))})

    def records(self, columns: Sequence[str], limits: Limits | None = None) -> Iterator[tuple[int, list[str] | Record]]:
        """
        Yield (row number, cells in the order of `columns`, stripped) for each data row that is not blank.

        A column the file lacks gives "". A row that cannot be used is a Record instead of the list.
        Raises FileRefused when the file stops being a table, or has more rows than the limits allow.
        """
        limits = limits or Limits()
        width = len(self.header)
        straight = [self.positions.get(name) for name in columns] == list(range(width))
        picks = [self.positions.get(name, width) for name in columns]
        longest = limits.field_characters
        # Most files have no line as long as that; csv itself refuses a field of 131,072 characters over several lines.
        may_be_long = self.file.longest_line > longest
        corrected = {row: values for (_, row), values in self.file.corrections.items()}
        for number, cells in self._raw(limits):
            if number in corrected:
                if corrected[number]:
                    yield number, self._corrected(cells, corrected[number], columns)
                continue
            if len(cells) != width:
                cells = cells[:width] if not any(cells[width:]) and len(cells) > width else cells
                if len(cells) != width:
                    if any(cell.strip() for cell in cells):
                        yield number, Record(number, cells, ragged(cells=len(cells), expected=width))
                    continue
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if may_be_long and max(map(len, stripped)) > longest:
                yield number, self._overlong(number, stripped, longest)
            elif straight:
                yield number, stripped
            else:
                stripped.append("")
                yield number, [stripped[pick] for pick in picks]

    def _raw(self, limits: Limits) -> Iterator[tuple[int, list[str]]]:
        number = 1
        with self.file.open_text() as stream:
            reader = csv.reader(stream, delimiter=self.delimiter)
            try:
                next(reader, None)
                for number, cells in enumerate(reader, start=2):
                    if number > limits.rows:
                        raise self.file.refused(
                            "too_many_rows", f"has more than {limits.rows:,} rows", "Split it and send the parts."
                        )
                    yield number, cells
            except csv.Error as error:
                raise self.file.refused("not_a_table", f"cannot be read after row {number}", _QUOTE_FIX) from error
            except READING_ERRORS as error:
                raise self.file.refused("unreadable", f"breaks off after row {number}", "Send it again.") from error

    def _corrected(self, cells: Sequence[str], corrected: Mapping[str, str], columns: Sequence[str]) -> list[str]:
        """Return a row that a person has put right, in the order of `columns`."""
        written = dict(zip(self.header, (cell.strip() for cell in cells), strict=False))
        received = {name: written.get(self.header[place], "") for name, place in self.positions.items()}
        # a row with too many or too few cells is shown, and put right, by the names the file itself has
        ours = {self.header[place]: name for name, place in self.positions.items()}
        values = laid_over(received, {ours.get(name, name): text for name, text in corrected.items()}, known=columns)
        return [values.get(name, "") for name in columns]

    def _overlong(self, number: int, cells: list[str], longest: int) -> Record:
        position = max(range(len(cells)), key=lambda each: len(cells[each]))
        trouble = too_long(
            self.header[position] or f"column {position + 1}", length=len(cells[position]), longest=longest
        )
        return Record(number, [shown(cell) for cell in cells], trouble)


def plain_name(text: str) -> str:
    """Return a column's name as it is compared: letters and digits in lower case ("Date of Birth" is "dateofbirth")."""
    return _NOT_A_LETTER.sub("", text.lower())


def header_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter (comma, semicolon or tab) and the cells of the first row of a table's text."""
    lines = text.lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        cells = next(csv.reader([first], delimiter=delimiter), [])
    except csv.Error:
        cells = [first]
    return delimiter, tuple(cell.strip() for cell in cells)


def matched_columns(
    header: Sequence[str], wanted: Iterable[str], *, aliases: Mapping[str, str] | None = None
) -> dict[str, int]:
    """
    Return where each wanted column lies in the header, whatever its case, spaces and underscores.

    `aliases` maps another spelling to the wanted name. The first of two columns of one name counts.
    """
    names = {plain_name(name): name for name in wanted}
    for other, name in (aliases or {}).items():
        names.setdefault(plain_name(other), name)
    positions: dict[str, int] = {}
    for position, heading in enumerate(header):
        found = names.get(plain_name(heading))
        if found is not None:
            positions.setdefault(found, position)
    return positions


def open_table(file: ArrivedFile, columns: Sequence[str], *, aliases: Mapping[str, str] | None = None) -> CsvTable:
    """
    Return the CSV file with its header matched to `columns`.

    Raises FileRefused if none of the columns is there.
    """
    delimiter, header = header_of(start_of_text(file.head(), file.encoding))
    positions = matched_columns(header, columns, aliases=aliases)
    if not positions:
        raise file.refused(
            "no_header", "has none of the expected columns in its first row", f"The first row must name {columns[0]}."
        )
    used = set(positions.values())
    return CsvTable(
        file=file,
        delimiter=delimiter,
        header=header,
        positions=positions,
        absent=tuple(name for name in columns if name not in positions),
        extra=tuple(heading for place, heading in enumerate(header) if place not in used and heading),
    )
