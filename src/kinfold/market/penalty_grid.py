"""
The grid of amounts that somebody supplied: read from a file, checked, kept in the data folder. None is part of this program.

    source = "Regulations of ..., Sch. 1"
    daily_pence = 5000
    most_pence = 30000000            # left out where there is no limit
    [[base]]
    severity = "high"
    culpability = "reckless"
    pence = 1200000
    [aggravating]                    # per cent of the base
    "concealment" = 25
    [mitigating]
    "reported itself" = 20
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

from kinfold.market.penalties import Grid
from kinfold.market.store import market_folder
from kinfold.terms.errors import InputError, SettingError

_FILE = "penalty-grid.toml"


def grid_held(folder: Path | None = None) -> Grid | None:
    """Return the grid that was supplied, None where there is none: then no amount can be worked out."""
    file = market_folder(folder) / _FILE
    return read_grid(file) if file.exists() else None


def keep_grid(file: Path, *, folder: Path | None = None) -> Grid:
    """Check a grid and keep it in the place of the one before; return it. Raises InputError where it is not whole."""
    grid = read_grid(file)
    place = market_folder(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place / f".{_FILE}")
        (place / f".{_FILE}").replace(place / _FILE)
    except OSError as error:
        raise SettingError(
            f"The grid cannot be kept ({error.strerror}). Choose a data folder that may be written to."
        ) from None
    return grid


def read_grid(file: Path) -> Grid:
    """Return the grid of a file. Raises InputError, saying what to put right, where it is not whole."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file.name} cannot be read ({error.strerror}). Check the path.") from None
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is no text in UTF-8. Save the grid as a TOML file in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file.name} is no TOML: {error}. Put that line right and check the file again.") from None
    source = str(said.get("source") or "").strip()
    if not source:
        raise InputError(f"{file.name} does not say its source: the regulations or policy that fix the amounts.")
    base = {
        (str(row.get("severity")), str(row.get("culpability"))): _whole(row, "pence", file)
        for row in said.get("base", [])
    }
    if not base:
        raise InputError(f"{file.name} has no base amounts: add one [[base]] for each severity and culpability.")
    return Grid(
        base=base, aggravating=_percents(said, "aggravating", file), mitigating=_percents(said, "mitigating", file),
        daily=_whole(said, "daily_pence", file) if "daily_pence" in said else 0,
        most=_whole(said, "most_pence", file) if "most_pence" in said else None, source=source,
    )  # fmt: skip


def _percents(said: dict[str, Any], name: str, file: Path) -> dict[str, int]:
    rows = said.get(name, {})
    return {key: _whole(rows, key, file) for key in rows}


def _whole(row: dict[str, Any], name: str, file: Path) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError(f"{file.name}: {name} must be a whole number from 0, not {value!r}.")
    return value
