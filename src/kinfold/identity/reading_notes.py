"""What was noticed while a file of people was read: what was taken for what, and what could not be read as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kinfold.identity.headings import COLUMNS, Headings

_FIRST = 5  # lines named
_COLUMNS_NAMED = 20
_SEPARATORS = {";": "semicolons", "\t": "tabs"}
# Without one of these, many people cannot be told apart who otherwise could be.
_MISSED = ("given", "family", "dob")


@dataclass(slots=True)
class Lines:
    """How many lines of a file, and the numbers of the first few; its first line is line 1."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        """Count one more line."""
        self.count += 1
        if len(self.first) < _FIRST:
            self.first.append(number)

    def __str__(self) -> str:
        more = " and others" if self.count > len(self.first) else ""
        return f"line{'' if self.count == 1 else 's'} {', '.join(map(str, self.first))}{more}"


@dataclass(slots=True)
class ReadingNotes:
    """What was noticed in one file. Whoever reads the file hands an empty one in, and says what it came to hold."""

    file: str
    separator: str = ","
    read_as: Mapping[str, str] = field(default_factory=dict)
    not_read: Sequence[str] = ()
    missing: Sequence[str] = ()
    not_utf8: Lines = field(default_factory=Lines)
    other_length: Lines = field(default_factory=Lines)
    stray_marks: Lines = field(default_factory=Lines)

    def of_headings(self, headings: Headings) -> None:
        """Keep what the headings were taken for."""
        self.read_as, self.not_read = dict(headings.read_as), list(headings.not_read)
        self.missing = [column for column in _MISSED if column not in headings.places]

    def in_words(self) -> list[str]:
        """Return a sentence for each thing noticed; none for a file that was read as it stands."""
        said = [*self._of_columns(), *self._of_lines()]
        return [f"{self.file}: {sentence}" for sentence in said]

    def as_document(self) -> dict[str, Any]:
        """Return the same for a JSON answer, with the sentences as `notes`."""
        return {**asdict(self), "notes": self.in_words()}

    def _of_columns(self) -> list[str]:
        said = []
        if self.separator in _SEPARATORS:
            said.append(f"its fields are separated by {_SEPARATORS[self.separator]}.")
        if self.read_as:
            said.append(f"{', '.join(f'{raw} is read as {column}' for raw, column in self.read_as.items())}.")
        if self.not_read:
            more = f" and {len(self.not_read) - _COLUMNS_NAMED:,} more" if len(self.not_read) > _COLUMNS_NAMED else ""
            named = ", ".join(self.not_read[:_COLUMNS_NAMED])
            said.append(f"not read: {named}{more}. Kinfold reads: {', '.join(COLUMNS)}.")
        if self.missing:
            said.append(f"no column is read as {' or as '.join(self.missing)}: people are compared without.")
        return said

    def _of_lines(self) -> list[str]:
        said = []
        if self.other_length.count:
            rows, were = _rows(self.other_length)
            said.append(
                f"{rows} more or fewer fields than the heading: {self.other_length}: {were} read as far as "
                f"{'it goes' if self.other_length.count == 1 else 'they go'}."
            )
        if self.stray_marks.count:
            rows, were = _rows(self.stray_marks)
            said.append(f"{rows} a quotation mark out of place: {self.stray_marks}: {were} read without the marks.")
        if self.not_utf8.count:
            lines = "1 line is" if self.not_utf8.count == 1 else f"{self.not_utf8.count:,} lines are"
            said.append(
                f"{lines} not UTF-8: {self.not_utf8}: read as Windows-1252 (cp1252). "
                "If letters with accents come out wrong, save the file as UTF-8."
            )
        return said


def _rows(lines: Lines) -> tuple[str, str]:
    return ("1 row has", "it was") if lines.count == 1 else (f"{lines.count:,} rows have", "they were")
