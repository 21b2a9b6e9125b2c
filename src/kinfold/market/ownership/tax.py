"""
Where owners say that they pay tax: a table of declarations, kept beside the ownership statements and shown with them.

The companies register does not ask it, and the ownership standard has it for people alone: so it comes as a table of its own, one
row an entity and year, with where it was said. The latest year counts; nothing is worked out from it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kinfold.market.owners import company_number_in
from kinfold.market.ownership.bods import Statements, understood
from kinfold.market.ownership.companies_house import company_uid
from kinfold.market.ownership.store import statements_held, write_text
from kinfold.market.store import market_folder
from kinfold.terms.errors import FileRefused

COLUMNS = ("entity", "year", "residence", "source")
_FILE = "tax-declarations.json"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration: whose, for which year, where tax is paid, and where that was said."""

    entity: str
    year: int
    residence: str
    source: str


def read_declarations(path: Path) -> list[Declaration]:
    """Return the declarations of a CSV file. Raises FileRefused, naming the row, for one that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            rows.fieldnames = [name.strip().casefold() for name in rows.fieldnames or []]
            missing = [name for name in COLUMNS if name not in rows.fieldnames]
            if missing:
                raise FileRefused(
                    f"{path.name} has no column {missing[0]}. It needs: {', '.join(COLUMNS)}.", file=path.name
                )
            return [_declaration(path, number, row) for number, row in enumerate(rows, start=2)]
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(
            f"{path.name} cannot be read ({error.__class__.__name__}). Save it as CSV in UTF-8.", file=path.name
        ) from error


def _declaration(path: Path, number: int, row: dict[str, str | None]) -> Declaration:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    empty = next((name for name, value in said.items() if not value), None)
    if empty:
        raise FileRefused(
            f"{path.name} row {number}: {empty} is empty. Fill it in, or leave the row out.", file=path.name
        )
    if not said["year"].isdecimal() or len(said["year"]) != 4:
        raise FileRefused(
            f"{path.name} row {number}: “{said['year'][:20]}” is no year. Write it like 2025.", file=path.name
        )
    plain = company_number_in(said["entity"].upper())
    entity = company_uid(plain) if plain == said["entity"].upper() else said["entity"]
    return Declaration(entity, int(said["year"]), said["residence"], said["source"])


def declared_file(folder: Path | None = None) -> Path:
    """Return the file in which declarations are kept, whether or not it is there."""
    return market_folder(folder) / _FILE


def declarations_held(folder: Path | None = None) -> list[Declaration]:
    """Return every declaration that is kept, by entity and year."""
    file = declared_file(folder)
    return [Declaration(**one) for one in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []


def keep_declarations(given: Iterable[Declaration], *, folder: Path | None = None) -> int:
    """Keep declarations beside those that are held, and return how many are held now; one for the same entity and year replaces it."""
    held = {(one.entity, one.year): one for one in (*declarations_held(folder), *given)}
    rows = [asdict(held[key]) for key in sorted(held)]
    write_text(declared_file(folder), json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    return len(rows)


def with_declarations(found: Statements, declared: Sequence[Declaration]) -> Statements:
    """Return what statements say with the latest declaration of each entity, where one was made."""
    latest = {one.entity: one for one in sorted(declared, key=lambda one: one.year)}
    found.entities = [
        replace(one, tax_residence=f"{said.residence}, for {said.year} ({said.source})") if (said := latest.get(one.uid)) else one
        for one in found.entities
    ]  # fmt: skip
    return found


def understood_held(folder: Path | None = None) -> Statements:
    """Return what the statements that are held say, with what was declared of tax."""
    return with_declarations(understood(statements_held(folder)), declarations_held(folder))
