"""Where ownership statements are kept: one file under the data folder, each statement as it came, replaced as a whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kinfold.market.ownership.bods import Statement, read_bods, understood, written_bods
from kinfold.market.store import alone, market_folder
from kinfold.terms.errors import FileRefused, InputError, SettingError

_FILE = "ownership.json"


def held_file(folder: Path | None = None) -> Path:
    """Return the file in which statements are kept, whether or not it is there."""
    return market_folder(folder) / _FILE


def statements_held(folder: Path | None = None) -> list[Statement]:
    """Return every statement that is kept, in the order in which they came; none where nothing was loaded."""
    file = held_file(folder)
    return read_bods(file) if file.exists() else []


def keep_statements(file: Path, *, folder: Path | None = None) -> dict[str, Any]:
    """
    Take a file's statements in and return what is held now. One with the identifier of a held one replaces it in its place.

    Raises FileRefused where the file has no statements, InputError while another load is under way; then nothing changes.
    """
    given = read_bods(file)
    if not given:
        raise FileRefused(
            f"{file.name} has no statements. Write them to the file again, and check that it has some.", file=file.name
        )
    return keep(given, folder=folder)


def keep(given: Iterable[Statement], *, folder: Path | None = None) -> dict[str, Any]:
    """Take statements in beside those that are held, and return what is held now. Raises InputError while another load is under way."""
    with alone(market_folder(folder)):
        held, new = _joined(statements_held(folder), given)
        found = understood(held)
        write_text(held_file(folder), json.dumps(held, ensure_ascii=False))
    return {
        "statements": len(held), "new": new, "entities": len(found.entities), "interests": len(found.interests),
        "problems": found.problems,
    }  # fmt: skip


def _joined(held: list[Statement], given: Iterable[Statement]) -> tuple[list[Statement], int]:
    """Return all statements, and how many of them are new."""
    places = {one["statementId"]: number for number, one in enumerate(held) if "statementId" in one}
    new = 0
    for one in given:
        place = places.get(one.get("statementId", ""))
        if place is not None:
            held[place] = one
        elif "statementId" in one or one not in held:
            held.append(one)
            new += 1
            if "statementId" in one:
                places[one["statementId"]] = len(held) - 1
    return held, new


def write_statements(file: Path, *, folder: Path | None = None) -> int:
    """Write every statement to a file and return how many. Raises InputError where none is held."""
    held = statements_held(folder)
    if not held:
        raise InputError("No ownership statements have been loaded. Load some with `kinfold market bods in FILE`.")
    write_text(file, written_bods(held))
    return len(held)


def write_text(file: Path, text: str) -> None:
    """Write a file as a whole or not at all. Raises SettingError where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, file)
    except OSError as error:
        raise SettingError(
            f"{file.name} cannot be written ({error.strerror}). Choose a folder this program may write to."
        ) from None
