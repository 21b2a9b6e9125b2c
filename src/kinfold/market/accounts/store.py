"""Where accounts are kept: every tagged figure with its period, its file and the day it was loaded, in one table beside the register."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from kinfold.files.received import Incoming, Limits, arrivals
from kinfold.market.accounts.reading import Accounts, Members, read_accounts
from kinfold.market.store import alone, market_folder
from kinfold.terms.errors import FileRefused

ENDINGS = (".html", ".htm", ".xhtml", ".xml", ".zip")
_FILE = "accounts.parquet"
_COLUMNS: dict[str, Any] = {
    "company": pl.String, "name": pl.String, "made_up_to": pl.Date, "concept": pl.String, "value": pl.String, "unit": pl.String,
    "begun": pl.Date, "ended": pl.Date, "members": pl.String, "source": pl.String, "loaded": pl.Date,
}  # fmt: skip
# A month's file of the register holds some hundred thousand accounts: taken in whole it is split by whoever loads it.
LIMITS = Limits(files=20_000)


def accounts_under(paths: Iterable[Path]) -> list[Path]:
    """Return the files that may be accounts: those named with a known ending, and those of a folder that have one."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file())
        elif path.suffix.lower() in ENDINGS:
            found.append(path)
    return found


def load_accounts(paths: Sequence[Path], *, today: date, folder: Path | None = None) -> dict[str, Any]:
    """
    Take accounts in, beside those that are kept, and return what was read; a file of the same name is replaced.

    A file that cannot be read is said and stops no other. Raises FileRefused where not one could be read; then nothing changes.
    """
    found = arrivals([Incoming(path.name, path) for path in paths], LIMITS)
    read: list[Accounts] = []
    refused = [str(error) for error in found.refused]
    for file in found.files:
        try:
            read.append(read_accounts(file))
        except FileRefused as error:
            refused.append(str(error))
    if not read:
        raise FileRefused("None of these files is a company’s tagged accounts. " + " ".join(refused[:5]), code="nothing_read",
                          fix="Load accounts as the companies register publishes them: HTML or XML, or a ZIP of them.")  # fmt: skip
    _keep(read, today, market_folder(folder))
    return {
        "accounts": len(read), "companies": len({one.company for one in read}), "figures": sum(len(one.figures) for one in read),
        "refused": refused, "problems": [f"{one.file}: {problem}" for one in read for problem in one.problems],
    }  # fmt: skip


def _keep(read: Sequence[Accounts], today: date, place: Path) -> None:
    rows = [
        (one.company, one.name, one.made_up_to, figure.concept, format(figure.value, "f"), figure.unit, figure.context.begun,
         figure.context.ended, _said(figure.context.members), one.file, today)
        for one in read for figure in one.figures
    ]  # fmt: skip
    new = pl.DataFrame(rows, schema=_COLUMNS, orient="row")
    file = place / _FILE
    with alone(place):
        if file.exists():
            replaced = new.select("source", "company").unique()
            new = pl.concat([pl.read_parquet(file).join(replaced, on=["source", "company"], how="anti"), new])
        place.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{_FILE}.{os.getpid()}")
        new.sort("company", "ended", "concept", "members", "source").write_parquet(unfinished)
        os.replace(unfinished, file)


def _said(members: Members) -> str:
    return "; ".join(f"{dimension}={member}" for dimension, member in members)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is looked at, of one period, from the latest accounts that say it; `before` is what earlier ones said instead."""

    name: str
    label: str
    value: Decimal
    unit: str
    begun: date | None
    ended: date
    source: str
    made_up_to: date
    before: Decimal | None = None


def measures_of(number: str, *, folder: Path | None = None) -> list[Measure]:
    """Return the figures of a company that are looked at, the latest period first; none where none of its accounts were loaded."""
    file = market_folder(folder) / _FILE
    if not file.exists():
        return []
    return list(_measures(file, file.stat().st_mtime_ns, number.strip().upper().zfill(8)))


@lru_cache(maxsize=256)
def _measures(file: Path, changed: int, number: str) -> tuple[Measure, ...]:
    rows = pl.scan_parquet(file).filter(pl.col("company") == number).collect().sort("made_up_to", "loaded", "source")
    found: dict[tuple[str, date, date | None], Measure] = {}
    ranks: dict[tuple[str, date, date | None], int] = {}
    for row in rows.iter_rows(named=True):
        named = _measure_named(row["concept"], row["members"])
        if named is None:
            continue
        name, rank = named
        key, value = (name, row["ended"], row["begun"]), Decimal(row["value"])
        had = found.get(key)
        if had is not None and had.source == row["source"] and ranks[key] < rank:
            continue  # one file says it in several ways: the one that stands first in measures.toml counts
        if had is not None and had.source == row["source"] and ranks[key] > rank:
            had = None
        ranks[key] = rank
        before = had.value if had is not None and had.value != value else None
        found[key] = Measure(name, _known()[name]["label"], value, row["unit"], row["begun"], row["ended"], row["source"],
                             row["made_up_to"], before)  # fmt: skip
    order = {name: place for place, name in enumerate(_known())}
    return tuple(sorted(found.values(), key=lambda one: (-one.ended.toordinal(), order[one.name])))


@cache
def _known() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("measures.toml").read_text(encoding="utf-8"))


@cache
def _measure_named(concept: str, members: str) -> tuple[str, int] | None:
    """Return which figure a concept with members is, and how far down its list of ways to say it stands; None for one not looked at."""
    for name, said in _known().items():
        ways = [(one, "") for one in said["names"]]
        ways += [
            (one, "; ".join(f"{dimension}={member}" for dimension, member in sorted(way.items())))
            for one in said.get("member_names", ()) for way in said.get("members", ())
        ]  # fmt: skip
        if (concept, members) in ways:
            return str(name), ways.index((concept, members))
    return None
