"""
Files of people in, files of answers out: CSV or Parquet, with the columns that `kinfold match` names.

A row that is broken is still a row: it is read as far as it can be, and its answer says what was wrong with it. What was
taken for what, and what had to be mended, is noted (`reading_notes.py`) for the person whose file it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kinfold.identity.csv_lines import layout_of, rows_of
from kinfold.identity.headings import Headings, headings_of, too_little
from kinfold.identity.reading_notes import ReadingNotes
from kinfold.terms.errors import InputError

_CSV = (".csv", ".txt", ".tsv")
# Numbers that a spreadsheet or a table with gaps writes as 1.0; no name or home ends so.
_NUMBERS = ("nhs", "sex")


def read_people(path: Path, notes: ReadingNotes | None = None) -> pl.DataFrame:
    """
    Return a file of people, all columns as text, in the order of the file.

    Columns are found by the headings in `headings.py`; others are left out. What was noticed is added to `notes`.
    Raises InputError, with what to put right, where the file cannot be read, two headings mean one column, or it lacks
    `unique_id` or every particular that tells people apart.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path.name}. Check the path.")
    notes, sort = notes or ReadingNotes(path.name), path.suffix.lower()
    try:
        if sort == ".parquet":
            return _parquet(path, notes).pipe(_as_text)
        if sort in _CSV:
            return _csv(path, notes).pipe(_as_text)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise _damaged(path) from error
    raise InputError(f"{path.name} is neither CSV nor Parquet. Give a file whose name ends in .csv or .parquet.")


def people_in_parts(path: Path, notes: ReadingNotes | None = None, *, most: int = 500_000) -> Iterator[pl.DataFrame]:
    """Yield a file of people as `read_people` returns it, at most so many rows of a Parquet file at a time."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        yield from read_people(path, notes).iter_slices(most)
        return
    notes = notes or ReadingNotes(path.name)
    try:
        rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
        for start in range(0, max(rows, 1), most):
            yield _parquet(path, notes, start, most).pipe(_as_text)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> InputError:
    return InputError(f"{path.name} cannot be read as {path.suffix[1:].upper()}: it may be damaged or cut short.")


def _csv(path: Path, notes: ReadingNotes) -> pl.DataFrame:
    layout = layout_of(path)
    if layout is None:
        raise InputError(f"{path.name} is empty. Its first line must name the columns.")
    headings = _headings(layout.names, path, notes)
    rows = rows_of(path, layout, notes)
    people = rows.select(pl.nth(place).alias(column) for column, place in headings.places.items())
    numbers = [column for column in _NUMBERS if column in people.columns and people[column].str.ends_with(".0").any()]
    return people.with_columns(pl.col(numbers).str.replace(r"^(\d+)\.0$", "$1"))


def _parquet(path: Path, notes: ReadingNotes, start: int = 0, most: int | None = None) -> pl.DataFrame:
    scanned = pl.scan_parquet(path, glob=False)
    schema = scanned.collect_schema()
    headings = _headings(schema.names(), path, notes)
    raw = {column: schema.names()[place] for column, place in headings.places.items()}
    wanted = [_plain(name, schema[name], path).alias(column) for column, name in raw.items()]
    try:
        return scanned.slice(start, most).select(wanted).collect()
    except pl.exceptions.PolarsError as error:
        in_bytes = [name for name in raw.values() if schema[name] == pl.Binary]
        if in_bytes:
            raise _no_text(in_bytes[0], "bytes", path) from error
        raise


def _headings(names: list[str], path: Path, notes: ReadingNotes) -> Headings:
    headings = headings_of(names, file=path.name)
    notes.of_headings(headings)
    if not headings.enough:
        raise too_little(names, file=path.name)
    return headings


def _plain(raw: str, dtype: pl.DataType, path: Path) -> pl.Expr:
    """Return a column as text: a whole number as one, however it is kept, and what is not a number as nothing."""
    column = pl.col(raw)
    if dtype.is_nested():
        raise _no_text(raw, "lists or several values", path)
    if dtype.is_float() or dtype.is_decimal():
        whole = pl.when(column == column.floor()).then(column.cast(pl.Int64, strict=False)).cast(pl.String)
        written = column.cast(pl.String, strict=False)
        return pl.coalesce(whole, pl.when(column.is_not_nan()).then(written) if dtype.is_float() else written)
    return column.cast(pl.String, strict=False)


def _no_text(raw: str, held: str, path: Path) -> InputError:
    return InputError(
        f"{path.name}: the column {raw} holds {held} in each row. Make it a column of text, one value in each row, "
        "or leave it out."
    )


def _as_text(people: pl.DataFrame) -> pl.DataFrame:
    """Return people with what is no letter taken out: a byte-order mark or a null for nothing, others for a space."""
    spoilt = _holding(people, people.columns, r'[\x00-\x1f"\x{feff}]')
    without = _holding(people, spoilt, r"[\x00\x{feff}]")
    return people.with_columns(
        _letters(column, spoilt=column in spoilt, marked=column in without).fill_null("").str.strip_chars()
        for column in people.columns
    )


def _letters(column: str, *, spoilt: bool, marked: bool) -> pl.Expr:
    found = pl.col(column)
    if marked:
        found = found.str.replace_all(r"[\x00\x{feff}]", "")
    return found.str.replace_all(r'[\x01-\x1f"]', " ") if spoilt else found


def _holding(people: pl.DataFrame, columns: list[str], pattern: str) -> list[str]:
    # to look is many times faster than to replace, and most columns hold nothing of the sort
    held = people.select(pl.col(columns).str.contains(pattern).any())
    return [column for column in columns if held[column][0]]


def check_out(path: Path) -> None:
    """Raise InputError where answers cannot be written to `path`, before the work is done and not after."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"--out {path.name}: give a name that ends in .csv or .parquet.")
    if not path.parent.is_dir():
        raise InputError(f"--out {path.name}: its folder does not exist. Make it first.")


def write_answers(frame: pl.DataFrame, path: Path) -> None:
    """Write answers as CSV or Parquet, whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        if path.suffix.lower() == ".parquet":
            frame.write_parquet(part)
        else:
            frame.write_csv(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(f"{path.name} could not be written: {error.strerror or 'the disk refused it'}.") from error
