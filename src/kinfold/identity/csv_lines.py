"""
A CSV file of people, read fast where it is sound and line by line where it is not.

Sound files, nearly all of them, are left to Polars. It reads many broken ones too, and not as they were meant: a stray
quotation mark swallows the rows up to the next one, a short row is filled up, and nothing is said. So the marks and the
separators are counted first; where they do not fit, each line is looked at, mended alone and told in the notes.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from kinfold.identity.headings import known
from kinfold.identity.reading_notes import ReadingNotes

SEPARATORS = (",", ";", "\t")
_MARK = ord('"')
_AT_ONCE = 1 << 18  # bytes
_MENDED_AT_ONCE = 100_000  # rows
# No name or address has more lines than this; a mark that is not closed by then is a stray one.
_MOST_LINES = 100
_TAIL = 1 << 16


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of a file, what separates its fields, its encoding, and the line of its heading."""

    names: list[str]
    separator: str
    utf16: bool
    utf8: bool
    heading: str
    line: int


def layout_of(path: Path) -> Layout | None:
    """Return how a file is laid out, by its first line that is not empty; None where it has none."""
    with path.open("rb") as file:
        utf16 = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    notes = ReadingNotes(path.name)
    for number, line in _lines(path, notes, utf16=utf16):
        if line.strip():
            ways = {separator: _fields(line, separator) for separator in SEPARATORS}
            separator = max(ways, key=lambda way: (known(ways[way]), len(ways[way])))
            utf8 = not (utf16 or notes.not_utf8.count)
            return Layout(ways[separator], separator, utf16, utf8, line, number)
    return None


def rows_of(path: Path, layout: Layout, notes: ReadingNotes) -> pl.DataFrame:
    """
    Return the rows below the heading as text, one column a field; what had to be mended is added to `notes`.

    No row is lost. A line that is not UTF-8 is read as Windows-1252, it alone. Empty lines are no rows.
    """
    notes.separator = layout.separator
    # Polars does not mind a heading that is not UTF-8, and names the column wrongly
    sound = _sound(path, layout) if layout.utf8 else None
    if sound is not None:
        return sound
    parts = list(_Mender(path, layout, notes).parts())
    return pl.concat(parts) if parts else pl.DataFrame(schema=_schema(len(layout.names)))


def _sound(path: Path, layout: Layout) -> pl.DataFrame | None:
    """Return the rows of a file in which every row has its fields, every mark its place; None for any other."""
    counted = _counted(path, layout.separator)
    if counted is None:
        return None
    separators, marks, ends = counted
    try:
        frame = pl.read_csv(path, infer_schema=False, encoding="utf8", separator=layout.separator, glob=False)
    except (pl.exceptions.PolarsError, UnicodeError):
        return None
    each = len(layout.names) - 1
    if frame.width != each + 1:
        return None
    frame.columns = list(_schema(frame.width))
    broken = ends > frame.height + layout.line
    frame = frame.head(max(0, frame.height - _empty_at_the_end(path)))
    within, swallowed = _within(frame, layout.separator, broken=broken) if marks else (0, False)
    whole = separators - layout.heading.count(layout.separator) - within == frame.height * each
    return frame if whole and not swallowed else None


def _counted(path: Path, separator: str) -> tuple[int, int, int] | None:
    """
    Return how many separators, quotation marks and ends of line a file has; None where a mark is out of place.

    A mark that opens stands at the beginning of a field, one that closes at its end, and a mark within is doubled.
    """
    before_opening, after_closing = np.zeros(256, dtype=bool), np.zeros(256, dtype=bool)
    before_opening[[ord(separator), ord("\n"), _MARK]] = True
    after_closing[[ord(separator), ord("\n"), ord("\r"), _MARK]] = True
    separators, marks, ends, before = 0, 0, 0, b"\n"
    with path.open("rb") as file:
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        while block := file.read(_AT_ONCE):
            data = np.frombuffer(before + block + (file.peek(1)[:1] or b"\n"), dtype=np.uint8)
            separators += int(np.count_nonzero(data[1:-1] == ord(separator)))
            ends += int(np.count_nonzero(data[1:-1] == ord("\n")))
            at = np.flatnonzero(data[1:-1] == _MARK) + 1
            # every other mark opens: the first of this block does if those before it were closed
            opening, closing = at[marks % 2 :: 2], at[1 - marks % 2 :: 2]
            if not (before_opening[data[opening - 1]].all() and after_closing[data[closing + 1]].all()):
                return None
            marks, before = marks + len(at), block[-1:]
    return (separators, marks, ends) if marks % 2 == 0 else None


def _within(frame: pl.DataFrame, separator: str, *, broken: bool) -> tuple[int, bool]:
    """
    Return how many separators stand within fields, and whether a field of several lines may have swallowed whole rows.

    It may where its row has as many separators within as a row has between its fields (`_Mender` looks closer).
    `broken` says that some fields have several lines.
    """
    counts = frame.select(pl.sum_horizontal(pl.all().str.count_matches(separator, literal=True)))
    many = frame.filter(counts.to_series() >= frame.width - 1) if broken else frame.clear()
    swallowed = many.select(pl.any_horizontal(pl.all().str.contains("\n", literal=True)).any())
    return int(counts.to_series().sum()), bool(swallowed.item())


def _empty_at_the_end(path: Path) -> int:
    """Return how many empty lines a file ends with, each of which Polars takes for a row."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    return max(0, tail[len(tail.rstrip(b"\r\n")) :].count(b"\n") - 1)


def _lines(path: Path, notes: ReadingNotes, *, utf16: bool) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, without its end; those that are not UTF-8 are noted."""
    if utf16:
        with path.open(encoding="utf-16", errors="replace", newline="\n") as file:
            yield from ((number, line.rstrip("\r\n")) for number, line in enumerate(file, start=1))
        return
    with path.open("rb") as raw:
        for number, line in enumerate(raw, start=1):
            try:
                text = line.decode()
            except UnicodeDecodeError:
                notes.not_utf8.add(number)
                text = line.decode("cp1252", errors="replace")
            yield number, (text.replace("\ufeff", "") if "\ufeff" in text else text).rstrip("\r\n")


def _fields(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a field beyond all measure, or the end of a line within a line
        return line.replace('"', "").split(separator)


def _schema(width: int) -> dict[str, type[pl.String]]:
    return {str(place): pl.String for place in range(width)}


class _Ahead:
    """Lines with their numbers, of which some may be looked at before they are taken."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._seen: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        while True:
            if self._seen:
                yield self._seen.popleft()
            elif (line := next(self._lines, None)) is not None:
                yield line
            else:
                return

    def following(self, most: int) -> Iterator[str]:
        """Yield the next lines, at most so many, and leave them to be taken."""
        for place in range(most):
            if place == len(self._seen):
                line = next(self._lines, None)
                if line is None:
                    return
                self._seen.append(line)
            yield self._seen[place][1]

    def drop(self, count: int) -> None:
        """Take so many of the lines that were looked at."""
        for _ in range(count):
            self._seen.popleft()


class _Mender:
    """Makes a sound row of each row of a file, and notes which were not."""

    def __init__(self, path: Path, layout: Layout, notes: ReadingNotes) -> None:
        self._lines = _Ahead(islice(_lines(path, notes, utf16=layout.utf16), layout.line, None))
        self._separator, self._width, self._notes = layout.separator, len(layout.names), notes
        apart = re.escape(layout.separator)
        bare, marked = rf'[^"{apart}\n]*+', r'"[^"]*+(?:""[^"]*+)*+"'
        self._is_sound = re.compile(rf"(?:{marked}|{bare})(?:{apart}(?:{marked}|{bare}))*+").fullmatch
        self._is_open = re.compile(rf'(?:(?:{marked}|{bare}){apart})*+"[^"]*+(?:""[^"]*+)*+').fullmatch

    def parts(self) -> Iterator[pl.DataFrame]:
        """Yield the rows, some tens of thousands at a time."""
        heading, rows = self._separator.join(_schema(self._width)), self._rows()
        while part := list(islice(rows, _MENDED_AT_ONCE)):
            text = "\n".join((heading, *part, "")).encode()
            yield pl.read_csv(text, infer_schema=False, separator=self._separator)

    def _rows(self) -> Iterator[str]:
        for number, line in self._lines:
            if '"' in line:
                yield self._marked(number, line)
            elif line.count(self._separator) == self._width - 1:
                yield line
            elif line.strip(" "):
                self._notes.other_length.add(number)
                yield self._written(line.split(self._separator))

    def _marked(self, number: int, line: str) -> str:
        """Return a row with quotation marks: with them where they are in their places, else as if they were not there."""
        row = line if self._is_sound(line) else self._over_lines(line)
        fields = _fields(row or line, self._separator)
        if row and len(fields) == self._width:
            return row
        bare = line.replace('"', "").split(self._separator)
        if row is None or (row == line and len(bare) == self._width):
            self._notes.stray_marks.add(number)
            closed = line.count('"') % 2 == 0 and len(fields) == self._width
            fields = fields if closed else bare
        if len(fields) != self._width:
            self._notes.other_length.add(number)
        return self._written(fields)

    def _over_lines(self, line: str) -> str | None:
        """
        Return the row that begins with a line and goes on over others, a field of it being open; None for a stray mark.

        It is a stray mark where nothing closes it, or where the lines between it and the next stray one are whole rows.
        """
        if not self._is_open(line):
            return None
        lines, marks, whole = [line], line.count('"'), int(self._is_whole(line))
        for following in self._lines.following(_MOST_LINES):
            lines.append(following)
            whole += self._is_whole(following, within=marks % 2 == 1)
            marks += following.count('"')
            if marks % 2 == 0:
                break
        row = "\n".join(lines)
        if not self._is_sound(row):
            return None
        if whole > 1 or (whole and len(_fields(row, self._separator)) != self._width):
            return None
        self._lines.drop(len(lines) - 1)
        return row

    def _is_whole(self, line: str, *, within: bool = False) -> bool:
        """Say whether a line, some mark of which is closed on another, is a row by itself if that mark is a stray one."""
        pieces = line.split('"')
        closed = pieces[1 + within : -1 : 2]
        return line.count(self._separator) - sum(each.count(self._separator) for each in closed) == self._width - 1

    def _written(self, fields: Sequence[str]) -> str:
        whole = (*fields[: self._width], *("",) * (self._width - len(fields)))
        return self._separator.join('"' + each.replace('"', '""') + '"' if each else "" for each in whole)
