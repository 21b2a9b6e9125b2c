"""
Files of people in, files of answers out: CSV or Parquet, with the columns that `kinfold match` names.

A row that is broken is still a row: it is read as far as it can be, and its answer says what was wrong with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kinfold.terms.errors import InputError

REQUIRED = ("unique_id",)
PARTICULARS = ("given", "middle", "family", "dob", "sex", "postcode", "address", "postcode_prev", "nhs")
# With none of these nobody can be told from anybody.
TELLING = ("given", "family", "dob", "nhs")
_KNOWN = (*REQUIRED, *PARTICULARS)


def read_people(path: Path) -> pl.DataFrame:
    """
    Return a file of people, all columns as text, in the order of the file.

    Column names are read in any case; columns that we do not know are left out. Raises InputError, with what to put
    right, where the file cannot be read or lacks `unique_id` or every particular that tells people apart.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path.name}. Check the path.")
    return _people(_read(path), path)


def people_in_parts(path: Path, *, most: int = 500_000) -> Iterator[pl.DataFrame]:
    """Yield a file of people as `read_people` returns it, at most so many rows of a Parquet file at a time."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        yield from read_people(path).iter_slices(most)
        return
    try:
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        for start in range(0, max(rows, 1), most):
            yield _people(pl.scan_parquet(path).slice(start, most).collect(), path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"{path.name} cannot be read as PARQUET: it may be damaged or cut short.") from error


def _people(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    renamed = _renamed(frame.columns)
    missing = [column for column in REQUIRED if column not in renamed]
    if missing or not set(TELLING) & set(renamed):
        raise InputError(
            f"{path.name}: there must be a column unique_id, and at least one of {', '.join(TELLING)}. "
            f"Found: {', '.join(frame.columns[:20]) or 'no columns'}."
        )
    kept = frame.select(pl.col(raw).cast(pl.String, strict=False).alias(name) for name, raw in renamed.items())
    return kept.with_columns(_text(pl.col(name)) for name in kept.columns)


def _text(column: pl.Expr) -> pl.Expr:
    # a quotation mark left open, or a control character, is dropped; the letters beside it are kept
    return column.fill_null("").str.replace_all(r'[\x00-\x1f"]', " ").str.strip_chars()


def _renamed(columns: list[str]) -> dict[str, str]:
    plain = {raw.strip().strip("\ufeff").strip('"').lower(): raw for raw in reversed(columns)}
    return {name: plain[name] for name in _KNOWN if name in plain}


def _read(path: Path) -> pl.DataFrame:
    sort = path.suffix.lower()
    try:
        if sort == ".parquet":
            return pl.read_parquet(path)
        if sort in (".csv", ".txt"):
            return _read_csv(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise InputError(
            f"{path.name} cannot be read as {sort[1:].upper()}: it may be damaged or cut short."
        ) from error
    raise InputError(f"{path.name} is neither CSV nor Parquet. Give a file whose name ends in .csv or .parquet.")


def _read_csv(path: Path) -> pl.DataFrame:
    """Read a CSV fast, and where a row is broken, line by line: a stray quotation mark must not swallow the rest."""
    try:
        return pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (pl.exceptions.PolarsError, UnicodeError):
        return _read_lines(path)


def _read_lines(path: Path) -> pl.DataFrame:
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = (line.rstrip("\r\n").replace("\x00", "") for line in file)
        header = next(csv.reader([next(lines, "")]), [])
        rows = [(*row[: len(header)], *("",) * (len(header) - len(row))) for row in _cells(lines)]
    if not header:
        raise InputError(f"{path.name} is empty. Its first line must name the columns.")
    return pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")


def _cells(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if line.strip():
            # an odd number of quotation marks is a stray one: then they are letters like any other
            yield next(csv.reader([line])) if line.count('"') % 2 == 0 else line.replace('"', "").split(",")


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(1 << 20)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        start[:-4].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


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
